import { execa } from 'execa';
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RunEvent } from '../../src/contract/events.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { apply, bringup, stageStatuses, startApply, type Applied } from './support/cli.ts';
import { formsOf, watchProcesses } from './support/canary.ts';
import { changedSite, login, openLab, type Lab } from './support/lab.ts';

const VM = '198.18.20.10';

let home: string;
let lab: Lab;
let kvmHost: RemoteConnection;
let forms: string[];
let processes: ReturnType<typeof watchProcesses>;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-home-'));
  lab = await openLab(home);
  forms = Object.values(lab.credentials).flatMap((credential) => formsOf(credential.password ?? ''));
  processes = watchProcesses(forms);
  kvmHost = await login('198.18.20.5', lab.credentials['lab/kvm-host']!);
  const clean = await apply(['apply', lab.siteFile, '--destroy'], home);
  expect(clean.code).toBe(0);
});

afterAll(async () => {
  processes?.stop();
  kvmHost?.close();
  await rm(home, { recursive: true, force: true });
});

/** A file with a secret in it, on tmpfs, that every search must find: the proof that the search works. */
const DECOY = '/run/bringup-canary-decoy';

async function filesWith(machine: RemoteConnection, forms: readonly string[]): Promise<string[]> {
  await machine.writeFile(DECOY, forms[0]!, { mode: '0600', sudo: true });
  const places = '/var/lib/bringup /var/log /var/tmp /run /tmp /root /home /etc';
  const found = await machine.sudo(`grep -rlF --exclude-dir=credentials -f - ${places}`, {
    stdin: `${forms.join('\n')}\n`,
  });
  await machine.sudo(`rm -f ${DECOY}`);
  return found.stdout.split('\n').filter(Boolean);
}

/** One failure, told the way an engineer reads it. */
function told(applied: Applied): string {
  return applied.failures
    .map(({ what, why, fixes }) =>
      [
        what,
        why.summary,
        ...why.evidence.map((line) => line.text),
        ...fixes.map((fix) => `${fix.title} ${fix.command ?? ''}`),
      ].join('\n'),
    )
    .join('\n');
}

