import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { apply, bringup, stageStatuses } from './support/cli.ts';
import { changedSite, login, openLab, type Lab } from './support/lab.ts';
import { told } from './support/told.ts';

let home: string;
let lab: Lab;
let kvmHost: RemoteConnection;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-home-'));
  lab = await openLab(home);
  kvmHost = await login('198.18.20.5', lab.credentials['lab/kvm-host']!);
});

afterAll(async () => {
  kvmHost?.close();
  await rm(home, { recursive: true, force: true });
});

describe('a site that is not as the site file says stops in preflight and changes nothing', () => {
  it('wrong password', async () => {
    const secrets = path.join(home, 'passphrase');
    await writeFile(secrets, 'a phrase for this test\n', { mode: 0o600 });
    const store = ['--credential-store', 'file', '--passphrase-file', secrets];
    await bringup([...store, 'credentials', 'set', 'wrong', '--stdin'], home, 'not-the-password');
    const result = await apply(
      [...store, 'apply', await changedSite(lab, { 'kvm_host.credential': 'wrong' })],
      home,
    );
    expect(result.code).toBe(3);
    expect(told(result)).toMatch(/198\.18\.20\.5/);
    expect(result.failures[0]).toMatchObject({ why: { key: 'ssh.auth_failed' }, owner: 'field-engineer' });
    expect(told(result)).toMatch(/bringup credentials set/);
  });

  it('unknown host key: the fingerprint is shown, and accepting it goes on', async () => {
    const site = await changedSite(lab, { 'kvm_host.host_key': null, 'kvm_host.bridge': 'br-none' });
    const own = path.join(home, 'a-new-laptop');
    const result = await apply(['apply', site], own);
    expect(result.code).toBe(3);
    expect(result.failures[0]?.why.key).toBe('ssh.host_key_unknown');
    const shown = /SHA256:[A-Za-z0-9+/]{43}/.exec(told(result))?.[0];
    expect(shown).toBeDefined();
    const accepted = await apply(['apply', site, '--accept-host-key', shown!], own);
    expect(accepted.failures.map((record) => record.why.key)).not.toContain('ssh.host_key_unknown');
    expect(stageStatuses(accepted)['kvm-host-preflight']).toBe('failed');
  });

  it('changed host key: both fingerprints are shown and nothing is sent', async () => {
    const other = `SHA256:${'A'.repeat(43)}`;
    const result = await apply(['apply', await changedSite(lab, { 'kvm_host.host_key': other })], home);
    expect(result.code).toBe(3);
    expect(result.failures[0]?.why.key).toBe('ssh.host_key_changed');
    expect(told(result)).toContain(other);
    expect(told(result).match(/SHA256:[A-Za-z0-9+/]{43}/g)?.length).toBeGreaterThan(1);
  });

  it('unreachable host', async () => {
    const result = await apply(
      ['apply', await changedSite(lab, { 'kvm_host.address': '198.18.20.66', 'kvm_host.host_key': null })],
      home,
    );
    expect(result.code).toBe(3);
    expect(told(result)).toMatch(/198\.18\.20\.66:22/);
    expect(result.failures[0]?.why.key).toMatch(/^ssh\.(no_route|timeout)$/);
    // The run probed it: whose it is follows the leg that is broken.
    const { matrix, owner } = result.failures[0] ?? {};
    expect(matrix?.destination).toBe('198.18.20.66:22/ssh');
    expect(owner).toBe(matrix?.verdict.owner ?? 'customer-network');
  });

  it('no sudo', async () => {
    const password = 'plain-user-without-sudo-1';
    await kvmHost.sudo('useradd --create-home --shell /bin/bash plain || true');
    await kvmHost.sudo('chpasswd', { stdin: `plain:${password}\n` });
    const secrets = path.join(home, 'passphrase');
    const store = ['--credential-store', 'file', '--passphrase-file', secrets];
    await bringup([...store, 'credentials', 'set', 'plain', '--stdin'], home, password);
    const site = await changedSite(lab, { 'kvm_host.user': 'plain', 'kvm_host.credential': 'plain' });
    const result = await apply([...store, 'apply', site], home);
    expect(result.code).toBe(1);
    expect(result.failures.map((record) => record.why.key)).toContain('sudo.not_allowed');
    expect(told(result)).toMatch(/plain/);
  });

  it('disk too small, bridge missing: every failed check is told at once', async () => {
    const site = await changedSite(lab, { 'deployment_vm.disk_gib': 16_000, 'kvm_host.bridge': 'br-none' });
    const result = await apply(['apply', site], home);
    expect(result.code).toBe(1);
    expect(result.failures).toHaveLength(2);
    expect(told(result)).toMatch(/GiB/);
    expect(told(result)).toMatch(/br-none/);
    expect(stageStatuses(result)).toMatchObject({
      'kvm-host-preflight': 'failed',
      upload: 'skipped',
      'deployment-vm': 'skipped',
    });
    const checks = result.events.filter((event) => event.kind === 'host.result' && event.check !== undefined);
    expect(checks.length).toBeGreaterThan(10);
  });

  it('hardware virtualisation that the site file demands has to be proved', async () => {
    const proof = async (mode: string) => {
      const site = await changedSite(lab, { 'kvm_host.virtualization': mode, 'kvm_host.bridge': 'br-none' });
      const { events } = await apply(['apply', site], home);
      const told = events.find(
        (event) => event.kind === 'host.result' && event.check?.id === 'virtualization',
      );
      return told?.kind === 'host.result' ? told.check?.status : undefined;
    };
    const works = (await proof('auto')) === 'ok';
    expect(await proof('kvm')).toBe(works ? 'ok' : 'failed');
    expect(await proof('emulate')).toBe('ok');
  });

  it('base image with a wrong checksum', async () => {
    const site = await changedSite(lab, { 'deployment_vm.base_image.sha256': '0'.repeat(64) });
    const result = await apply(['apply', site], home);
    expect(result.failures[0]?.why.key).toBe('image.checksum_mismatch');
    expect(told(result)).toContain('0'.repeat(64));
    expect(stageStatuses(result)).toMatchObject({ upload: 'failed', 'deployment-vm': 'skipped' });
  });

  it('a site file with errors starts nothing', async () => {
    const result = await bringup(
      ['apply', await changedSite(lab, { 'kvm_host.address': '198.18.20.999' })],
      home,
    );
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/site\.yaml:\d+:\d+/);
  });
});

