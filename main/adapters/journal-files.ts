import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import type { JournalFile, JournalStore } from '../../src/contract/ports.ts';
import { lockSite } from './journal-lock.ts';

/** Journals on disk: `<home>/runs/<run>/journal.jsonl`, and one lock a site, held while its journal is open. */
export function createJournalFiles(home: string): JournalStore {
  const runs = join(home, 'runs');
  const pathOf = (run: string): string => {
    // A run's name may come from a client: it must not lead out of the folder.
    if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(run)) throw unknownRun(run);
    return join(runs, run, 'journal.jsonl');
  };

  return {
    async create(site, run) {
      const release = await lockSite(join(home, 'locks', `${site}.lock`), site, run);
      try {
        await mkdir(join(runs, run), { recursive: true, mode: 0o700 });
        return openJournal(await open(pathOf(run), 'ax', 0o600), pathOf(run), release);
      } catch (thrown) {
        await release();
        throw namedError(thrown, pathOf(run));
      }
    },

    lines: (run) => readLines(pathOf(run), run),

    async list() {
      const names = await readdir(runs).catch((thrown: unknown) => {
        if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw thrown;
      });
      const found = [];
      for (const run of names.sort().reverse()) {
        const path = join(runs, run, 'journal.jsonl');
        const site = await siteOf(path, run);
        if (site !== null) found.push({ run, site, path });
      }
      return found;
    },
  };
}

function openJournal(file: FileHandle, path: string, release: () => Promise<void>): JournalFile {
  let failed: Error | undefined;
  return {
    async append(line) {
      if (failed !== undefined) throw failed;
      try {
        await file.appendFile(`${line}\n`);
      } catch (thrown) {
        // A line may have been written in part: nothing may follow it.
        failed = namedError(thrown, path);
        throw failed;
      }
    },
    async sync() {
      await file.datasync().catch((thrown: unknown) => {
        throw namedError(thrown, path);
      });
    },
    async close() {
      await file.close();
      await release();
    },
  };
}

async function* readLines(path: string, run: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    throw unknownRun(run);
  }
}

function unknownRun(run: string): BringupError {
  return new BringupError({
    code: 'RUN_UNKNOWN',
    exit: EXIT.invalid,
    message: `There is no run ${run}.`,
    hint: '`bringup runs` lists the runs of this machine.',
  });
}

/** The site a journal names in its first line; empty where that line is torn, null where there is no journal. */
async function siteOf(path: string, run: string): Promise<string | null> {
  try {
    for await (const line of readLines(path, run)) {
      const event = JSON.parse(line) as { site?: unknown } | null;
      return typeof event?.site === 'string' ? event.site : '';
    }
    return '';
  } catch (thrown) {
    if (thrown instanceof BringupError) return null;
    if (thrown instanceof SyntaxError) return '';
    throw thrown;
  }
}

function namedError(thrown: unknown, path: string): Error {
  const error = thrown as NodeJS.ErrnoException;
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') return error;
  return new BringupError({
    code: 'JOURNAL_NO_SPACE',
    message: `The journal ${path} cannot be written: the disk is full.`,
    hint: 'Free some space on this machine, then apply again; what was done at the site stays done.',
    cause: thrown,
  });
}
