import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeBundle, type BundleSource } from '../../src/bundle/index.ts';
import type { BundleKind } from '../../src/contract/bundle.ts';
import { LAB_CHART, writeChart } from './chart.ts';
import type { LabContext } from './context.ts';
import { installerImage, writeInstallerImage } from './installer-image.ts';
import { buildRke2StandIn } from './rke2/rke2-stand-in.ts';
import { BIOS_PACKAGE, IDRAC_PACKAGE, catalogXml, packagePath } from './simulated-catalog.ts';

/** Paths in the repository that the lab's site file names. */
export const IN_REPOSITORY = {
  catalog: 'firmware/Catalog.xml.gz',
  rke2: 'rke2/stand-in',
  workloads: 'workloads',
  installer: 'images/lab-installer.iso',
} as const;

/** What the lab's whole site brings along: the bundle, the SHA-256 of it, and that of the installer image in it. */
export interface LabBundle {
  readonly path: string;
  readonly sha256: string;
  readonly installerSha256: string;
}

const KINDS: Readonly<Record<string, BundleKind>> = { firmware: 'firmware', rke2: 'rke2', images: 'image' };

/**
 * The bundle of the lab, made the first time: a simulated firmware catalogue whose packages hold no firmware, the image that
 * the simulated installer knows, the rke2 stand-in, and small applications. It stays as it is as long as the lab does.
 */
export async function ensureLabBundle(lab: LabContext): Promise<LabBundle> {
  const file = path.join(lab.stateDir, 'lab.bundle');
  if (!existsSync(file)) {
    const folder = path.join(lab.stateDir, 'bundle');
    await rm(folder, { recursive: true, force: true });
    await writeFirmware(folder);
    await writeInstallerImage(path.join(folder, path.dirname(IN_REPOSITORY.installer)));
    await buildRke2StandIn(path.join(folder, IN_REPOSITORY.rke2));
    await writeWorkloads(folder);
    await writeBundle(file, await sourcesIn(folder));
    await rm(folder, { recursive: true });
  }
  return {
    path: file,
    sha256: sha256(await readFile(file)),
    installerSha256: sha256(installerImage()),
  };
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

async function writeFirmware(folder: string): Promise<void> {
  const packages = [BIOS_PACKAGE, IDRAC_PACKAGE];
  await put(folder, IN_REPOSITORY.catalog, gzipSync(catalogXml(packages)));
  const base = path.dirname(IN_REPOSITORY.catalog);
  for (const one of packages)
    await put(
      folder,
      path.join(base, packagePath(one)),
      `simulated update package ${one.name} ${one.version}: no firmware is in it\n`,
    );
}

/** A namespace, and two applications for it that ask for an image of the rke2 stand-in: manifests and a chart. */
async function writeWorkloads(folder: string): Promise<void> {
  const labels = { app: 'viewer' };
  const containers = [{ name: 'main', image: 'docker.io/rancher/rke2-runtime:stand-in' }];
  const objects = {
    '10-hall.yaml': { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'hall' } },
    '20-viewer.yaml': {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'viewer', namespace: 'hall' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    },
  };
  for (const [name, object] of Object.entries(objects))
    await put(folder, path.join(IN_REPOSITORY.workloads, name), `${JSON.stringify(object, null, 2)}\n`);
  await writeChart(path.join(folder, IN_REPOSITORY.workloads, LAB_CHART.application));
}

async function put(folder: string, name: string, content: string | Buffer): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

async function sourcesIn(folder: string): Promise<BundleSource[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const from = path.join(entry.parentPath, entry.name);
      const name = path.relative(folder, from).split(path.sep).join('/');
      return { path: name, from, kind: KINDS[name.split('/')[0] ?? ''] ?? 'file' };
    });
}
