import { createHash } from 'node:crypto';
import { askedOf, canonicalJson, type MachineKind, type Profile } from '../profiles/index.ts';

/** SHA-256 in hex of what a profile asks for of such machines: BIOS attributes, storage, network. docs/profiles.md defines it. */
export function profileHash(profile: Profile, machine?: MachineKind): string {
  return createHash('sha256')
    .update(canonicalJson(askedOf(profile, machine)))
    .digest('hex');
}

/** Name of the template that carries a profile: another one whenever the profile asks for something else. */
export function templateName(site: string, profile: string, hash: string): string {
  return `bringup ${site} ${profile} ${hash.slice(0, 8)}`;
}