const inStage = (stage: string, kind: RunEvent['kind']) => (event: RunEvent) =>
  event.kind === kind && 'stage' in event && event.stage === stage;

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
    const own = await mkdtemp(path.join(tmpdir(), 'bringup-home-'));
    const result = await apply(['apply', site], own);
    expect(result.code).toBe(3);
    expect(result.failures[0]?.why.key).toBe('ssh.host_key_unknown');
    const shown = /SHA256:[A-Za-z0-9+/]{43}/.exec(told(result))?.[0];
    expect(shown).toBeDefined();
    const accepted = await apply(['apply', site, '--accept-host-key', shown!], own);
    expect(accepted.failures.map((record) => record.why.key)).not.toContain('ssh.host_key_unknown');
    expect(stageStatuses(accepted)['kvm-host-preflight']).toBe('failed');
    await rm(own, { recursive: true });
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
    expect(result.failures[0]?.owner).toBe('customer-network');
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

  it('hardware virtualisation demanded but not working', async () => {
    const result = await apply(
      ['apply', await changedSite(lab, { 'kvm_host.virtualization': 'kvm', 'kvm_host.bridge': 'br-none' })],
      home,
    );
    const proof = result.events.find(
      (event) => event.kind === 'host.result' && event.check?.id === 'virtualization',
    );
    expect(proof).toBeDefined();
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
    const folder = await mkdtemp(path.join(tmpdir(), 'bringup-blank-'));
    const image = path.join(folder, 'blank.qcow2');
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
      'parameters.deployment_vm_wait_attempts': 4,
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

/** The lab's site with half a GiB of noise behind the base image, which nobody reads: enough to be caught on the way. */
async function siteWithLargeImage(): Promise<string> {
  const { path: image } = parse(await readFile(lab.siteFile, 'utf8')).deployment_vm.base_image as {
    path: string;
  };
  const large = path.join(home, 'large.qcow2');
  await copyFile(image, large);
  for (let mebibytes = 0; mebibytes < 512; mebibytes += 32)
    await appendFile(large, randomBytes(32 * 2 ** 20));
  const sha256 = (await execa('sha256sum', [large])).stdout.split(' ')[0];
  return changedSite(lab, { 'deployment_vm.base_image': { path: large, sha256 } });
}

describe('one site, from nothing to the end', () => {
  it('killed while it uploads, the next apply resumes the upload', async () => {
    const site = await siteWithLargeImage();
    const first = startApply(['apply', site], home);
    await first.until((event) => event.kind === 'task.progress' && (event.progress?.done ?? 0) > 0);
    await first.kill();

    const second = startApply(['apply', site], home);
    const progress = await second.until(
      (event) => event.kind === 'task.progress' && event.stage === 'upload',
    );
    expect(progress).toMatchObject({ text: 'uploading, resumed' });
    await second.until(
      (event) => event.kind === 'task.started' && event.stage === 'deployment-vm' && /OVA/.test(event.title),
    );
    await second.kill();
  });

  it('killed while it builds, the next apply waits for what still runs, then comes to the end', async () => {
    const third = startApply(['apply', lab.siteFile], home);
    await third.until(inStage('kvm-host-preflight', 'stage.started'));
    const rival = await bringup(['apply', lab.siteFile], home);
    expect(rival.code).not.toBe(0);
    expect(rival.stderr).toMatch(/SITE_LOCKED/);

    const result = await third.done;
    expect(told(result)).toBe('');
    expect(result.code).toBe(0);
    expect(stageStatuses(result)).toMatchObject({ 'network-services': 'changed' });
  });

  it('numbers its events from 1 without a gap, and the journal holds the same', async () => {
    const { stdout } = await bringup(['logs', '--json'], home);
    const { events } = JSON.parse(stdout) as { events: RunEvent[] };
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
  });

  it('a target server gets the deployment VM answer by dig', async () => {
    const node = await login('198.18.20.11', lab.credentials['lab/node']!, kvmHost);
    const answer = await node.exec(
      `dig +short node-2.lab.bringup.example @${VM}; dig +short -x 198.18.20.12 @${VM}`,
    );
    node.close();
    expect(answer.stdout.split('\n').filter(Boolean)).toEqual([
      '198.18.20.12',
      'node-2.lab.bringup.example.',
    ]);
  });

  it('applied again it changes nothing', async () => {
    const result = await apply(['apply', lab.siteFile], home);
    expect(told(result)).toBe('');
    expect(result.code).toBe(0);
    expect(Object.values(stageStatuses(result))).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it('a changed VM definition says what changed and does nothing without consent', async () => {
    const result = await apply(['apply', await changedSite(lab, { 'deployment_vm.memory_mib': 2560 })], home);
    expect(result.code).toBe(1);
    expect(result.failures[0]?.why.key).toBe('vm.changed');
    expect(told(result)).toMatch(/2048.*2560/s);
    expect(told(result)).toMatch(/--confirm-vm-change/);
    const state = await kvmHost.sudo('virsh --connect qemu:///system dominfo lab-deploy');
    expect(state.stdout).toMatch(/running/);
    expect(state.stdout).toMatch(/2097152 KiB/);
  });

  it('no password shows in any process, journal, file or log', async () => {
    expect(processes.looks()).toBeGreaterThan(10);
    expect(processes.stop()).toEqual([]);
    const accessKey = await kvmHost.readFile('/var/lib/bringup/sites/lab/ssh/access_ed25519', { sudo: true });
    const vm = await login(VM, { username: 'bringup', privateKey: accessKey.toString() }, kvmHost);
    expect(await filesWith(kvmHost, forms)).toEqual([DECOY]);
    expect(await filesWith(vm, forms)).toEqual([DECOY]);
    vm.close();
    const onLaptop = await execa('grep', ['-rlF', '-f', '/dev/stdin', home], {
      input: `${forms.join('\n')}\n`,
      reject: false,
    });
    expect(onLaptop).toMatchObject({ stdout: '', exitCode: 1 });
  });
});
