import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import type { Place } from '../../src/contract/api.ts';

/** Where removable media appear, by platform. */
const MEDIA: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    '/media',
    `/media/${userInfo().username}`,
    '/run/media',
    `/run/media/${userInfo().username}`,
    '/mnt',
  ],
  darwin: ['/Volumes'],
};
const DRIVES = 'DEFGHIJKLMNOPQRSTUVWXYZ';

/** The folders in which a file may be chosen: home, the one Bringup was started in, mounted media; each once. */
export async function findPlaces(
  folders: { readonly home: string; readonly started: string } = { home: homedir(), started: process.cwd() },
  platform: NodeJS.Platform = process.platform,
): Promise<readonly Place[]> {
  const { home, started } = folders;
  const places: Place[] = [{ name: 'Home', folder: home }];
  const isRoot = path.parse(started).root === started;
  if (!isRoot && started !== home) places.push({ name: path.basename(started), folder: started });
  const media =
    platform === 'win32'
      ? [...DRIVES].map((letter) => `${letter}:\\`).filter((drive) => existsSync(drive))
      : (await Promise.all((MEDIA[platform] ?? []).map(mountedIn))).flat();
  const parents = new Set(MEDIA[platform] ?? []);
  for (const folder of media)
    if (!parents.has(folder)) places.push({ name: path.basename(folder) || folder, folder });
  return places;
}

async function mountedIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(folder, entry.name));
}
