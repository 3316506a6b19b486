import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { ensureBaseImage } from '../../../main/lab/base-image.ts';
import { createLabContext } from '../../../main/lab/context.ts';
import type { CheckedFile } from './foreign-image.ts';

const SCRIPT = fileURLToPath(new URL('stand-in-appliance.sh', import.meta.url));
const SIMULATOR = fileURLToPath(new URL('../../../main/lab/ome-simulator.ts', import.meta.url));
const LAB = createLabContext({});
const CACHE = path.join(LAB.cacheDir, 'test');

/** Who may log in to the stand-in's API: it is of use nowhere else. */
export const STAND_IN_LOGIN = { username: 'admin', password: 'of-the-stand-in-appliance' };

/**
 * A stand-in for the appliance of OpenManage Enterprise: the lab's base image with the simulated API on port 443, which takes its
 * address by DHCP. Kept in the lab's cache while neither the simulator nor the base image changes; the one before goes.
 */
export async function standInAppliance(): Promise<CheckedFile> {
  const base = await ensureBaseImage(LAB, () => undefined, new AbortController().signal);
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(path.join(CACHE, '.build-'));
  try {
    const simulator = await bundleSimulator(folder);
    const parts = [base.sha256, process.version, await readFile(simulator), await readFile(SCRIPT)];
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    const name = `stand-in-${hash.digest('hex').slice(0, 12)}.qcow2`;
    const file = path.join(CACHE, name);
    if (!existsSync(file)) {
      const password = path.join(folder, 'password');
      await writeFile(password, STAND_IN_LOGIN.password);
      await execa('sh', [SCRIPT, folder, base.path, process.execPath, simulator, password]);
      for (const old of await readdir(CACHE))
        if (old.startsWith('stand-in-')) await rm(path.join(CACHE, old));
      await rename(path.join(folder, 'image.qcow2'), file);
    }
    const sha256 = (await execa('sha256sum', [file])).stdout.split(' ')[0] ?? '';
    return { path: file, sha256 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The simulator with all that it imports in one file, as the image has no folder of packages. */
async function bundleSimulator(folder: string): Promise<string> {
  const outDir = path.join(folder, 'simulator');
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ...{ ssr: SIMULATOR, outDir, target: 'node20' },
      rollupOptions: { output: { format: 'es', entryFileNames: 'ome-simulator.mjs', codeSplitting: false } },
    },
  });
  return path.join(outDir, 'ome-simulator.mjs');
}
