import type { DiscoverResult, HardwareFinding } from '../contract/hardware.ts';
import type { HardwareStore } from '../contract/ports.ts';
import type { MatchResult } from '../contract/profile.ts';
import { checkBios, type Machine, type Profile } from '../profiles/index.ts';
import { kindOf, sourceOf, toldRegistries } from './registry-files.ts';
import type { LoadedSite } from './site.ts';

interface Known {
  readonly loaded: LoadedSite;
  readonly discovered: DiscoverResult;
  readonly machines: readonly Machine[];
  readonly match: MatchResult;
  readonly profiles: readonly Profile[];
}

/**
 * What the BIOS of the hosts would not take of their profiles, by the registries that their BMCs told. Warnings: a run without the stage
 * `bios` sets nothing, and that stage asks each machine once more before it does.
 */
export async function biosFindings(
  hardware: Pick<HardwareStore, 'raw'>,
  { loaded, discovered, machines, match, profiles }: Known,
): Promise<HardwareFinding[]> {
  const told = await toldRegistries(hardware, loaded.site.site.name, discovered);
  const byName = new Map(profiles.map((profile) => [profile.name, profile]));
  const chosen = new Map(match.hosts.map(({ host, profile }) => [host, profile]));
  return machines.flatMap(({ host, snapshot }): HardwareFinding[] => {
    const profile = byName.get(chosen.get(host) ?? '');
    const found = snapshot === undefined ? undefined : told.get(kindOf(snapshot));
    if (profile === undefined || snapshot === undefined || found === undefined) return [];
    return checkBios(profile, sourceOf(found, snapshot)).map(({ file, line, column, message, hint }) => ({
      severity: 'warning',
      code: 'profile.bios_refused',
      host,
      message: `${message} (${file}:${line}:${column})`,
      ...(hint === undefined ? {} : { repair: { title: hint } }),
    }));
  });
}
