import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { create } from 'tar';

/** A local file ready for upload; `size` in bytes, `sha256` in hex. */
export interface LocalFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  /** Where its bytes are when they are part of another file, the bundle; `path` then only names it. */
  readonly within?: { readonly file: string; readonly offset: number; readonly size: number };
}

/** A packed playbooks tree; `dispose` removes the temporary file. */
export interface PackedProject extends LocalFile {
  dispose(): Promise<void>;
}

const SCRATCH = 'bringup-project-';

/** Packs a playbooks tree so that the same files always give the same bytes: sorted, no owner, no time. */
export async function packProject(folder: string): Promise<PackedProject> {
  await removeAbandoned();
  const scratch = await mkdtemp(path.join(tmpdir(), `${SCRATCH}${process.pid}-`));
  const dispose = (): Promise<void> => rm(scratch, { recursive: true, force: true });
  try {
    const file = path.join(scratch, 'project.tar');
    await pipeline(
      create(
        { cwd: folder, portable: true, noMtime: true, gzip: true, noDirRecurse: true },
        await listFiles(folder),
      ),
      createWriteStream(file, { mode: 0o600 }),
    );
    return { path: file, ...(await describe(file)), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Takes away what processes of this user left here that were killed while they held a packed tree. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(SCRATCH) ? Number.parseInt(name.slice(SCRATCH.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    // What another user left is theirs, and refuses.
    await rm(path.join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

/** Size and SHA-256 of a file, read once in a stream. */
export async function describe(file: string): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash);
  return { sha256: hash.digest('hex'), size: (await stat(file)).size };
}
