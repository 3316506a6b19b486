import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { BringupError, EXIT } from '../contract/errors.ts';

/**
 * Writes lines (one or many, joined by line ends, at a time) as a gzip file of mode 0600, closed by a line with their
 * count and SHA-256. The file appears when it is whole; one that is there is never written over. Gives its bytes.
 */
export async function writeExport(file: string, lines: AsyncIterable<string>): Promise<number> {
  if (await stat(file).catch(() => null)) throw alreadyThere(file);
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.part`);
  try {
    const target = createWriteStream(draft, { flags: 'wx', mode: 0o600 });
    await pipeline(Readable.from(sealed(lines)), createGzip(), target);
    const handle = await open(draft, 'r+');
    await handle.datasync().finally(() => handle.close());
    await rename(draft, file);
    return (await stat(file)).size;
  } catch (thrown) {
    await rm(draft, { force: true });
    throw namedError(thrown, file);
  }
}

async function* sealed(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const text of lines) {
    const bytes = Buffer.from(`${text}\n`);
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
    hash.update(bytes);
    yield bytes;
  }
  yield Buffer.from(`${JSON.stringify({ end: { lines: count, sha256: hash.digest('hex') } })}\n`);
}

function alreadyThere(file: string): BringupError {
  return new BringupError({
    code: 'EXPORT_EXISTS',
    exit: EXIT.invalid,
    message: `${file} is there already.`,
    hint: 'Choose another name with --output, or remove it first.',
  });
}

function namedError(thrown: unknown, file: string): unknown {
  const { code } = thrown as NodeJS.ErrnoException;
  const causes: Readonly<Record<string, [string, string]>> = {
    ENOSPC: ['the disk is full', 'Free some space, or choose another disk with --output.'],
    EDQUOT: ['the disk is full', 'Free some space, or choose another disk with --output.'],
    ENOENT: ['its folder is not there', 'Make the folder, or choose another with --output.'],
    EACCES: ['this user may not write there', 'Choose another folder with --output.'],
    EPERM: ['this user may not write there', 'Choose another folder with --output.'],
    EROFS: ['the disk is read-only', 'Choose another disk with --output.'],
  };
  const [why, hint] = causes[thrown instanceof Error ? (code ?? '') : ''] ?? [];
  if (thrown instanceof BringupError || why === undefined || hint === undefined) return thrown;
  return new BringupError({
    code: 'EXPORT_NOT_WRITTEN',
    exit: EXIT.invalid,
    message: `${file} cannot be written: ${why}.`,
    hint,
    cause: thrown,
  });
}
