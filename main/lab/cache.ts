import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LabContext } from './context.ts';

/** Parts of the cache: root file systems, the base image, package files, which the image recipe shares. */
export type CachePart = 'roots' | 'images' | 'apt';

/** Folder of one part of the cache. */
export function cacheFolder(lab: LabContext, part: CachePart): string {
  return path.join(lab.cacheDir, part);
}

/**
 * Runs `build` with a fresh folder beside its future result, and removes the folder afterwards. The name says which
 * process builds, so that only what a dead one left is taken for rubbish.
 */
export async function withBuildFolder<T>(
  lab: LabContext,
  part: CachePart,
  build: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = path.join(cacheFolder(lab, part), `.build-${process.pid}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o755 });
  try {
    return await build(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what interrupted builds left in the cache. */
export async function removeUnfinishedBuilds(lab: LabContext): Promise<void> {
  for (const part of ['roots', 'images'] as const) {
    const folder = cacheFolder(lab, part);
    if (!existsSync(folder)) continue;
    for (const name of await readdir(folder)) {
      const builder = /^\.build-(\d+)$/.exec(name)?.[1];
      if (builder === undefined || (builder !== String(process.pid) && existsSync(`/proc/${builder}`)))
        continue;
      await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }
}
