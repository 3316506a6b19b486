import dgram from 'node:dgram';
import dns from 'node:dns';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compose } from '../../main/compose.ts';
import type { Bringup } from '../../src/bringup.ts';
import type { RehearseOptions, RunDocument } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { rehearseOnce } from '../tour/make-tour.ts';

const ROOT = path.join(import.meta.dirname, '../..');

let home: string;
let bringup: Bringup;
const homeBefore = process.env['BRINGUP_HOME'];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-rehearse-'));
  process.env['BRINGUP_HOME'] = home;
  bringup = compose({ host: 'cli' });
});
afterAll(async () => {
  await bringup.close();
  if (homeBefore === undefined) delete process.env['BRINGUP_HOME'];
  else process.env['BRINGUP_HOME'] = homeBefore;
  await rm(home, { recursive: true, force: true });
});

/** The events of a run from one on, until it has ended. */
async function toEnd(run: string, from = 1): Promise<readonly RunEvent[]> {
  const seen: RunEvent[] = [];
  await new Promise<void>((resolve) => {
    const stop = bringup.subscribe(run, from, (events) => {
      seen.push(...events);
      if (events.some(({ kind }) => kind === 'run.finished')) {
        queueMicrotask(() => stop());
        resolve();
      }
    });
  });
  return seen;
}

async function rehearse(options: RehearseOptions = {}): Promise<RunDocument> {
  const { run } = await bringup.call('rehearse.start', options);
  await toEnd(run);
  return bringup.call('runs.show', { run });
}

const failuresOf = (run: RunDocument) =>
  run.stages.flatMap((stage) => stage.failures.map(({ why, owner }) => [stage.id, why.key, owner]));
const statusesOf = (run: RunDocument) => run.stages.map(({ id, status }) => [id, status]);

describe('a rehearsal of the rehearsal site', () => {
  let run: RunDocument;
  beforeAll(async () => {
    run = await rehearse();
  });

  it('says everywhere that it is one', async () => {
    expect(run.site).toBe('plant-1 (rehearsal)');
    expect(run.choices?.rehearsal).toEqual({ faults: [], pace: 'max' });
    expect(run.text).toMatch(/^Rehearsal: /);
    expect(run.stages.map((stage) => stage.expect_seconds)).toEqual(run.stages.map(() => undefined));
    const { runs } = await bringup.call('runs.list', {});
    expect(runs).toMatchObject([{ run: run.run, rehearsal: true }]);
    const { text } = await bringup.call('runs.report', { run: run.run, format: 'markdown' });
    expect(text).toContain('a run against simulated machines, which proves nothing of the site');
    expect(text).toContain('Every machine of the site was simulated; none was touched.');
  });

  it('reads machines, plays what was recorded for every target server, and passes over the rest', async () => {
    const names = await readdir(path.join(ROOT, 'assets/rehearsal/stages'));
    const recorded = new Set(names.map((name) => path.basename(name, '.jsonl')));
    const [discovery, preflight, upload, ...others] = run.stages;
    expect([discovery?.status, preflight?.status, upload?.status]).toEqual(['ok', 'ok', 'changed']);
    const played = others.filter(({ id }) => recorded.has(id));
    expect(played.map(({ id }) => id)).toContain('network-services');
    // Two of them look and change nothing.
    expect(played.filter(({ status }) => status !== 'changed').map(({ id, status }) => [id, status])).toEqual(
      [
        ['ome', 'ok'],
        ['health', 'ok'],
      ],
    );
    for (const { id, status, text } of others.filter((stage) => !played.includes(stage)))
      expect([id, status, text]).toEqual([
        id,
        'skipped',
        'not rehearsed: there is no recording of this stage yet',
      ]);
    const match = run.stages[0]?.tasks.find(({ id }) => id === 'match')?.hosts ?? {};
    expect(Object.values(match).map(({ text }) => text)).toEqual([
      ...['profile control-plane', 'profile control-plane', 'profile control-plane'],
      ...['profile compute', 'profile compute', 'profile storage-dense'],
    ]);
    const services = run.stages.find(({ id }) => id === 'network-services');
    const lease = services?.tasks.find(({ title }) => title.startsWith('Take a lease'))?.hosts ?? {};
    expect(Object.keys(lease)).toEqual(['node-1', 'node-2', 'node-3', 'node-4', 'node-5', 'node-6']);
    expect(lease['node-6']?.text).toContain('10.20.0.10 gave 10.20.0.105');
  });

  it('is told to no real run: neither its discovery nor its times, nor what it has done', async () => {
    const file = path.join(ROOT, 'assets/rehearsal/site.yaml');
    expect(await bringup.call('hardware.last', { file })).toEqual({ result: null });
    const plan = await bringup.call('plan.show', { file });
    expect(plan.site).toBe('plant-1');
    expect(
      plan.stages.filter(({ done, expect_from }) => done !== undefined || expect_from === 'history'),
    ).toEqual([]);
  });

  it('asks no machine afterwards either', async () => {
    const failed = await rehearse({ faults: ['host-off'] });
    await expect(bringup.call('vantage.probe', { run: failed.run })).rejects.toMatchObject({
      code: 'REHEARSAL_ONLY',
    });
  });
});

