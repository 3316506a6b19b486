import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalPath } from '../../main/adapters/journal-files.ts';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { EventBody, RunEvent } from '../../src/contract/events.ts';
import { encodeEvent } from '../../src/runs/index.ts';
import { laptopPorts } from './laptop-ports.ts';
import { writeLoopbackSite } from './loopback-site.ts';

let folder: string;
let home: string;
let services: Bringup[];
let mute: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-taken-up-'));
  home = path.join(folder, 'home');
  services = [];
});
afterEach(async () => {
  for (const service of services) await service.close();
  mute?.close();
  mute = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** One Bringup of the laptop; several share its home, as processes do. */
function openBringup(): Bringup {
  const installer = { username: 'installer', password: 'a long enough password' };
  const service = createBringup(laptopPorts(home, { 'kvm-host': installer, node: installer }));
  services.push(service);
  return service;
}

const HOST = `ssh: {user: admin, credential: node}
    interfaces: [{name: nic1, mac: "02:00:5e:00:00:11", network: mgmt, address: 127.0.0.11}]`;
const writeSite = (port?: number): string => writeLoopbackSite(folder, HOST, port);

/** Something that takes connections and says nothing: a login there lasts until somebody cancels it. */
async function startMuteHost(): Promise<number> {
  mute = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => mute?.listen(0, '127.0.0.1', resolve));
  const address = mute.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Every event of a run as a watcher gets them, until one that fits. */
function watch(
  service: Bringup,
  run: string,
  from: number,
  last: (event: RunEvent) => boolean,
): Promise<RunEvent[]> {
  return new Promise((resolve) => {
    const seen: RunEvent[] = [];
    const stop = service.subscribe(run, from, (events) => {
      for (const event of events) {
        seen.push(event);
        if (!last(event)) continue;
        queueMicrotask(() => stop());
        return resolve(seen);
      }
    });
  });
}

const isEnd = ({ kind }: RunEvent): boolean => kind === 'run.finished';

/** The journal of a run whose Bringup was killed: the preflight passed, the upload was going on. */
function leaveRun(file: string, more: EventBody[] = []): string {
  const run = '20261121-020000-bench-0001';
  const stages = ['kvm-host-preflight', 'upload'].map((id, index) => ({
    ...{ id, title: id, runs_on: 'laptop' as const, hosts: ['kvm-host'] },
    after: index === 0 ? [] : ['kvm-host-preflight'],
  }));
  const inputs = { site: { 'deployment_vm.memory_mib': 4096, 'deployment_vm.cpus': 4 }, hashes: {} };
  const bodies: EventBody[] = [
    {
      ...{ kind: 'run.started', site: 'bench', stack: 'dell-rke2 1', site_file: file, schema: 2, stages },
      version: '0',
    },
    { kind: 'stage.started', stage: 'kvm-host-preflight', attempt: 1, inputs },
    { kind: 'stage.finished', stage: 'kvm-host-preflight', status: 'ok' },
    { kind: 'stage.started', stage: 'upload', attempt: 1 },
    ...more,
  ];
  const lines = bodies.map((body, index) =>
    encodeEvent({ seq: index + 1, at: '2026-11-21T02:00:00Z', run, ...body }),
  );
  const journal = journalPath(home, run);
  mkdirSync(path.dirname(journal), { recursive: true });
  writeFileSync(journal, `${lines.join('\n')}\n`);
  return run;
}

describe('a run that is taken up again', () => {
  it('goes on in its own journal, and a watcher gets all of it once and in order', async () => {
    const service = openBringup();
    const { run } = await service.call('runs.apply', { siteFile: writeSite() });
    const first = await watch(service, run, 1, isEnd);
    expect(first.at(-1)).toMatchObject({ kind: 'run.finished', status: 'failed' });
    // Its end is told before the lock on the site is given back.
    await service.close();

    const later = openBringup();
    const resumed = await later.call('runs.resume', { run });
    expect(resumed).toEqual({ run, from: first.length + 1 });
    const all = await watch(later, run, 1, (event) => isEnd(event) && event.seq >= resumed.from);
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_event, index) => index + 1));
    expect(all.slice(0, first.length)).toEqual(first);
    expect(all[first.length]).toMatchObject({ kind: 'run.resumed', reason: 'it had ended failed' });
    const lines = readFileSync(journalPath(home, run), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as RunEvent)).toEqual(all);
    const { stages, last_seq } = await later.call('runs.show', { run });
    expect(last_seq).toBe(all.length);
    expect(stages[0]).toMatchObject({
      attempt: 2,
      status: 'unreachable',
      attempts: [{ status: 'unreachable' }],
    });
  });

  it('is not taken up twice at once, nor with the file of another site', async () => {
    const service = openBringup();
    const file = writeSite(await startMuteHost());
    const { run } = await service.call('runs.apply', { siteFile: file });
    await expect(openBringup().call('runs.resume', { run })).rejects.toMatchObject({
      code: 'SITE_LOCKED',
      hint: expect.stringContaining(`bringup cancel ${run}`),
    });
    await service.call('runs.cancel', { run });
    await watch(service, run, 1, isEnd);
    writeFileSync(file, readFileSync(file, 'utf8').replace('name: bench', 'name: other'));
    await expect(service.call('runs.resume', { run })).rejects.toMatchObject({ code: 'RESUME_OTHER_SITE' });
  });

  it('carries what the laptop was at when it died out again, and what the changed site file asks for', async () => {
    const run = leaveRun(writeSite());
    const service = openBringup();
    const { from } = await service.call('runs.resume', { run });
    const events = await watch(service, run, from, isEnd);
    expect(events[0]).toMatchObject({
      kind: 'run.resumed',
      stale: [{ stage: 'kvm-host-preflight', why: 'deployment_vm.memory_mib: 4096, now 8192' }],
    });
    expect(events[1]).toMatchObject({ kind: 'stage.started', stage: 'kvm-host-preflight', attempt: 2 });
    const { stages } = await service.call('runs.show', { run });
    expect(stages.map(({ id }) => id)).toEqual([
      ...['kvm-host-preflight', 'upload', 'deployment-vm', 'network-services', 'network-tests', 'health'],
    ]);
  });

  it('ends where it was told to, and goes on behind that stage once it is done', async () => {
    const file = writeSite();
    const service = openBringup();
    const until = 'kvm-host-preflight';
    await expect(service.call('runs.apply', { siteFile: file, until: 'preflight' })).rejects.toMatchObject({
      code: 'STAGE_UNKNOWN',
      hint: expect.stringContaining(until),
    });
    const { run } = await service.call('runs.apply', { siteFile: file, until });
    const first = await watch(service, run, 1, isEnd);
    const stagesOf = async (): Promise<string[]> =>
      (await service.call('runs.show', { run })).stages.map(({ id }) => id);
    expect(await stagesOf()).toEqual([until]);

    const again = await service.call('runs.resume', { run });
    await watch(service, run, again.from, isEnd);
    expect(await stagesOf(), 'it failed, so it still ends there').toEqual([until]);

    const skip = [{ stage: until, reason: 'checked by hand' }];
    const third = await service.call('runs.resume', { run, skip });
    await watch(service, run, third.from, isEnd);
    const { runs } = await service.call('runs.list', {});
    expect(runs[0], 'not the good end of a site').toMatchObject({ status: 'ok', until });
    const fourth = await service.call('runs.resume', { run });
    await watch(service, run, fourth.from, isEnd);
    expect(await stagesOf()).toEqual([
      ...[until, 'upload', 'deployment-vm', 'network-services', 'network-tests', 'health'],
    ]);
    expect(again.from).toBe(first.length + 1);
  });

  it('can pass over a stage for a reason', async () => {
    const run = leaveRun(writeSite());
    const skip = [{ stage: 'deployment-vm', reason: 'it stands already' }];
    const service = openBringup();
    const { from } = await service.call('runs.retry', { run, stage: 'kvm-host-preflight', skip });
    const events = await watch(service, run, from, isEnd);
    expect(events).toContainEqual(
      expect.objectContaining({
        ...{ kind: 'stage.finished', stage: 'deployment-vm', status: 'overridden' },
        overridden: 'it stands already',
      }),
    );
    // Nothing holds the stage behind it back any more; here it finds that there is no machine.
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'stage.finished', stage: 'network-services', status: 'unreachable' }),
    );
    await expect(
      service.call('runs.retry', { run, skip: [{ stage: 'deployment-vm', reason: '' }] }),
    ).rejects.toMatchObject({ code: 'SKIP_REASON' });
  });
});

