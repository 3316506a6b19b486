import { describe, expect, it } from 'vitest';
import type { PlannedStage, RunEvent, StageInputs } from '../../src/contract/events.ts';
import { expectFrom, findStale, goodDurations, planResume, siteInputs } from '../../src/runs/index.ts';
import { createMemoryJournal, makeRun, neverCancelled, stage, stateOf } from './runs-rig.ts';

const remote = (id: string, more: Partial<PlannedStage> = {}, ...after: string[]): PlannedStage => ({
  ...stage(id, ...after),
  ...more,
});

describe('finished stages whose inputs changed', () => {
  const site = {
    networks: [
      { name: 'mgmt', cidr: '10.20.0.0/24' },
      { name: 'oob', cidr: '10.20.1.0/24' },
    ],
    services: { ntp: { mode: 'managed' }, dns: { mode: 'managed' } },
    hosts: [{ name: 'node-1', serial: 'A' }],
  };
  const uses: Record<string, string[]> = {
    a: ['services.ntp', 'networks'],
    b: ['hosts'],
    c: ['services.dns'],
  };
  const inputsOf =
    (data: unknown, playbooks = 'p1') =>
    ({ id }: PlannedStage): Promise<StageInputs> =>
      Promise.resolve({ site: siteInputs(data, uses[id] ?? []), hashes: { playbooks } });
  const stages = [remote('a'), remote('b'), remote('c', {}, 'a')];

  async function staleAfter(data: unknown, playbooks = 'p1'): Promise<ReturnType<typeof findStale>> {
    const journal = createMemoryJournal();
    await makeRun(stages, {}, journal, { inputsOf: inputsOf(site) }).start(neverCancelled);
    const now = new Map<string, StageInputs>();
    for (const planned of stages) now.set(planned.id, await inputsOf(data, playbooks)(planned));
    return findStale(await stateOf(journal.lines), stages, now);
  }

  it('are none where nothing they use changed', async () => {
    expect(await staleAfter(structuredClone(site))).toEqual([]);
    const { networks, ...rest } = site;
    expect(await staleAfter({ site: { contact: 'other' }, ...rest, networks })).toEqual([]);
  });

  it('are named with what changed, from what to what, and those after them as well', async () => {
    const changed = structuredClone(site);
    changed.services.ntp.mode = 'existing';
    expect(await staleAfter(changed)).toEqual([
      {
        stage: 'a',
        why: 'services.ntp.mode: managed, now existing',
        changes: [{ path: 'services.ntp.mode', from: 'managed', to: 'existing' }],
      },
      { stage: 'c', why: 'comes after a, which has to run again', changes: [] },
    ]);
  });

  it('know entries of a list by their names', async () => {
    const changed = structuredClone(site);
    changed.hosts.unshift({ name: 'node-0', serial: 'B' });
    expect(await staleAfter(changed)).toMatchObject([
      { stage: 'b', changes: [{ path: 'hosts[node-0]', to: { name: 'node-0', serial: 'B' } }] },
    ]);
    const turned = structuredClone(site);
    turned.networks.reverse();
    expect(await staleAfter(turned)).toMatchObject([
      { stage: 'a', changes: [{ path: 'networks' }] },
      { stage: 'c' },
    ]);
  });

  it('are all where the playbooks are others', async () => {
    const stale = await staleAfter(site, 'p2');
    expect(stale.map((entry) => [entry.stage, entry.changes])).toEqual(
      ['a', 'b', 'c'].map((id) => [id, [{ path: 'playbooks' }]]),
    );
  });

  it('run again when the run goes on, and only those', async () => {
    const journal = createMemoryJournal();
    await makeRun(stages, {}, journal, { inputsOf: inputsOf(site) }).start(neverCancelled);
    const state = await stateOf(journal.lines);
    const stale = [{ stage: 'b', why: 'hosts changed', changes: [] }];
    const { starts } = planResume(state, stages, stale, {});
    expect(Object.fromEntries(starts)).toEqual({
      a: { how: 'keep' },
      b: { how: 'begin', reason: 'hosts changed' },
      c: { how: 'keep' },
    });
  });
});

describe('the time a stage is expected to take', () => {
  const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 21, 2) + seconds * 1000).toISOString();
  let seq = 0;
  const event = (seconds: number, body: object): RunEvent =>
    ({ seq: (seq += 1), at: at(seconds), run: 'r1', ...body }) as RunEvent;
  const attempt = (seconds: number, status: string, more: object = {}): RunEvent[] => [
    event(0, { kind: 'stage.started', stage: 'a', ...more }),
    event(seconds, { kind: 'stage.finished', stage: 'a', status }),
  ];

  it('is learned from whole, good and uninterrupted attempts alone', () => {
    expect(goodDurations([...attempt(10, 'ok'), ...attempt(12, 'changed')]).get('a')).toEqual([10, 12]);
    expect(goodDurations(attempt(10, 'failed')).size).toBe(0);
    expect(goodDurations(attempt(10, 'ok', { hosts: ['node-2'] })).size).toBe(0);
    expect(goodDurations(attempt(10, 'ok', { from_task: 'X' })).size).toBe(0);
    const [started, finished] = attempt(900, 'ok') as [RunEvent, RunEvent];
    const resumed = event(800, { kind: 'run.resumed', reason: 'x' });
    expect(goodDurations([started, resumed, finished]).size).toBe(0);
    expect(goodDurations(attempt(-60, 'ok')).size).toBe(0);
  });

  it('is the median of the last five, else the word of the stack', () => {
    const planned = [remote('a', { expect_seconds: 100 }), remote('b', { expect_seconds: 7 })];
    const taken = new Map([['a', [10, 30, 20, 50, 40, 9999]]]);
    expect(expectFrom(planned, taken)).toMatchObject([
      { id: 'a', expect_seconds: 30, expect_from: 'history' },
      { id: 'b', expect_seconds: 7 },
    ]);
    expect(expectFrom(planned, new Map([['a', [10, 20]]]))).toMatchObject([{ expect_seconds: 15 }, {}]);
  });
});
