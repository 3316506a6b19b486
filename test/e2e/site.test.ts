import { execa } from 'execa';
import { randomBytes } from 'node:crypto';
import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RunEvent } from '../../src/contract/events.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { filesWith, formsIn, formsOf, makeCanary, watchProcesses } from './support/canary.ts';
import { bringup, stageStatuses, startApply, type Applied, type Applying } from './support/cli.ts';
import { changedSite, login, openLab, type Lab } from './support/lab.ts';
import { watchOutside, type OutsideWatch } from './support/outside.ts';
import { told } from './support/told.ts';
import { walkWizard } from './support/wizard.ts';

const VM = '198.18.20.10';
/** The forms of all secrets, on tmpfs of the machine that is searched: the one file that every search must find. */
const NEEDLES = '/run/bringup-canary-needles';

/** Holds all that a test writes; in it `home`, all that Bringup writes on the laptop, exports included. */
let folder: string;
let home: string;
let lab: Lab;
let kvmHost: RemoteConnection;
/** The lab's site file with a base image large enough to be caught on its way, and a credential of the test's own. */
let site: Lab;
let store: string[];
let forms: string[];
let processes: ReturnType<typeof watchProcesses>;
let outside: OutsideWatch;
/** Everything that any command said, and the runs it said it of. */
const spoken: string[] = [];
const started = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-site-'));
  home = path.join(folder, 'home');
  await mkdir(home);
  lab = await openLab(home);
  const passphrase = path.join(folder, 'passphrase');
  await writeFile(passphrase, makeCanary('passphrase'));
  store = ['--credential-store', 'file', '--passphrase-file', passphrase];
  const own = lab.credentials['lab/kvm-host']!;
  const wrong = { kvmHost: makeCanary('wrong-kvm'), node: makeCanary('wrong-node') };
  const passwords = [
    ...Object.values(lab.credentials).map(({ password }) => password ?? ''),
    ...Object.values(wrong),
  ];
  forms = [...passwords, await readFile(passphrase, 'utf8')].flatMap(formsOf);
  processes = watchProcesses(forms);
  outside = await watchOutside();
  kvmHost = await login('198.18.20.5', own);
  // Another test may have left a deployment VM.
  const emptied = await bringup(['apply', lab.siteFile, '--destroy'], path.join(folder, 'emptied'));
  expect(emptied.code).toBe(0);
  await keep('kvm-canary', own.username ?? '', own.password ?? '');
  await keep('wrong-kvm', own.username ?? '', wrong.kvmHost);
  await keep('wrong-node', lab.credentials['lab/node']?.username ?? '', wrong.node);
  const base_image = await largeImage();
  const changes = { 'deployment_vm.base_image': base_image, 'kvm_host.credential': 'kvm-canary' };
  site = { ...lab, siteFile: await changedSite(lab, changes) };
});

afterAll(async () => {
  processes?.stop();
  await outside?.stop();
  kvmHost?.close();
  await rm(folder, { recursive: true, force: true });
});

async function keep(name: string, username: string, password: string): Promise<void> {
  const args = [...store, 'credentials', 'set', name, '--username', username, '--stdin'];
  const { code, stdout, stderr } = await bringup(args, home, password);
  spoken.push(stdout, stderr);
  expect(code).toBe(0);
}

/** The lab's image with half a GiB of noise behind it, which nobody reads: enough to be caught on the way. */
async function largeImage(): Promise<{ readonly path: string; readonly sha256: string }> {
  const { path: image } = parse(await readFile(lab.siteFile, 'utf8')).deployment_vm.base_image as {
    path: string;
  };
  const large = path.join(folder, 'large.qcow2');
  await copyFile(image, large);
  for (let mebibytes = 0; mebibytes < 512; mebibytes += 32)
    await appendFile(large, randomBytes(32 * 2 ** 20));
  const sha256 = (await execa('sha256sum', [large])).stdout.split(' ')[0] ?? '';
  return { path: large, sha256 };
}