describe('a run that is cancelled', () => {
  it('by another process is ended by the one that carries it out', async () => {
    const owner = openBringup();
    const { run } = await owner.call('runs.apply', { siteFile: writeSite(await startMuteHost()) });
    const other = openBringup();
    const ended = watch(other, run, 1, isEnd);
    expect(await other.call('runs.cancel', { run })).toEqual({ cancelled: true });
    expect((await ended).at(-1)).toMatchObject({ kind: 'run.finished', status: 'cancelled' });
    expect(await other.call('runs.cancel', { run })).toEqual({ cancelled: false });
  });

  it('after its process died is ended by whoever asks', async () => {
    const run = leaveRun(writeSite());
    const service = openBringup();
    expect(await service.call('runs.cancel', { run })).toEqual({ cancelled: true });
    const events = await watch(service, run, 5, isEnd);
    expect(events.map(({ kind }) => kind)).toEqual(['run.resumed', 'stage.finished', 'run.finished']);
    expect(events[1]).toMatchObject({
      ...{ stage: 'upload', status: 'cancelled' },
      text: expect.stringContaining('interrupted on the laptop'),
    });
    expect(events[2]).toMatchObject({ status: 'cancelled' });
  });
});

describe('a plan', () => {
  it('says which stages the newest run has finished, and which no longer stand and why', async () => {
    const file = writeSite();
    const run = leaveRun(file);
    const { stages } = await openBringup().call('plan.show', { file });
    expect(stages[0]).toMatchObject({
      done: { run, status: 'ok' },
      stale: { changes: [{ path: 'deployment_vm.memory_mib', from: 4096, to: 8192 }] },
    });
    expect(stages[1]).toMatchObject({ done: { status: 'running' } });
    expect(stages[2]?.done).toBeUndefined();
  });
});
