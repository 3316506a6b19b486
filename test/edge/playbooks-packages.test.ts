import { execa } from 'execa';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PLAYBOOKS = fileURLToPath(new URL('../../playbooks/', import.meta.url));

let folder: string;
let archive: string;

const RELEASE = `Origin: Debian
Label: Debian 12 (bookworm)
Codename: bookworm
Architectures: amd64
Date: Fri, 20 Nov 2026 02:11:10 UTC
`;
const PACKAGES = `Package: chrony
Version: 4.3-2
Installed-Size: 10240
Description: time
 Installed-Size: 99999999 is only text here

Package: libc6
Version: 2.36-9
Installed-Size: 20480
`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-packages-'));
  await writeFile(path.join(folder, 'Release'), RELEASE);
  await writeFile(path.join(folder, 'wanted.list'), 'chrony\n');
  await writeFile(path.join(folder, 'Packages'), PACKAGES);
  archive = path.join(folder, 'archive.tar');
  await execa('tar', ['-cf', archive, '-C', folder, 'Release', 'wanted.list', 'Packages']);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What module_utils/bringup_packages.py makes of a file and of a machine. */
async function judged(file: string, seen: Record<string, unknown>): Promise<Record<string, unknown>> {
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from bringup_packages import NotAnArchive, judge, read_archive
try:
    print(json.dumps(judge(read_archive(sys.argv[2]), 1 << 20, json.loads(sys.argv[3]))))
except NotAnArchive as error:
    print(json.dumps({"refused": str(error)}))
`;
  const machine = {
    id: 'debian',
    codename: 'bookworm',
    name: 'Debian GNU/Linux 12 (bookworm)',
    architecture: 'amd64',
    free: 2 ** 30,
    installed: ['libc6'],
    ...seen,
  };
  const { stdout } = await execa('python3', [
    '-c',
    program,
    path.join(PLAYBOOKS, 'module_utils'),
    file,
    JSON.stringify(machine),
  ]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('a package archive against a machine', () => {
  it('names what the machine lacks', async () => {
    expect(await judged(archive, {})).toMatchObject({ lacking: ['chrony'] });
  });

  it('has nothing to do where all is installed, whatever the system', async () => {
    const seen = { installed: ['chrony', 'libc6'], codename: 'noble', free: 0 };
    expect(await judged(archive, seen)).toMatchObject({ lacking: [] });
  });

  it.each([
    [{ id: 'ubuntu', codename: 'noble', name: 'Ubuntu 24.04 LTS' }, 'and the base image is Ubuntu 24.04 LTS'],
    [
      { codename: 'trixie', name: 'Debian 13' },
      'is for Debian 12 (bookworm), and the base image is Debian 13',
    ],
    [{ architecture: 'arm64' }, 'is for amd64, and the base image is arm64'],
  ])('refuses another system: %o', async (seen, text) => {
    const verdict = await judged(archive, seen);
    expect(verdict['code']).toBe('PACKAGES_WRONG_SYSTEM');
    expect(verdict['msg']).toContain(text);
  });

  it('wants room for itself and for what is new: 1 MiB and 10 MiB', async () => {
    expect(await judged(archive, { free: 11 * 2 ** 20 })).toMatchObject({ lacking: ['chrony'] });
    expect(await judged(archive, { free: 11 * 2 ** 20 - 1 })).toMatchObject({
      code: 'PACKAGES_DISK_FULL',
      msg: 'The packages need up to 11 MiB on the deployment VM, and 10 MiB are free',
    });
  });

  it('refuses what is not an archive, is another tar, or is cut off', async () => {
    const text = path.join(folder, 'text');
    await writeFile(text, 'no tar at all\n');
    expect((await judged(text, {}))['refused']).toBeTruthy();
    const other = path.join(folder, 'other.tar');
    await execa('tar', ['-cf', other, '-C', folder, 'Packages']);
    expect((await judged(other, {}))['refused']).toContain('but with Packages');
    const cut = path.join(folder, 'cut.tar');
    await execa('cp', [archive, cut]);
    await truncate(cut, 700);
    expect((await judged(cut, {}))['refused']).toBeTruthy();
  });
});

describe('the recipes', () => {
  const recipe = path.join(PLAYBOOKS, 'images', 'build-packages.sh');

  it('bring the same Ansible collections into the image and into a VM completed later', async () => {
    const [image, packages] = await Promise.all(
      ['build-debian-12.sh', 'install-packages.sh'].map((name) =>
        readFile(path.join(PLAYBOOKS, 'images', name), 'utf8'),
      ),
    );
    const names = (text: string | undefined): string[] | undefined => text?.match(/[a-z]+\/[a-z_]+/g)?.sort();
    const inImage = names(/for name in (ansible\/posix[^;]*); do/.exec(image ?? '')?.[1]);
    expect(inImage).toHaveLength(11);
    expect(names(/^collections='([^']*)'/m.exec(packages ?? '')?.[1])).toEqual(inImage);
  });

  it.each([
    [[], 'usage: build-packages.sh OUT.tar [--list FILE]'],
    [['out.tar', '--list'], 'usage:'],
    [['--unknown'], 'usage:'],
    [['out.tar', '--list', '/does/not/exist'], 'there is no package list /does/not/exist'],
  ])('refuses %j', async (args, text) => {
    const done = await execa('bash', [recipe, ...args], { reject: false, cwd: folder });
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toContain(text);
  });
});