describe('faults', () => {
  it.each([
    ['bmc-password:node-4', 'discovery', 'redfish.auth_failed', 'field-engineer'],
    ['bmc-certificate-expired', 'discovery', 'redfish.certificate_expired', 'field-engineer'],
    ['bmc-certificate-changed', 'discovery', 'redfish.certificate_changed', 'field-engineer'],
    ['bmc-busy', 'discovery', 'redfish.bmc_not_ready', 'field-engineer'],
    ['bmc-silent', 'discovery', 'redfish.silent', 'customer-network'],
    ['kvm-password', 'kvm-host-preflight', 'ssh.auth_failed', 'field-engineer'],
    ['kvm-unreachable', 'kvm-host-preflight', 'ssh.timeout', 'customer-network'],
    ['disk-full', 'kvm-host-preflight', 'storage.disk_full', 'field-engineer'],
    ['kvm-hangs', 'kvm-host-preflight', 'libvirt.kvm_unavailable', 'field-engineer'],
    ['clock-off', 'kvm-host-preflight', 'clock.skew', 'field-engineer'],
    ['image-hash', 'upload', 'image.checksum_mismatch', 'field-engineer'],
    ['vm-no-boot', 'deployment-vm', 'vm.cpu_idle', 'customer-it'],
    ['vm-address-taken', 'deployment-vm', 'vm.address_taken', 'customer-network'],
    ['dhcp-other-server', 'network-services', 'dhcp.other_server', 'customer-network'],
    ['ntp-off:node-2', 'network-services', 'ntp.answer', 'customer-network'],
    ['host-off', 'network-services', 'ssh.no_route', 'customer-network'],
    ['dns-dead', 'network-tests', 'network.dns_down', 'field-engineer'],
    ['mtu-1400', 'network-tests', 'network.mtu', 'customer-network'],
    ['duplicate-address', 'network-tests', 'network.duplicate_address', 'customer-network'],
    ['port-blocked:node-3', 'network-tests', 'network.port_firewall', 'field-engineer'],
    ['repository-hash', 'repository', 'repository.corrupted', 'field-engineer'],
    ['repository-certificate', 'repository', 'repository.certificate_expired', 'field-engineer'],
    ['ome-down', 'ome-discovery', 'ome.unreachable', 'customer-network'],
    ['catalogue-missing', 'firmware', 'firmware.catalog_missing', 'field-engineer'],
    ['dup-other-model:node-2', 'firmware', 'firmware.package_model', 'field-engineer'],
    ['job-stuck', 'firmware', 'firmware.job_endless', 'field-engineer'],
    ['artifact-hash', 'rke2', 'rke2.artifact_hash', 'field-engineer'],
  ])('%s ends the run as a real one would', async (fault, stage, key, owner) => {
    const run = await rehearse({ faults: [fault] });
    expect(run.status).toBe('failed');
    expect(failuresOf(run)).toEqual([[stage, key, owner]]);
  });

  it('are all tried above', async () => {
    const { faults } = await bringup.call('rehearse.faults', {});
    expect(faults.filter(({ playable }) => playable)).toHaveLength(27);
  });

  it('are mended by the time the run goes on; finished stages stay finished', async () => {
    const { run } = await rehearse({ faults: ['vm-no-boot'] });
    const { from } = await bringup.call('runs.resume', { run });
    const events = await toEnd(run, from);
    const started = events.flatMap((event) => (event.kind === 'stage.started' ? [event.stage] : []));
    expect(started.slice(0, 2)).toEqual(['deployment-vm', 'network-services']);
    const mended = await bringup.call('runs.show', { run });
    expect(mended.status).toBe('changed');
    expect(mended.stages.find(({ id }) => id === 'deployment-vm')).toMatchObject({
      attempt: 2,
      failures: [],
    });
  });

  it('stay where they are to stay', async () => {
    const { run } = await rehearse({ faults: ['disk-full'], keepFault: true });
    const { from } = await bringup.call('runs.retry', { run });
    await toEnd(run, from);
    const again = await bringup.call('runs.show', { run });
    expect(failuresOf(again)).toEqual([['kvm-host-preflight', 'storage.disk_full', 'field-engineer']]);
    expect(statusesOf(again)[2]).toEqual(['upload', 'skipped']);
  });

  it.each([
    ['disk-ful', 'Did you mean disk-full?'],
    ['disk-full:node-1', 'Write it without a host: --fault disk-full'],
    ['ntp-off:node-9', 'Did you mean node-1?'],
  ])('that are none are refused before anything begins: %s', async (fault, hint) => {
    await expect(bringup.call('rehearse.start', { faults: [fault] })).rejects.toMatchObject({
      code: 'REHEARSAL_FAULT',
      exit: 2,
      hint,
    });
  });
});

