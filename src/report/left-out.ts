import type { RunDocument } from '../contract/api.ts';

/** Hosts that were not tried in a stage, only looked at, each with why: what they have, such as `no operating system`. */
export function findLeftOut({ tasks }: RunDocument['stages'][number]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { hosts } of tasks)
    for (const [host, { left_out: why }] of Object.entries(hosts))
      // "Not tried yet" says the last word of "no operating system yet" already.
      if (why !== undefined) found.set(host, why.replace(/ yet$/, ''));
  return found;
}
