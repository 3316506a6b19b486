import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BringupError } from '../../src/contract/errors.ts';
import type { JournalFile } from '../../src/contract/ports.ts';

/** Bytes kept back beside a journal, so that a full disk leaves room to say that it is full. */
const RESERVE_BYTES = 16 * 1024;

/**
 * A journal open for writing, `size` bytes long. Lines that are appended while a write goes on are written together
 * with the next; a write that fails is taken back whole, and nothing follows it but the last words.
 */
export async function openJournal(
  file: FileHandle,
  path: string,
  size: number,
  release: () => Promise<void>,
): Promise<JournalFile> {
  const reserve = join(dirname(path), 'reserve');
  let good = size;
  let failed: Error | undefined;
  let waiting: string[] = [];
  /** The write that takes new lines, and the newest of all. */
  let writing: Promise<void> | undefined;
  let last: Promise<void> | undefined;
  await keepReserve(reserve, path).catch(async (thrown: unknown) => {
    await file.close();
    throw thrown;
  });

  async function write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    try {
      await file.appendFile(bytes);
      good += bytes.length;
    } catch (thrown) {
      // Part of it may have been written: a journal ends with a whole line.
      await file.truncate(good).catch(() => undefined);
      throw namedError(thrown, path);
    }
  }

  /** Starts when the write before it has ended, and takes what came meanwhile. */
  async function flush(before: Promise<void> | undefined): Promise<void> {
    await before?.catch(() => undefined);
    writing = undefined;
    const lines = waiting;
    waiting = [];
    if (failed !== undefined) throw failed;
    try {
      await write(`${lines.join('\n')}\n`);
    } catch (thrown) {
      failed = thrown as Error;
      throw thrown;
    }
  }

  return {
    append(line) {
      waiting.push(line);
      if (writing === undefined) {
        writing = flush(last);
        last = writing;
      }
      return writing;
    },
    async sync() {
      await file.datasync().catch((thrown: unknown) => {
        throw namedError(thrown, path);
      });
    },
    async lastWords(line) {
      await rm(reserve, { force: true });
      await write(`${line}\n`);
      await file.datasync();
    },
    async close() {
      await last?.catch(() => undefined);
      await file.close();
      await rm(reserve, { force: true });
      await release();
    },
  };
}

/** Written byte by byte and synced: a file with holes would keep nothing back. */
async function keepReserve(reserve: string, path: string): Promise<void> {
  try {
    const handle = await open(reserve, 'w', 0o600);
    try {
      await handle.writeFile(Buffer.alloc(RESERVE_BYTES, 1));
      await handle.datasync();
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    await rm(reserve, { force: true });
    throw namedError(thrown, path);
  }
}

/** Makes the name of a new file outlive a power cut; Windows has no such call for folders and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** A full disk has a name and a remedy; any other error stays what it is. */
export function namedError(thrown: unknown, path: string): Error {
  const error = thrown as NodeJS.ErrnoException;
  if (!['ENOSPC', 'EDQUOT'].includes(error.code ?? '')) return error;
  return new BringupError({
    code: 'JOURNAL_NO_SPACE',
    message: `The journal ${path} cannot be written: the disk is full.`,
    hint: 'Free some space on this machine, then resume the run: a stage that was under way goes on at the site meanwhile.',
    cause: thrown,
  });
}
