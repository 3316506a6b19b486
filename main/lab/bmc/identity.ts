import { createHash } from 'node:crypto';
import { spellLike, type Token } from './tokens.ts';

/** What makes one simulated machine itself. What is left out is derived from its number, the same each time. */
export interface BmcIdentity {
  readonly name?: string;
  /** Serial number; on a Dell tree also the service tag unless that is given. */
  readonly serial?: string;
  readonly serviceTag?: string;
  readonly uuid?: string;
  readonly hostName?: string;
  /** MAC addresses of the ports in the order of the system's EthernetInterfaces collection. */
  readonly macs?: readonly string[];
  /** What each port is plugged into, as `switch:port`, in the same order; shown as LLDP shows it. */
  readonly switchPorts?: readonly (string | undefined)[];
  readonly bmcMac?: string;
  /** The IPv4 address the BMC says it has. */
  readonly bmcAddress?: string;
}

/** The machine's own text for a token. `number` counts machines from 1. */
export function identityValue(token: Token, identity: BmcIdentity, number: number): string {
  const seed = `${identity.serial ?? ''}#${number}#`;
  const serial = identity.serial ?? `SIM${String(number).padStart(4, '0')}`;
  switch (token.kind) {
    case 'port-mac':
      return spellLike(token.text, identity.macs?.[token.ordinal] ?? derivedMac(seed, token.text));
    case 'bmc-mac':
      return spellLike(token.text, identity.bmcMac ?? derivedMac(seed, token.text));
    case 'mac':
      return spellLike(token.text, derivedMac(seed, token.text));
    case 'serial':
      return serial;
    case 'tag':
      return identity.serviceTag ?? serial;
    case 'uuid':
      return identity.uuid ?? derivedUuid(seed + token.text);
    case 'other-uuid':
      return derivedUuid(seed + token.text);
    case 'host':
      return identity.hostName ?? identity.name ?? `machine-${number}`;
    case 'address':
      return identity.bmcAddress ?? token.text;
    case 'part':
      return derivedText(seed, token.text);
  }
}

/** A locally administered unicast address, the same for every spelling of the captured one. */
function derivedMac(seed: string, captured: string): string {
  const digest = hash(seed + captured.toLowerCase().replaceAll(/[:-]/g, ''));
  return ['02', ...Array.from({ length: 5 }, (_, index) => digest.toString('hex', index, index + 1))].join(
    ':',
  );
}

function derivedUuid(text: string): string {
  const hex = hash(text.toLowerCase()).toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Text of the same shape: digits stay digits, letters stay letters of their case, all else stays. */
function derivedText(seed: string, captured: string): string {
  const digest = hash(seed + captured);
  let index = 0;
  const pick = (from: string) => from.charAt((digest[index++ % digest.length] ?? 0) % from.length);
  return captured.replaceAll(/[0-9]|[A-Z]|[a-z]/g, (character) => {
    if (/[0-9]/.test(character)) return pick('0123456789');
    return /[A-Z]/.test(character) ? pick('ABCDEFGHJKLMNPQRSTUVWXYZ') : pick('abcdef');
  });
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
