import dgram from 'node:dgram';
import dns from 'node:dns';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compose } from '../../main/compose.ts';
import type { Bringup } from '../../src/bringup.ts';
import type { RehearseOptions, ResumeOptions, RunDocument } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { rehearseOnce } from '../tour/make-tour.ts';
import { FAULTS, MENDED } from './rehearse-faults.ts';

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

async function goOn({ run }: RunDocument, more: Omit<ResumeOptions, 'run'> = {}): Promise<RunDocument> {
  const { from } = await bringup.call('runs.resume', { run, ...more });
  await toEnd(run, from);
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
    expect(Object.keys(lease)).toEqual(['node-1', 'node-2', 'node-3', 'node-4', 'node-5']);
    expect(lease['node-5']?.text).toContain('10.20.0.10 gave 10.20.0.104');
    expect(services?.text).toMatch(/; without node-6: no operating system yet$/);
    const { text } = await bringup.call('runs.report', { run: run.run, format: 'markdown' });
    expect(text).toContain('| node-6 | Network services | not tried yet: no operating system |');
    expect(text).toMatch(/\| node-6 \| Tests from installed servers \| \d+ ok, 2 changed \|/);
  });

  it('shows who reaches whom and how each layer is, for every machine of the site', async () => {
    const machines = ['deploy', 'kvm-host', ...[1, 2, 3, 4, 5, 6].map((number) => `node-${number}`)];
    const matrix = (stage: string) => run.stages.find(({ id }) => id === stage)?.matrix;
    for (const stage of ['network-tests', 'server-checks', 'health']) {
      const rows = matrix(stage)?.rows.map(({ machine }) => machine);
      expect(rows, stage).toEqual(expect.arrayContaining(machines));
      expect(matrix(stage)?.counts.failed, stage).toBe(0);
    }
    expect(matrix('network-tests')?.rows.at(-1)).toMatchObject({
      machine: 'node-6',
      untried: 'has no operating system yet',
    });
    expect(matrix('server-checks')?.rows.filter(({ untried }) => untried !== undefined)).toEqual([]);
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
  it.each(FAULTS)('%s ends the run as a real one would', async (fault, stage, key, owner) => {
    const run = await rehearse({ faults: [fault] });
    expect(run.status).toBe('failed');
    expect(failuresOf(run)).toEqual([[stage, key, owner]]);
    const [record] = run.stages.flatMap(({ failures }) => failures);
    expect(record?.fixes.map(({ title }) => title).filter((title) => title.length > 10)).not.toEqual([]);
    expect(JSON.stringify(record)).not.toContain('{{');
    const { matrix } = run.stages.find(({ id }) => id === stage) ?? {};
    if (matrix !== undefined) expect(matrix.counts.failed).toBeGreaterThan(0);
    if (!MENDED.has(fault)) return;
    const again = await goOn(run);
    expect(again.status).toBe('changed');
    const mended = again.stages.find(({ id }) => id === stage);
    expect(mended?.failures).toEqual([]);
    expect(mended?.attempt).toBeGreaterThan(1);
  });

  it('are all tried above', async () => {
    const { faults } = await bringup.call('rehearse.faults', {});
    const playable = faults.flatMap(({ name, playable: can }) => (can ? [name] : []));
    expect(playable.toSorted()).toEqual(
      [...new Set(FAULTS.map(([fault]) => fault.replace(/:.*/, '')))].toSorted(),
    );
  });

  it('are mended by the time the run goes on; finished stages stay finished', async () => {
    // A site that nobody has discovered before.
    const folder = path.join(home, 'fresh');
    await cp(path.join(ROOT, 'assets/rehearsal'), folder, { recursive: true });
    const siteFile = path.join(folder, 'site.yaml');
    await writeFile(siteFile, (await readFile(siteFile, 'utf8')).replace('name: plant-1', 'name: plant-9'));
    const { run } = await rehearse({ siteFile, faults: ['vm-no-boot'] });
    const { from } = await bringup.call('runs.resume', { run });
    const events = await toEnd(run, from);
    const started = events.flatMap((event) => (event.kind === 'stage.started' ? [event.stage] : []));
    expect(started.slice(0, 2)).toEqual(['deployment-vm', 'network-services']);
  });

  it('are mended where a stage is carried out again, which then tries the server that was installed', async () => {
    const { run } = await rehearse({ faults: ['artifact-hash'] });
    const { from } = await bringup.call('runs.retry', { run, stage: 'network-services' });
    await toEnd(run, from);
    const { stages } = await bringup.call('runs.show', { run });
    const services = stages.find(({ id }) => id === 'network-services');
    const lease = services?.tasks.find(({ title }) => title.startsWith('Take a lease'));
    expect(lease?.hosts['node-6']?.text).toContain('10.20.0.105');
  });

  it('stay where they are to stay', async () => {
    const { run } = await rehearse({ faults: ['disk-full'], keepFault: true });
    const { from } = await bringup.call('runs.retry', { run });
    await toEnd(run, from);
    const again = await bringup.call('runs.show', { run });
    expect(failuresOf(again)).toEqual([['kvm-host-preflight', 'storage.disk_full', 'field-engineer']]);
    expect(statusesOf(again)[2]).toEqual(['upload', 'skipped']);
  });

  it.each(['bmc-password', 'ome-down'])(
    'stay once where somebody goes on without having mended them: %s',
    async (fault) => {
      const first = await rehearse({ faults: [fault] });
      const second = await goOn(first, { keepFault: true });
      expect(second.status).toBe('failed');
      expect(failuresOf(second)).toEqual(failuresOf(first));
      expect(second.stages.find(({ failures }) => failures.length > 0)?.attempt).toBe(2);
      const third = await goOn(second);
      expect(third.status).toBe('changed');
    },
  );

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
  // No fault was put into it, so none can stay.
  const again = bringup.call('runs.resume', { run, keepFault: true });
  await expect(again).rejects.toMatchObject({ code: 'REHEARSAL_NO_FAULT', exit: 2 });
});
