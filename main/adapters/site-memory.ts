import path from 'node:path';
import type { RememberedSite, SiteMemory } from '../../src/contract/ports.ts';
import { readIfPresent, writePrivate } from './private-file.ts';

/** Site files beyond this many are forgotten, the oldest first. */
const MOST = 100;

/** The site files worked on from this machine, in `<home>/sites.json`. A file that cannot be read counts as empty: it is only a help. */
export function createSiteMemory(home: string): SiteMemory {
  const file = path.join(home, 'sites.json');
  const list = async (): Promise<readonly RememberedSite[]> => {
    try {
      const value: unknown = JSON.parse((await readIfPresent(file)) ?? '[]');
      return Array.isArray(value) ? value.filter(isRemembered) : [];
    } catch {
      return [];
    }
  };
  let turn: Promise<unknown> = Promise.resolve();
  const change = (how: (sites: readonly RememberedSite[]) => readonly RememberedSite[]): Promise<boolean> => {
    const work = turn.then(async () => {
      const before = await list();
      const after = how(before);
      await writePrivate(file, `${JSON.stringify(after, null, 2)}\n`);
      return after.length < before.length;
    });
    turn = work.catch(() => undefined);
    return work;
  };
  return {
    list,
    remember: async (site) => {
      await change((sites) => [site, ...sites.filter((known) => known.file !== site.file)].slice(0, MOST));
    },
    forget: (name) => change((sites) => sites.filter((known) => known.file !== name)),
  };
}

function isRemembered(value: unknown): value is RememberedSite {
  if (typeof value !== 'object' || value === null) return false;
  return 'file' in value && typeof value.file === 'string' && 'at' in value && typeof value.at === 'string';
}
