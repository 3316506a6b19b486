import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readAptSettings } from '../../../main/lab/apt-settings.ts';
import { createLabContext } from '../../../main/lab/context.ts';

const IMAGES = fileURLToPath(new URL('../../../playbooks/images/', import.meta.url));
const SCRIPT = fileURLToPath(new URL('foreign-image.sh', import.meta.url));
const CACHE = createLabContext({}).cacheDir;

/** A file as the site file names it. */
export interface CheckedFile {
  readonly path: string;
  readonly sha256: string;
}

/** A cloud image without ansible-runner, DNS and NTP; kept in the lab's cache. */
export async function foreignImage(): Promise<CheckedFile> {
  return cached('foreign', 'qcow2', [SCRIPT], async (folder) => {
    await writeFile(path.join(folder, 'sources.list'), (await readAptSettings()).sources);
    const archives = path.join(CACHE, 'apt', 'archives');
    await mkdir(archives, { recursive: true });
    await execa('sh', [SCRIPT, folder, archives, path.join(folder, 'sources.list')]);
    return path.join(folder, 'image.qcow2');
  });
}

/** The archive that the recipe makes of a list in playbooks/images; kept in the lab's cache. */
export async function packageArchive(list: 'debian-12' | 'kvm-host'): Promise<CheckedFile> {
  const recipe = path.join(IMAGES, 'build-packages.sh');
  const names = path.join(IMAGES, `${list}.packages`);
  return cached(`packages-${list}`, 'tar', [recipe, names], async (folder) => {
    const file = path.join(folder, 'packages.tar');
    await execa('bash', [recipe, file, '--list', names], {
      env: { BRINGUP_APT_CACHE: path.join(CACHE, 'apt') },
    });
    return file;
  });
}

/** What `make` leaves, under a name that says what it was made from. */
async function cached(
  name: string,
  suffix: string,
  inputs: readonly string[],
  make: (folder: string) => Promise<string>,
): Promise<CheckedFile> {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(await readFile(input));
  const file = path.join(CACHE, 'test', `${name}-${hash.digest('hex').slice(0, 12)}.${suffix}`);
  if (!existsSync(file)) {
    await mkdir(path.dirname(file), { recursive: true });
    const folder = await mkdtemp(path.join(path.dirname(file), '.build-'));
    try {
      await rename(await make(folder), file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const sha256 = (await execa('sha256sum', [file])).stdout.split(' ')[0] ?? '';
  return { path: file, sha256 };
}
