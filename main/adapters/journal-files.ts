import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import type { JournalFile, JournalStore, StoredRun } from '../../src/contract/ports.ts';
import { decodeLine } from '../../src/runs/index.ts';
import { lockSite } from './journal-lock.ts';
import { readLines, unknownRun } from './journal-read.ts';
import { receiveRun } from './journal-receive.ts';
import { repairTail } from './journal-repair.ts';
import { namedError, openJournal, syncFolder } from './journal-write.ts';
import { readIfPresent, writePrivate } from './private-file.ts';

/** Bytes of a journal that are read to learn its site. */
const HEAD_BYTES = 64 * 1024;

/**
 * Journals on disk: `<home>/runs/<run>/journal.jsonl` with what the run was made from beside it, and one lock a site,
 * held while its journal is open. Runs of other machines, read from exports, lie under `<home>/opened` and stay as
 * they are.
 */
export function createJournalFiles(home: string): JournalStore {
  const runs = join(home, 'runs');
  const opened = join(home, 'opened');
  const lockOf = (site: string): string => join(home, 'locks', `${site}.lock`);
  const pathOf = (run: string): string => journalPath(home, run);

  async function locked(
    site: string,
    run: string,
    work: (release: () => Promise<void>) => Promise<JournalFile>,
  ) {
    const release = await lockSite(lockOf(site), site, run);
    try {
      return await work(release);
    } catch (thrown) {
      await release();
      throw namedError(thrown, pathOf(run));
    }
  }

  return {
    create: (site, run) =>
      locked(site, run, async (release) => {
        await mkdir(join(runs, run), { recursive: true, mode: 0o700 });
        const file = await open(pathOf(run), 'ax', 0o600);
        await syncFolder(runs);
        await syncFolder(join(runs, run));
        return openJournal(file, pathOf(run), 0, release);
      }),

    async reopen(site, run) {
      if (!(await isThere(pathOf(run)))) {
        throw (await isThere(journalPath(home, run, 'opened'))) ? readOnly(run) : unknownRun(run);
      }
      let found = { lastSeq: 0 };
      const journal = await locked(site, run, async (release) => {
        const { size, ...repaired } = await repairTail(pathOf(run));
        found = repaired;
        return openJournal(await open(pathOf(run), 'a', 0o600), pathOf(run), size, release);
      });
      return { ...journal, ...found };
    },

    lines: (run) => linesOf(home, run),
    keep: (run, name, text) => writePrivate(join(dirname(pathOf(run)), name), text),
    async kept(run, name) {
      const own = await readIfPresent(join(dirname(pathOf(run)), name));
      return own ?? readIfPresent(join(dirname(journalPath(home, run, 'opened')), name));
    },

    receive: (run, source) => receiveRun(dirname(journalPath(home, run, 'opened')), source),

    async list() {
      const own = await runsIn(runs);
      const known = new Set(own.map(({ run }) => run));
      const others = await runsIn(opened);
      const marked = await Promise.all(
        others
          .filter(({ run }) => !known.has(run))
          .map(async (entry) => ({ ...entry, opened: await sourceOf(entry) })),
      );
      return [...own, ...marked].sort((left, right) => (left.run < right.run ? 1 : -1));
    },
  };
}

/** Where the journal of a run lies. A run's name may come from a client: it must not lead out of the folder. */
export function journalPath(home: string, run: string, folder: 'runs' | 'opened' = 'runs'): string {
  if (!isRunName(run)) throw unknownRun(run);
  return join(home, folder, run, 'journal.jsonl');
}

function isRunName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name);
}

async function* linesOf(home: string, run: string): AsyncGenerator<string> {
  const own = journalPath(home, run);
  yield* readLines((await isThere(own)) ? own : journalPath(home, run, 'opened'), run);
}

async function runsIn(folder: string): Promise<StoredRun[]> {
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw thrown;
  });
  const found = await Promise.all(
    names.filter(isRunName).map(async (run) => {
      const path = join(folder, run, 'journal.jsonl');
      const site = await siteOf(path, run);
      return site === null ? [] : [{ run, site, path, stamp: await stampOf(path) }];
    }),
  );
  return found.flat();
}

/** A journal only ever grows: its size, its last change and its place on the disk tell whether it is the same. */
async function stampOf(path: string): Promise<string> {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true });
  return `${size}-${mtimeNs}-${ino}`;
}

/** The site a journal names in its first line; empty where that line is torn, null where there is no journal. */
async function siteOf(path: string, run: string): Promise<string | null> {
  try {
    for await (const text of readLines(path, run, HEAD_BYTES)) {
      const event = decodeLine(text.split('\n', 1)[0] ?? '');
      return typeof event !== 'string' && event.kind === 'run.started' ? event.site : '';
    }
    return '';
  } catch (thrown) {
    if (thrown instanceof BringupError || (thrown as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw thrown;
  }
}

/** Name of the export that a run was read from. */
async function sourceOf({ path }: Pick<StoredRun, 'path'>): Promise<string> {
  return (await readIfPresent(join(dirname(path), 'source')))?.trim() ?? '';
}

async function isThere(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null;
    throw thrown;
  });
  await file?.close();
  return file !== null;
}

function readOnly(run: string): BringupError {
  return new BringupError({
    code: 'RUN_READ_ONLY',
    exit: EXIT.invalid,
    message: `Run ${run} was read from an export; it can be looked at, and goes on only on the machine it came from.`,
    hint: 'Go on with it there, or apply the site file here to start a run of this machine.',
  });
}