it('passes over a stage that has no recording, says so, and goes on behind it', async () => {
  const assets = path.join(home, 'assets');
  await cp(path.join(ROOT, 'assets/rehearsal'), assets, { recursive: true });
  await rm(path.join(assets, 'stages/logging.jsonl'));
  const place = { home: path.join(home, 'other'), assets, root: ROOT, version: '0' };
  const journal = (await rehearseOnce(place, {})).trimEnd().split('\n');
  const ended = journal
    .map((line) => JSON.parse(line) as RunEvent)
    .filter(({ kind }) => kind === 'stage.finished');
  expect(ended.find((event) => Reflect.get(event, 'stage') === 'logging')).toMatchObject({
    status: 'skipped',
    text: 'not rehearsed: there is no recording of this stage yet',
  });
  expect(ended.find((event) => Reflect.get(event, 'stage') === 'logging-kvm-host')).toMatchObject({
    status: 'changed',
  });
});

it('opens no connection beyond loopback, whatever addresses the site file has', async () => {
  const asked: string[] = [];
  const { connect } = net.Socket.prototype;
  const { lookup } = dns;
  const spies = [
    vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (
      this: net.Socket,
      ...given: unknown[]
    ) {
      const [first] = given.flat() as [{ host?: string; path?: string }];
      asked.push(first.path ?? first.host ?? 'no host');
      return connect.apply(this, given as never);
    }),
    vi.spyOn(dns, 'lookup').mockImplementation((...given: unknown[]) => {
      asked.push(String(given[0]));
      lookup.apply(dns, given as never);
    }),
    vi.spyOn(dgram, 'createSocket').mockImplementation(() => {
      throw new Error('a datagram was to be sent');
    }),
  ];
  try {
    expect(await rehearse()).toMatchObject({ status: 'changed' });
    const { run } = await rehearse({ faults: ['host-off', 'bmc-password'] });
    await toEnd(run, (await bringup.call('runs.resume', { run })).from);
    expect(await bringup.call('runs.show', { run })).toMatchObject({ status: 'changed' });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  expect(asked.length).toBeGreaterThan(12);
  expect(new Set(asked)).toEqual(new Set(['127.0.0.1']));
});

it('stops at the next event when it is cancelled', async () => {
  const { run } = await bringup.call('rehearse.start', { pace: 1 });
  await bringup.call('runs.cancel', { run });
  await toEnd(run);
  expect(await bringup.call('runs.show', { run })).toMatchObject({ status: 'cancelled' });
});
