import { execa } from 'execa';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/contract/events.ts';
import { bootSector } from '../../src/preflight/boot-sector.ts';
import { runPreflight, type PreflightInput } from '../../src/preflight/index.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { logIn, startSshd, type TestSshd } from './remote-sshd.ts';

let sshd: TestSshd;
const open: RemoteConnection[] = [];

beforeAll(async () => {
  sshd = await startSshd();
});
afterEach(() => {
  for (const connection of open.splice(0)) connection.close();
});
afterAll(async () => sshd.stop());

/** A bridge that cannot exist (its name is longer than Linux allows), so that preflight fails and changes nothing here. */
const INPUT: PreflightInput = {
  bridge: 'no-such-bridge-x',
  storage: '/var/lib/not/yet/there',
  virtualization: 'emulate',
  memoryMib: 1,
  diskGib: 1,
  cpus: 1,
  now: () => new Date(),
};

async function check(
  server: TestSshd,
  input: Partial<PreflightInput> = {},
): Promise<Map<string, CheckResult>> {
  const connection = await logIn(server);
  open.push(connection);
  const told: CheckResult[] = [];
  const done = await runPreflight(connection, { ...INPUT, ...input }, (one) => told.push(one));
  expect(done.checks).toEqual(told);
  expect(done.ok).toBe(false);
  return new Map(told.map((one) => [one.id, one]));
}

describe('preflight over SSH', () => {
  it('sees this machine as it is, and proves virtualisation by a guest that runs', async () => {
    await sshd.allowSudo('ALL=(ALL) ALL');
    const seen = await check(sshd);
    expect(seen.get('login')).toMatchObject({ status: 'ok', seen: `logged in as ${sshd.user}` });
    expect(seen.get('sudo')?.status).toBe('ok');
    expect(seen.get('forwarding')?.status).toBe('ok');
    const { stdout: arch } = await execa('uname', ['-m']);
    expect(seen.get('cpu')?.seen).toContain(arch);
    const name = /PRETTY_NAME="(.*)"/.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
    expect(seen.get('os')?.seen).toBe(name);
    expect(seen.get('disk')?.seen).toContain(' /');
    expect(seen.get('clock')?.status).toBe('ok');
    expect(seen.get('bridge')).toMatchObject({ status: 'failed', code: 'PREFLIGHT_BRIDGE' });
    expect(seen.get('ansible')?.seen).toMatch(/ansible-core \d+\.\d+.*, ansible-runner \d/);
    expect(seen.get('virtualization')).toMatchObject({
      status: 'ok',
      seen: 'a probe guest ran by emulation and said BRINGUP',
    });
  });

  it('fails on too little memory and disk, and on a clock that is off', async () => {
    await sshd.allowSudo('ALL=(ALL) NOPASSWD: ALL');
    const now = (): Date => new Date(Date.now() + 120_000);
    const seen = await check(sshd, { memoryMib: 4_000_000, diskGib: 60_000, now });
    expect(seen.get('memory')).toMatchObject({ status: 'failed', code: 'PREFLIGHT_MEMORY' });
    expect(seen.get('disk')).toMatchObject({ status: 'failed', code: 'PREFLIGHT_DISK' });
    expect(seen.get('clock')).toMatchObject({ status: 'failed', code: 'PREFLIGHT_CLOCK' });
    expect(seen.get('clock')?.seen).toContain('120.0 s behind');
  });

  it('tells all it can see where sudo and forwarding are refused', async () => {
    const strict = await startSshd(['AllowTcpForwarding no']);
    try {
      const seen = await check(strict);
      expect(seen.get('sudo')).toMatchObject({ status: 'failed', code: 'SUDO_NOT_ALLOWED' });
      expect(seen.get('forwarding')).toMatchObject({ status: 'failed', code: 'PREFLIGHT_FORWARDING' });
      expect(seen.get('virtualization')?.status).toBe('skipped');
      expect(seen.get('memory')?.status).toBe('ok');
    } finally {
      await strict.stop();
    }
  });

  it('names every missing program, and the package manager that fails is quoted', async () => {
    const bin = path.join(sshd.home, 'bin');
    await mkdir(bin);
    const tools =
      'sh id uname nproc sed grep awk df du dirname cut tr head tail mktemp rm cat date basename timeout sudo sleep';
    for (const tool of tools.split(' '))
      await symlink((await execa('which', [tool])).stdout, path.join(bin, tool));
    await writeFile(
      path.join(bin, 'apt-get'),
      '#!/bin/sh\necho "E: Unable to fetch some archives: $*" >&2\nexit 100\n',
      {
        mode: 0o755,
      },
    );
    const bare = await startSshd([`SetEnv PATH=${bin}`]);
    try {
      await bare.allowSudo(`ALL=(ALL) NOPASSWD: ALL\nDefaults:${bare.user} secure_path=${bin}`);
      const output: string[] = [];
      const seen = await check(bare, { installMissing: true, onOutput: (line) => output.push(line) });
      expect(seen.get('install')).toMatchObject({ status: 'failed', code: 'PREFLIGHT_INSTALL' });
      expect(seen.get('install')?.seen).toBe('E: Unable to fetch some archives: -q update');
      expect(seen.get('install')?.remedy).toContain('kvm_host.packages');
      expect(output.join('\n')).toContain('Unable to fetch');
      expect(seen.get('ansible')?.seen).toBe('ansible-core missing, ansible-runner missing');
      expect(seen.get('libvirt')?.remedy).toContain('libvirt-daemon-system');
    } finally {
      await bare.stop();
    }
  });
});

describe('boot sector', () => {
  it('boots in QEMU, says its word and ends by itself', async () => {
    const disk = path.join(sshd.home, 'disk');
    await writeFile(disk, bootSector());
    expect((await stat(disk)).size).toBe(512);
    const options =
      '-accel tcg -machine pc -m 32 -nodefaults -display none -monitor none -serial stdio -no-reboot';
    const guest = await execa(
      'qemu-system-x86_64',
      [...options.split(' '), '-drive', `file=${disk},format=raw,if=ide`],
      {
        stdin: 'ignore',
        timeout: 60_000,
      },
    );
    expect(guest.stdout).toContain('BRINGUP');
  });
});
