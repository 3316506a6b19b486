import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectFile } from '../context.ts';
import { runTool } from '../run-tool.ts';
import { storedZstd } from './stored-zstd.ts';

/** Version of the stand-in, as `rke2 --version` and the nodes tell it. */
export const STAND_IN_VERSION = 'v0.0.1-stand-in+rke2r1';

const SOURCES = projectFile('main', 'lab', 'rke2');
/** Names in the archives of images; a workload with one of these runs without a registry. */
const IMAGES = {
  core: [
    'docker.io/rancher/rke2-runtime:stand-in',
    'docker.io/rancher/mirrored-pause:stand-in',
    'docker.io/rancher/klipper-helm:stand-in',
  ],
  canal: ['docker.io/rancher/hardened-calico:stand-in', 'docker.io/rancher/hardened-flannel:stand-in'],
  cilium: ['docker.io/rancher/mirrored-cilium-cilium:stand-in'],
} as const;

/**
 * Writes the rke2 stand-in into `folder`, with the names and the layout of a release of RKE2 (docs.rke2.io, Air-Gap Install):
 * the tarball, archives of images for canal and cilium, `sha256sum-amd64.txt` and `install.sh`. The program is Python
 * and needs openssl, both of which the lab's servers have; no container ever runs in it.
 */
export async function buildRke2StandIn(folder: string, version = STAND_IN_VERSION): Promise<void> {
  await mkdir(folder, { recursive: true });
  const build = await mkdtemp(path.join(tmpdir(), 'bringup-rke2-'));
  try {
    await buildTarball(build, path.join(folder, 'rke2.linux-amd64.tar.gz'), version);
  } finally {
    await rm(build, { recursive: true, force: true });
  }
  for (const [name, images] of Object.entries(IMAGES)) {
    const list = `rke2 stand-in ${version}: a list in the place of an archive\n${images.map((image) => `image ${image}\n`).join('')}`;
    await writeFile(
      path.join(folder, `rke2-images-${name}.linux-amd64.tar.zst`),
      storedZstd(Buffer.from(list)),
    );
  }
  await cp(path.join(SOURCES, 'install.sh'), path.join(folder, 'install.sh'));
  await writeSums(folder);
}

async function buildTarball(build: string, target: string, version: string): Promise<void> {
  const [tree, program] = [path.join(build, 'tree'), path.join(build, 'program')];
  await cp(path.join(SOURCES, 'tree'), tree, { recursive: true });
  await cp(path.join(SOURCES, 'program'), program, {
    recursive: true,
    filter: (file) => !file.includes('__pycache__'),
  });
  await writeFile(
    path.join(program, 'version.py'),
    `"""Written when the stand-in was built."""\n\nVERSION = "${version}"\n`,
  );
  const zipped = ['-m', 'zipapp', program, '--python', '/usr/bin/python3 -B', '--output'];
  await runTool('/usr/bin/python3', [...zipped, path.join(tree, 'bin', 'rke2')]);
  await runTool('chmod', ['-R', 'u=rwX,go=rX', tree]);
  await runTool('sh', ['-c', 'chmod 755 "$1"/bin/*', 'sh', tree]);
  const plain = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
  await runTool('tar', ['-C', tree, ...plain, '-czf', target, 'bin', 'lib', 'share']);
}

/** As in a release: every file but the script and the list itself. */
async function writeSums(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('rke2'));
  const lines = await Promise.all(
    names.sort().map(async (name) => {
      const content = await readFile(path.join(folder, name));
      return `${createHash('sha256').update(content).digest('hex')}  ${name}\n`;
    }),
  );
  await writeFile(path.join(folder, 'sha256sum-amd64.txt'), lines.join(''));
}
