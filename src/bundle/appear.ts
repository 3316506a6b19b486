import { createWriteStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sourceError, writeError } from './errors.ts';

/**
 * Writes a file beside its place under another name, and gives it its own when it is whole and on the disk. What a process left
 * there that was killed goes. Throws BUNDLE_EXISTS, BUNDLE_NOT_WRITTEN.
 */
export async function appear(target: string, body: AsyncIterable<Buffer>): Promise<void> {
  const { dir, base } = path.parse(target);
  const part = (pid: number | string): string => `.${base}.${pid}.part`;
  const draft = path.join(dir, part(process.pid));
  try {
    for (const name of await readdir(dir)) {
      const pid = Number(name.startsWith(`.${base}.`) ? name.split('.').at(-2) : Number.NaN);
      if (name === part(pid) && !isAlive(pid)) await rm(path.join(dir, name), { force: true });
    }
    await pipeline(Readable.from(body), createWriteStream(draft, { flags: 'wx', mode: 0o644 }));
    const handle = await open(draft, 'r+');
    await handle.datasync().finally(() => handle.close());
    await refuseOverwriting(target);
    await rename(draft, target);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw writeError(thrown, target);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Throws BUNDLE_EXISTS where something of that name is there. */
export async function refuseOverwriting(target: string): Promise<void> {
  if (await stat(target).catch(() => null))
    throw sourceError(
      'BUNDLE_EXISTS',
      `${target} is there already.`,
      'Choose another name with --output, or remove it first.',
    );
}
