import type { HardwareFinding } from '../../contract/hardware.ts';
import type { Aliases } from './compare.ts';
import type { Cable } from './plan.ts';

/** What every check of this folder sees. */
export interface Seen {
  readonly cables: readonly Cable[];
  readonly aliases: Aliases;
}

/** A finding about one cable of a host. */
export function about(
  cable: Pick<Cable, 'host'>,
  severity: HardwareFinding['severity'],
  code: string,
  message: string,
  more: {
    readonly seen?: string | undefined;
    readonly wanted?: string | undefined;
    readonly repair?: string;
  } = {},
): HardwareFinding {
  return {
    severity,
    code,
    host: cable.host,
    message,
    ...(more.seen === undefined ? {} : { seen: more.seen }),
    ...(more.wanted === undefined ? {} : { wanted: more.wanted }),
    ...(more.repair === undefined ? {} : { repair: { title: more.repair } }),
  };
}

/** Names of interfaces in a sentence: `nic1`, `nic1 and nic2`, `nic1, nic2 and nic3`. */
export function names(cables: readonly Cable[]): string {
  const words = cables.map((cable) => cable.name);
  const last = words.pop() ?? '';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}

/** The entries by a key, in the order in which the keys first occur. */
export function groupBy<T, K>(entries: readonly T[], key: (entry: T) => K): ReadonlyMap<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const entry of entries) {
    const group = groups.get(key(entry));
    if (group === undefined) groups.set(key(entry), [entry]);
    else group.push(entry);
  }
  return groups;
}