describe('a VM that never answers', () => {
  it('is told with the last lines of its console', async () => {
    const image = path.join(home, 'blank.qcow2');
    await execa('qemu-img', ['create', '-f', 'qcow2', image, '64M']);
    const sha256 = createHash('sha256')
      .update(await readFile(image))
      .digest('hex');
    const site = await changedSite(lab, {
      'site.name': 'silent',
      'deployment_vm.name': 'silent',
      'deployment_vm.address': '198.18.20.20',
      'deployment_vm.memory_mib': 1024,
      'deployment_vm.base_image': { path: image, sha256 },
      'parameters.deployment_vm_wait_attempts': 1,
    });
    const result = await apply(['apply', site], home);
    expect(result.code).toBe(1);
    expect(stageStatuses(result)).toMatchObject({ 'deployment-vm': 'failed', 'network-services': 'skipped' });
    expect(told(result)).toMatch(/console/i);
    expect(result.failures[0]?.where).toMatchObject({
      stage: 'deployment-vm',
      host: 'kvm-host',
      file: expect.stringContaining('.yml'),
      line: expect.any(Number),
    });
    const destroyed = await apply(['apply', site, '--destroy'], home);
    expect(destroyed.code).toBe(0);
    const left = await kvmHost.sudo(
      'virsh --connect qemu:///system list --all --name; ls /var/lib/libvirt/images',
    );
    expect(left.stdout).not.toMatch(/silent/);
  });
});
