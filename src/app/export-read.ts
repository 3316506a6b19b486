import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { ExportEnd } from './export-format.ts';

/** What a file from elsewhere may ask of this machine, in bytes: a few hundred bytes can unpack to gigabytes. */
export interface ExportLimits {
  readonly total: number;
  /** One line: an event is at most 64 KiB, a hardware snapshot some MiB. */
  readonly line: number;
}

export const EXPORT_LIMITS: ExportLimits = { total: 2 * 2 ** 30, line: 32 * 2 ** 20 };

/**
 * The lines of an export, many (joined by line ends) at a time, without the last one, which is compared with what was
 * read. Throws EXPORT_UNREADABLE, EXPORT_INVALID, EXPORT_CUT, EXPORT_CHANGED, EXPORT_TOO_LARGE.
 */
export async function* readExport(file: string, limits = EXPORT_LIMITS): AsyncGenerator<string> {
  await checkMagic(file);
  const hash = createHash('sha256');
  let count = 0;
  let total = 0;
  let rest: Buffer = Buffer.alloc(0);
  let held: Buffer | undefined;
  const source = createReadStream(file);
  const unpacked = source.pipe(createGunzip({ chunkSize: 2 ** 20 }));
  source.on('error', (error) => unpacked.destroy(error));
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > limits.total) throw tooLarge(file, 'it unpacks to', limits.total);
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(10) + 1;
      rest = bytes.subarray(end);
      if (rest.length > limits.line) throw tooLarge(file, 'one of its lines is longer than', limits.line);
      if (end === 0) continue;
      // The last line of what is there may be the end of the file, so it is held back until more comes.
      const start = bytes.lastIndexOf(10, end - 2) + 1;
      for (const part of [held, bytes.subarray(0, start)]) {
        if (part === undefined || part.length === 0) continue;
        hash.update(part);
        for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) count += 1;
        yield part.toString('utf8', 0, part.length - 1);
      }
      held = Buffer.from(bytes.subarray(start, end));
    }
  } catch (thrown) {
    throw thrown instanceof BringupError ? thrown : unpackError(thrown, file);
  } finally {
    source.destroy();
    unpacked.destroy();
  }
  const end = parseEnd(held);
  if (end === null || rest.length > 0) throw cut(file);
  if (end.lines !== count || end.sha256 !== hash.digest('hex')) throw changed(file);
}

async function checkMagic(file: string): Promise<void> {
  const head = Buffer.alloc(2);
  try {
    const handle = await open(file, 'r');
    await handle.read(head, 0, 2, 0).finally(() => handle.close());
  } catch (cause) {
    throw new BringupError({
      code: 'EXPORT_UNREADABLE',
      exit: EXIT.invalid,
      message: `The file ${file} cannot be read.`,
      hint: 'Check the path; an export is usually called RUN.bringup.',
      evidence: [{ source: file, text: cause instanceof Error ? cause.message : String(cause) }],
      cause,
    });
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) throw notAnExport(file, 'it is not compressed as exports are');
}

function parseEnd(line: Buffer | undefined): ExportEnd['end'] | null {
  if (line?.subarray(0, 7).toString() !== '{"end":') return null;
  try {
    const { end } = JSON.parse(line.toString()) as Partial<ExportEnd>;
    return typeof end?.lines === 'number' && typeof end.sha256 === 'string' ? end : null;
  } catch {
    return null;
  }
}

/** What a file that no export would look like is called. */
export function notAnExport(file: string, why: string): BringupError {
  return new BringupError({
    code: 'EXPORT_INVALID',
    exit: EXIT.invalid,
    message: `The file ${file} is no export of a run: ${why}.`,
    hint: 'Make one with: bringup export RUN',
  });
}

function tooLarge(file: string, what: string, limit: number): BringupError {
  return new BringupError({
    code: 'EXPORT_TOO_LARGE',
    exit: EXIT.invalid,
    message: `The file ${file} was not opened: ${what} ${Math.round(limit / 2 ** 20)} MiB, the limit.`,
    hint: 'An export of a run stays far below. Ask the sender what the file is.',
  });
}

function cut(file: string): BringupError {
  return new BringupError({
    code: 'EXPORT_CUT',
    exit: EXIT.invalid,
    message: `The file ${file} ends in the middle: part of it is missing.`,
    hint: 'Copy it again, or ask the sender for it once more, and compare the sizes.',
  });
}

function changed(file: string): BringupError {
  return new BringupError({
    code: 'EXPORT_CHANGED',
    exit: EXIT.invalid,
    message: `The file ${file} is not as it was written: its SHA-256 differs.`,
    hint: 'It was damaged on the way or changed by hand. Ask the sender for it once more.',
  });
}

function unpackError(thrown: unknown, file: string): unknown {
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return cut(file);
  return code?.startsWith('Z_') ? changed(file) : thrown;
}