/** Starts an apply of the site with some of it changed; what it says is kept. */
async function start(changes: Readonly<Record<string, unknown>> = {}): Promise<Applying> {
  const file = Object.keys(changes).length === 0 ? site.siteFile : await changedSite(site, changes);
  const applying = startApply([...store, 'apply', file], home);
  const hear = ({ events }: Applied): void => {
    spoken.push(...events.map((event) => JSON.stringify(event)));
    for (const { run } of events) started.add(run);
  };
  void applying.done.then(hear, () => undefined);
  return applying;
}

async function apply(changes: Readonly<Record<string, unknown>> = {}): Promise<Applied> {
  return (await start(changes)).done;
}

const hasTitle = (event: RunEvent): boolean => event.kind === 'task.started' && event.title !== '';
const inStage = (stage: string, kind: RunEvent['kind']) => (event: RunEvent) =>
  event.kind === kind && 'stage' in event && event.stage === stage;

/** Every file of a machine's own disks and of its memory that holds a secret, but for what the kernel makes up. */
async function filesOf(machine: RemoteConnection): Promise<string[]> {
  await machine.writeFile(NEEDLES, `${forms.join('\n')}\n`, { mode: '0600', sudo: true });
  const search = `find / /run /tmp /dev/shm -xdev -type f -print0 | xargs -0 -r grep -laF -f ${NEEDLES} | sort -u`;
  const found = await machine.sudo(`sh -c '${search}'`);
  await machine.sudo(`rm -f ${NEEDLES}`);
  return found.stdout.split('\n').filter(Boolean);
}

async function filesOfVm(): Promise<string[]> {
  const accessKey = '/var/lib/bringup/sites/lab/ssh/access_ed25519';
  const privateKey = (await kvmHost.readFile(accessKey, { sudo: true })).toString();
  const vm = await login(VM, { username: 'bringup', privateKey }, kvmHost);
  try {
    return await filesOf(vm);
  } finally {
    vm.close();
  }
}

/** Exports a run and opens it on another laptop; what is said of it is kept. */
async function tryExport(run: string): Promise<void> {
  const file = path.join(home, 'exports', `${run}.bringup`);
  const [exported, shown, logs] = await Promise.all([
    bringup([...store, 'export', run, '--output', file], home),
    bringup(['show', run], home),
    bringup(['logs', run], home),
  ]);
  expect(exported.stderr).toBe('');
  spoken.push(exported.stdout, shown.stdout, logs.stdout);
  const text = gunzipSync(await readFile(file));
  expect(text.includes('run.started')).toBe(true);
  expect(formsIn(text, forms)).toEqual([]);
  expect((await bringup(['open', file], path.join(folder, `other-laptop-${run}`))).code).toBe(0);
}

