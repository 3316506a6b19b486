import { open, type FileHandle } from 'node:fs/promises';
import { BringupError } from '../../src/contract/errors.ts';
import { decodeLine } from '../../src/runs/index.ts';
import { namedError, syncFolder } from './journal-write.ts';
import { dirname } from 'node:path';

const STEP = 64 * 1024;
/** A line is far shorter; what is longer at the end of a journal is no torn line. */
const LONGEST_TAIL = 64 * 2 ** 20;

export interface Repaired {
  /** Bytes of the journal, all of them whole lines. */
  readonly size: number;
  readonly lastSeq: number;
  readonly torn?: { readonly bytes: number; readonly file: string };
}

/**
 * Cuts a torn tail off a journal, so that the next line starts on a line of its own: what stands behind the last line
 * end, and a last line that is no event (a power cut leaves zeros). The bytes are kept in `<journal>.torn-N`. Throws
 * JOURNAL_DAMAGED where the line before it is no event either.
 */
export async function repairTail(path: string): Promise<Repaired> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const tail = await readTail(file, size);
    const end = tail.bytes.lastIndexOf(10) + 1;
    const last = lineBefore(tail.bytes, end);
    const keep =
      end === 0 || seqOf(last.text) !== null
        ? { end, text: last.text }
        : { end: last.start, text: lineBefore(tail.bytes, last.start).text };
    const lastSeq = keep.end === 0 ? 0 : seqOf(keep.text);
    if (lastSeq === null) throw damaged(path);
    const good = tail.start + keep.end;
    if (good === size) return { size, lastSeq };
    const cut = tail.bytes.subarray(keep.end);
    const kept = await keepAside(path, cut);
    await file.truncate(good);
    await file.datasync();
    return { size: good, lastSeq, torn: { bytes: cut.length, file: kept } };
  } finally {
    await file.close();
  }
}

/** The end of the file: as much as is needed to hold three line ends. */
async function readTail(file: FileHandle, size: number): Promise<{ bytes: Buffer; start: number }> {
  for (let length = STEP; ; length *= 4) {
    const start = Math.max(0, size - length);
    const bytes = Buffer.alloc(size - start);
    await file.read(bytes, 0, bytes.length, start);
    let ends = 0;
    for (let at = bytes.indexOf(10); at >= 0 && ends < 3; at = bytes.indexOf(10, at + 1)) ends += 1;
    if (ends === 3 || start === 0 || length >= LONGEST_TAIL) return { bytes, start };
  }
}

function lineBefore(bytes: Buffer, end: number): { start: number; text: string } {
  const start = end < 2 ? 0 : bytes.lastIndexOf(10, end - 2) + 1;
  return { start, text: bytes.toString('utf8', start, Math.max(start, end - 1)) };
}

function seqOf(line: string): number | null {
  const event = decodeLine(line);
  return typeof event === 'string' ? null : event.seq;
}

async function keepAside(path: string, bytes: Buffer): Promise<string> {
  for (let number = 1; ; number += 1) {
    const file = `${path}.torn-${number}`;
    try {
      const handle = await open(file, 'wx', 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await syncFolder(dirname(path));
      return file;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw namedError(thrown, path);
    }
  }
}

function damaged(path: string): BringupError {
  return new BringupError({
    code: 'JOURNAL_DAMAGED',
    message: `The end of the journal ${path} is damaged: its last two lines are no run events.`,
    hint: 'Keep the file and apply again to start a new run. What can be read is shown by: bringup show, bringup logs.',
  });
}
