import type { HardwareFinding, HardwareSnapshot, Repair } from '../../contract/hardware.ts';

/** What every check of this folder sees. */
export interface Seen {
  readonly snapshot: HardwareSnapshot;
  readonly now: Date;
}

/** A finding before it is known whose it is. */
export type Draft = Omit<HardwareFinding, 'host'>;

/** URI of the manager, learnt from resources below it; undefined when the snapshot holds none. */
export function managerUri({ jobs, virtual_media }: HardwareSnapshot): string | undefined {
  for (const { uri } of [...virtual_media, ...jobs]) {
    const found = /^\/redfish\/v1\/Managers\/[^/]+/i.exec(uri)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A repair in words, with its request where one is known. */
export function repair(title: string, request?: Repair['request']): Repair {
  return request === undefined ? { title } : { title, request };
}

/** `a`, `a and b`, `a, b and c`; beyond `most` the rest is counted. */
export function enumerate(words: readonly string[], most = 5): string {
  const shown = words.length > most ? [...words.slice(0, most), `${words.length - most} more`] : [...words];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** A span of seconds as people say it. */
export function span(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 120) return `${Math.round(size)} seconds`;
  if (size < 7200) return `${Math.round(size / 60)} minutes`;
  return size < 172_800 ? `${Math.round(size / 3600)} hours` : `${Math.round(size / 86_400)} days`;
}
