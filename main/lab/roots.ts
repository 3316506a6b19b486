import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readAptSettings } from './apt-settings.ts';
import { cacheFolder, withBuildFolder } from './cache.ts';
import type { LabContext } from './context.ts';
import { BASE_PACKAGES, KVM_HOST_PACKAGES } from './root-packages.ts';
import { BASE_SCRIPT, KVM_HOST_SCRIPT } from './root-scripts.ts';
import { runContained } from './run-tool.ts';

/** Read-only lower layers of the lab's machines, topmost first, as overlayfs wants them. */
export interface LabRoots {
  readonly base: readonly string[];
  readonly kvmHost: readonly string[];
}

/**
 * Answers the root file systems, building what the cache lacks: `base` by mmdebstrap, the KVM host's as an overlay
 * layer on it. Each is named by a hash of all it is made from and appears under that name only when complete.
 */
export async function ensureRoots(
  lab: LabContext,
  onStep: (text: string) => void,
  signal: AbortSignal,
): Promise<LabRoots> {
  const folder = cacheFolder(lab, 'roots');
  const archives = path.join(cacheFolder(lab, 'apt'), 'archives');
  await mkdir(folder, { recursive: true });
  await mkdir(archives, { recursive: true });
  const apt = await readAptSettings();
  const base = path.join(folder, `base-${hash(BASE_SCRIPT, apt, BASE_PACKAGES)}`);
  const kvmHost = path.join(
    folder,
    `kvm-host-${hash(path.basename(base), KVM_HOST_SCRIPT, KVM_HOST_PACKAGES)}`,
  );

  if (!existsSync(base)) {
    await buildAt(lab, base, async (build) => {
      await writeFile(path.join(build, 'sources.list'), apt.sources);
      await writeFile(path.join(build, 'apt.conf'), apt.options);
      await runContained(BASE_SCRIPT, build, [archives, BASE_PACKAGES.join(',')], signal);
    });
    onStep(
      `Built the root file system of the lab's servers (${BASE_PACKAGES.length} packages and what they need).`,
    );
  }
  if (!existsSync(kvmHost)) {
    await buildAt(lab, kvmHost, (build) =>
      runContained(KVM_HOST_SCRIPT, build, [base, archives, ...KVM_HOST_PACKAGES], signal),
    );
    onStep('Built the root file system of the KVM host (libvirt, QEMU, Ansible).');
    await removeOthers(folder, [base, kvmHost]);
  }
  return { base: [base], kvmHost: [kvmHost, base] };
}

/** The scripts leave the result in `root` of their build folder; it gets its name when it is complete. */
async function buildAt(
  lab: LabContext,
  target: string,
  build: (folder: string) => Promise<void>,
): Promise<void> {
  await withBuildFolder(lab, 'roots', async (folder) => {
    await mkdir(path.join(folder, 'root'));
    await build(folder);
    await rename(path.join(folder, 'root'), target);
  });
}

/** Roots of an older version, of 1.2 GiB each, have no user once a lab of this version is being made. */
async function removeOthers(folder: string, keep: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    const root = path.join(folder, name);
    if (!keep.includes(root) && !name.startsWith('.')) await rm(root, { recursive: true, force: true });
  }
}

function hash(...inputs: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 12);
}
