import { execa } from 'execa';
import { randomBytes } from 'node:crypto';
import { appendFile, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RunEvent } from '../../src/contract/events.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { apply, bringup, stageStatuses, startApply } from './support/cli.ts';
import { told } from './support/told.ts';
import { formsOf, watchProcesses } from './support/canary.ts';
import { changedSite, login, openLab, type Lab } from './support/lab.ts';

const VM = '198.18.20.10';

let home: string;
let lab: Lab;
let kvmHost: RemoteConnection;
/** The lab's site file with a base image large enough to be caught on its way. */
let site: string;
let forms: string[];
let processes: ReturnType<typeof watchProcesses>;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-home-'));
  lab = await openLab(home);
  forms = Object.values(lab.credentials).flatMap((credential) => formsOf(credential.password ?? ''));
  processes = watchProcesses(forms);
  kvmHost = await login('198.18.20.5', lab.credentials['lab/kvm-host']!);
  site = await siteWithLargeImage();
  const clean = await apply(['apply', site, '--destroy'], home);
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

const inStage = (stage: string, kind: RunEvent['kind']) => (event: RunEvent) =>
  event.kind === kind && 'stage' in event && event.stage === stage;

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
    const third = startApply(['apply', site], home);
    await third.until(inStage('kvm-host-preflight', 'stage.started'));
    const rival = await bringup(['apply', site], home);
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
    const result = await apply(['apply', site], home);
    expect(told(result)).toBe('');
    expect(result.code).toBe(0);
    expect(Object.values(stageStatuses(result))).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it('a changed VM definition says what changed and does nothing without consent', async () => {
    const result = await apply(
      ['apply', await changedSite({ siteFile: site }, { 'deployment_vm.memory_mib': 2560 })],
      home,
    );
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
    const onLaptop = await execa('grep', ['-rlF', '-f', '-', home], {
      input: `${forms.join('\n')}\n`,
      reject: false,
    });
    expect(onLaptop).toMatchObject({ stdout: '', exitCode: 1 });
  });
});
