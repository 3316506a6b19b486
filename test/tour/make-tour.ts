import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHardwareFiles } from '../../main/adapters/hardware-files.ts';
import { createJournalFiles, journalPath } from '../../main/adapters/journal-files.ts';
import { createRehearsal } from '../../main/adapters/rehearsal.ts';
import { createBringup } from '../../src/bringup.ts';
import type { RehearseOptions } from '../../src/contract/api.ts';
import type { HostKeyStore } from '../../src/contract/ports.ts';

/** What each run of the tour is made from; the names are those under which the window opens them. */
const RUNS: Readonly<Record<string, RehearseOptions>> = {
  'example-failed': { faults: ['dhcp-other-server'], pace: 1 },
  'example-done': { pace: 1 },
};
const BEGAN = Date.parse('2026-03-02T08:04:05.000Z');
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
/** Where the site file of the tour is said to lie. */
const FOLDER = '/srv/sites/plant-1';

/**
 * Carries out the rehearsals that the tour of the window shows, by a clock that jumps over every wait; gives the journals by
 * name. `root` is the folder of the project.
 */
export async function makeTour(root: string, version: string): Promise<Readonly<Record<string, string>>> {
  const home = await mkdtemp(path.join(tmpdir(), 'bringup-tour-'));
  const assets = path.join(home, 'assets');
  try {
    await cp(path.join(root, 'assets', 'rehearsal'), assets, { recursive: true });
    const made: Record<string, string> = {};
    for (const [name, options] of Object.entries(RUNS)) {
      const text = await rehearseOnce({ home: path.join(home, name), assets, root, version }, options);
      const run = /"run":"([^"]+)"/.exec(text)?.[1] ?? '';
      made[name] = shifted(text.replaceAll(run, name).replaceAll(assets, FOLDER));
    }
    return made;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Where a rehearsal finds and keeps its things. */
export interface Place {
  readonly home: string;
  readonly assets: string;
  readonly root: string;
  readonly version: string;
}

/** Carries one rehearsal out by a clock that jumps over every wait; gives its journal. */
export async function rehearseOnce(
  { home, assets, root, version }: Place,
  options: RehearseOptions,
): Promise<string> {
  let now = Date.now();
  const journals = createJournalFiles(home);
  const bringup = createBringup({
    ...{ version, platform: 'linux', host: 'cli' },
    clock: { now: () => new Date(now) },
    credentials: {
      get: async () => null,
      set: async () => undefined,
      list: async () => [],
      delete: async () => false,
    },
    ...{ hostKeys: nothing(), certificates: nothing(), hardware: createHardwareFiles(home) },
    journals: { ...journals, active: async () => true, follow: () => () => undefined },
    playbooks: path.join(root, 'playbooks'),
    rehearsal: {
      ...createRehearsal(assets),
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
    },
  });
  try {
    const { run } = await bringup.call('rehearse.start', options);
    await new Promise<void>((resolve) => {
      bringup.subscribe(run, 1, (events) => {
        if (events.some(({ kind }) => kind === 'run.finished')) resolve();
      });
    });
    return await readFile(journalPath(home, run), 'utf8');
  } finally {
    await bringup.close();
  }
}

/**
 * All times moved so that the first is the day of the tour: while it is carried out, the clock has to be that of the simulated
 * BMCs, which are found to be wrong otherwise.
 */
function shifted(journal: string): string {
  const [first = ''] = journal.match(TIME) ?? [];
  const by = BEGAN - Date.parse(first);
  return journal.replaceAll(TIME, (time) => new Date(Date.parse(time) + by).toISOString());
}

function nothing(): HostKeyStore {
  return { get: async () => null, set: async () => undefined, delete: async () => false };
}
