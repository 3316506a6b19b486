import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RunEvent } from '../../src/contract/events.ts';
import type { FailureRecord } from '../../src/contract/failure.ts';
import { bringup, startApply, type Applying } from '../e2e/support/cli.ts';
import { openLab } from '../e2e/support/lab.ts';
import { temporaryFolder } from './left-over.ts';
import { createMachines, type Machines } from './machines.ts';

/** A laptop with a home of its own, and the lab as its site. */
export interface Laptop {
  readonly home: string;
  readonly siteFile: string;
  readonly machines: Machines;
  /** The last run that came to a good end here, whose stages can be tried again instead of beginning a new one. */
  readonly good: { run?: string | undefined };
  /** Starts `bringup` with these words and `--json`; `env` comes on top. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Applying;
  /** The newest run of this home. */
  newestRun(): Promise<string>;
  events(run: string): Promise<RunEvent[]>;
  /** The failure records that `bringup show` gives for the stages as they stand. */
  records(run: string): Promise<FailureRecord[]>;
  dispose(): Promise<void>;
}

export async function createLaptop(at?: string): Promise<Laptop> {
  const home = at ?? (await mkdtemp(path.join(tmpdir(), 'bringup-faults-')));
  const temporary = temporaryFolder(home);
  await mkdir(temporary, { recursive: true });
  const { siteFile } = await openLab(home);
  return {
    home,
    siteFile,
    machines: createMachines(),
    good: {},
    start: (args, env = {}) => startApply(args, home, { TMPDIR: temporary, ...env }),
    newestRun: async () => (await readdir(path.join(home, 'runs'))).sort().at(-1) ?? '',
    events: async (run) => {
      const text = await readFile(path.join(home, 'runs', run, 'journal.jsonl'), 'utf8');
      const lines = text.split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as RunEvent);
    },
    records: async (run) => {
      const shown = await bringup(['show', run, '--json'], home);
      const { stages } = JSON.parse(shown.stdout) as { stages: { failures: FailureRecord[] }[] };
      return stages.flatMap(({ failures }) => failures);
    },
    dispose: async () => {
      await rm(home, { recursive: true, force: true });
      await rm(temporary, { recursive: true, force: true });
    },
  };
}