describe('one site, from nothing to the end', () => {
  it('a wrong password of the KVM host changes nothing', async () => {
    const refused = await apply({ 'kvm_host.credential': 'wrong-kvm' });
    expect(refused.code).toBe(3);
    expect(refused.failures[0]?.why.key).toBe('ssh.auth_failed');
  });

  it('killed while it uploads, the next apply resumes the upload', async () => {
    const first = await start();
    await first.until((event) => event.kind === 'task.progress' && (event.progress?.done ?? 0) > 0);
    await first.kill();

    const second = await start();
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
    const third = await start();
    await third.until(inStage('kvm-host-preflight', 'stage.started'));
    const rival = await bringup([...store, 'apply', site.siteFile], home);
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

  it('cancelled in the middle of a stage, it ends and says so', async () => {
    const cancelled = await start();
    await cancelled.until((event) => inStage('deployment-vm', 'task.started')(event) && hasTitle(event));
    cancelled.interrupt();
    expect((await cancelled.done).code).toBe(4);
  });

  it('applied again from the window, through every step of the wizard, it changes nothing', async () => {
    const walked = await walkWizard({ home, store, siteFile: site.siteFile });
    expect(walked.foreign, 'addresses asked for beyond the browser host').toEqual([]);
    expect(walked.complaints).toEqual([]);
    started.add(walked.run);
    spoken.push(walked.text);
    const { stages } = JSON.parse((await bringup(['show', walked.run, '--json'], home)).stdout) as {
      stages: { id: string; status: string }[];
    };
    expect(stages.map(({ id, status }) => `${id} ${status}`)).toEqual([
      ...['kvm-host-preflight ok', 'upload ok', 'deployment-vm ok', 'network-services ok'],
    ]);
  });

  it('a changed VM definition says what changed and does nothing without consent', async () => {
    const result = await apply({ 'deployment_vm.memory_mib': 2560 });
    expect(result.code).toBe(1);
    expect(result.failures[0]?.why.key).toBe('vm.changed');
    expect(told(result)).toMatch(/2048.*2560/s);
    expect(told(result)).toMatch(/--confirm-vm-change/);
    const state = await kvmHost.sudo('virsh --connect qemu:///system dominfo lab-deploy');
    expect(state.stdout).toMatch(/running/);
    expect(state.stdout).toMatch(/2097152 KiB/);
  });

  it('verified, every acceptance test runs alone; a wrong password of a server fails the stage that uses it', async () => {
    const changes = { 'hosts.0.ssh.credential': 'wrong-node', 'parameters.network_tests': false };
    const file = await changedSite(site, changes);
    const [junit, html] = [path.join(folder, 'verified.xml'), path.join(folder, 'verified.html')];
    const args = [...store, '--json', 'verify', file, '--junit', junit, '--html', html];
    const { code, stdout } = await bringup(args, home);
    spoken.push(stdout);
    expect(code).not.toBe(0);
    const events = stdout.split('\n').map((line) => JSON.parse(line) as RunEvent);
    started.add(events[0]?.run ?? '');
    expect(stageStatuses({ events })).toEqual({
      ...{ 'kvm-host-preflight': 'ok', 'deployment-vm': 'ok' },
      'network-services': expect.stringMatching(/failed|unreachable|ok/),
    });
    const titles = events.flatMap((event) => (event.kind === 'task.started' ? [event.title] : []));
    expect(titles).toContain('Check every rule of the OVA');
    expect(titles).not.toContain('Build the OVA from the base image');
    expect(await readFile(junit, 'utf8')).toMatch(
      /<testcase classname="deployment-vm\.kvm-host" name="Prove [^"]*" time="[\d.]+"\/>/,
    );
    expect(await readFile(junit, 'utf8')).toMatch(
      /<testcase classname="network-services\.node-1"[^>]*>\s*<(error|failure) type="/,
    );
    expect(await readFile(html, 'utf8')).toContain('<!doctype html>');
  });
});

it('no stage asked for a name or an address outside the site', async () => {
  expect(await outside.stop()).toEqual([]);
});

describe('the secrets of runs that failed, were killed, cancelled and came to the end', () => {
  let found: Promise<[string[], string[]]>;

  // The machines are searched while the laptop exports.
  beforeAll(() => {
    found = Promise.all([filesOf(kvmHost), filesOfVm()]);
    // Told to the test that waits for it.
    found.catch(() => undefined);
  });

  it('are in no export, and every export can be opened elsewhere', async () => {
    const { runs } = JSON.parse((await bringup(['runs', '--json'], home)).stdout) as {
      runs: { run: string }[];
    };
    expect(runs.map(({ run }) => run)).toEqual(expect.arrayContaining([...started]));
    await mkdir(path.join(home, 'exports'));
    for (let at = 0; at < runs.length; at += 3)
      await Promise.all(runs.slice(at, at + 3).map(({ run }) => tryExport(run)));
  });

  it('show in no process, in nothing that was said, and in no file of the laptop, the KVM host and the deployment VM', async () => {
    const inMachines = await found;
    expect(processes.looks()).toBeGreaterThan(100);
    expect(processes.stop()).toEqual([]);
    expect(spoken.length).toBeGreaterThan(100);
    expect(formsIn(spoken.join('\n'), forms)).toEqual([]);

    expect((await readdir(path.join(home, 'runs'))).length).toBeGreaterThanOrEqual(started.size);
    await rm(path.join(folder, 'large.qcow2'));
    expect(filesWith(folder, forms)).toEqual([path.join(folder, 'passphrase')]);
    expect(inMachines).toEqual([[NEEDLES], [NEEDLES]]);
  });
});
