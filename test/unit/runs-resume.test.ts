import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/contract/errors.ts';
import type { PlannedStage, RunEvent } from '../../src/contract/events.ts';
import type { StageAttempt, StageOutcome } from '../../src/contract/ports.ts';
import { planResume, type RunState } from '../../src/runs/index.ts';
import {
  createMemoryJournal,
  listen,
  makeRun,
  neverCancelled,
  outcomes,
  resumeRun,
  stage,
  stateOf,
  type Executors,
} from './runs-rig.ts';

const HOSTS = ['deploy', 'node-1', 'node-2', 'node-3'];
const remote = (id: string, more: Partial<PlannedStage> = {}, ...after: string[]): PlannedStage => ({
  ...stage(id, ...after),
  ...{ runs_on: 'deployment-vm', hosts: HOSTS },
  ...more,
});

/** An executor that notes the attempts it is given and ends as told, one outcome after the other. */
function noted(...ends: StageOutcome[]): { attempts: StageAttempt[]; execute: Executors[string] } {
  const attempts: StageAttempt[] = [];
  return {
    attempts,
    execute: (attempt, planned, emit) => {
      attempts.push(attempt);
      const end = ends[attempts.length - 1] ?? { status: 'ok' };
      if (end.status === 'failed') {
        const where = { stage: planned.id, runs_on: planned.runs_on, task: 'Write', host: 'node-2' };
        emit({ kind: 'task.started', task: 't', title: 'Write' });
        emit({ kind: 'host.result', task: 't', host: 'node-2', status: 'failed' });
        emit({ kind: 'failure', input: { what: 'x', where, message: 'full', evidence: [] } });
      }
      return Promise.resolve(end);
    },
  };
}

/** Carries stages out and gives the journal of it. */
async function journalOf(stages: readonly PlannedStage[], executors: Executors): Promise<string[]> {
  const journal = createMemoryJournal();
  await makeRun(stages, executors, journal).start(neverCancelled);
  return journal.lines;
}

async function goOn(
  lines: readonly string[],
  stages: readonly PlannedStage[],
  executors: Executors,
  more: Parameters<typeof resumeRun>[4] = {},
): Promise<{ state: RunState; exit: number; told: RunEvent[] }> {
  const run = resumeRun(await stateOf(lines), stages, executors, createMemoryJournal(), more);
  const told = listen(run);
  return { ...(await run.start(neverCancelled)), told };
}

describe('a run that goes on', () => {
  it('keeps what is finished, tries again what failed as another attempt, and goes on with the rest', async () => {
    const stages = [remote('a'), remote('b', {}, 'a'), remote('c', {}, 'b')];
    const [a, b] = [noted(), noted({ status: 'failed', text: 'disk too small' })];
    const executors = { a: a.execute, b: b.execute };
    const lines = await journalOf(stages, executors);
    const { state, exit, told } = await goOn(lines, stages, executors);
    expect(exit).toBe(EXIT.done);
    expect(a.attempts).toHaveLength(1);
    expect(b.attempts.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(outcomes(told)).toEqual(['b: ok', 'c: ok']);
    expect(state.stages.get('b')).toMatchObject({
      ...{ status: 'ok', attempt: 2, failures: [] },
      attempts: [{ attempt: 1, status: 'failed', text: 'disk too small', failures: [{ what: 'x' }] }],
    });
    expect(state).toMatchObject({ status: 'ok', resumed: { reason: 'it was killed' } });
  });

  it('has nothing to do after a good end, and says what else there is', async () => {
    const stages = [remote('a')];
    const lines = await journalOf(stages, {});
    await expect(goOn(lines, stages, {})).rejects.toMatchObject({
      code: 'RESUME_NOTHING',
      hint: expect.stringContaining('bringup retry --stage'),
    });
  });

  it('retries a named stage although it ended well', async () => {
    const stages = [remote('a'), remote('b', {}, 'a')];
    const lines = await journalOf(stages, {});
    const { told } = await goOn(lines, stages, {}, { wish: { retry: { stage: 'a' } } });
    expect(outcomes(told)).toEqual(['a: ok']);
    expect(told).toContainEqual(
      expect.objectContaining({
        kind: 'stage.started',
        stage: 'a',
        attempt: 2,
        reason: 'it is carried out again',
      }),
    );
  });

  it('retries only the hosts that failed, with the one that controls them, then tries all', async () => {
    const stages = [remote('a', { acceptance: 'acceptance' })];
    const a = noted({ status: 'failed' });
    const lines = await journalOf(stages, { a: a.execute });
    const { state } = await goOn(lines, stages, { a: a.execute }, { wish: { retry: { failedHosts: true } } });
    expect(a.attempts[1]).toMatchObject({ attempt: 2, onlyHosts: ['deploy', 'node-2'] });
    expect(a.attempts[2]).toMatchObject({ attempt: 3, tag: 'acceptance' });
    expect(a.attempts[2]?.onlyHosts).toBeUndefined();
    expect(state.stages.get('a')?.attempts).toMatchObject([
      { status: 'failed' },
      { only_hosts: ['deploy', 'node-2'] },
    ]);
  });

  it('makes up for an acceptance test that a killed app did not get to', async () => {
    const stages = [remote('a', { acceptance: 'acceptance' })];
    const a = noted({ status: 'failed' });
    const first = await journalOf(stages, { a: a.execute });
    const journal = createMemoryJournal(4, true);
    const wish = { retry: { failedHosts: true } };
    void resumeRun(await stateOf(first), stages, { a: a.execute }, journal, { wish }).start(neverCancelled);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const lines = [...first, ...journal.lines.slice(0, 3)];
    expect((await stateOf(lines)).stages.get('a')).toMatchObject({ status: 'ok', attempt: 2 });
    const rest = noted();
    await goOn(lines, stages, { a: rest.execute });
    expect(rest.attempts).toMatchObject([{ attempt: 3, tag: 'acceptance' }]);
  });

  it.each([
    ['the host that controls all failed', { status: 'failed' }, ['node-2'], /node-2 itself failed/],
    ['Ansible broke the stage off', { status: 'failed', cut_short: true }, HOSTS, /not finished either/],
    ['no host of it failed', { status: 'cancelled' }, HOSTS, /no host of it failed/],
  ] as const)('does not retry on some hosts where %s', async (_name, end, hosts, words) => {
    const stages = [remote('a', { hosts })];
    const lines = await journalOf(stages, { a: noted(end).execute });
    const wish = { retry: { failedHosts: true } };
    await expect(goOn(lines, stages, {}, { wish })).rejects.toMatchObject({
      code: 'RETRY_HOSTS',
      message: expect.stringMatching(words),
    });
  });

  it('begins at the failed task where the stack allows it, and refuses to elsewhere', async () => {
    const allowed = [remote('a', { resume: 'task' })];
    const a = noted({ status: 'failed' });
    const lines = await journalOf(allowed, { a: a.execute });
    await goOn(lines, allowed, { a: a.execute });
    expect(a.attempts[1]?.fromTask).toBe('Write');
    const wish = { retry: { fromTask: true } };
    await expect(goOn(lines, [remote('a')], {}, { wish })).rejects.toMatchObject({ code: 'RETRY_FROM_TASK' });
    const whole = noted();
    await goOn(lines, [remote('a')], { a: whole.execute });
    expect(whole.attempts[0]?.fromTask).toBeUndefined();
  });

  it('passes over a stage with the reason on record, and what comes after it runs', async () => {
    const stages = [remote('a'), remote('b', {}, 'a')];
    const a = noted({ status: 'failed' });
    const lines = await journalOf(stages, { a: a.execute });
    const wish = { skip: [{ stage: 'a', reason: 'cabled by hand' }] };
    const { state, exit, told } = await goOn(lines, stages, { a: a.execute }, { wish });
    expect(outcomes(told)).toEqual(['a: overridden (passed over: cabled by hand)', 'b: ok']);
    expect(state.stages.get('a')).toMatchObject({ overridden: 'cabled by hand', failures: [{ what: 'x' }] });
    expect(exit).toBe(EXIT.done);
  });

  it.each([
    [{ stage: 'a', reason: ' ' }, 'SKIP_REASON'],
    [{ stage: 'z', reason: 'x' }, 'SKIP_STAGE'],
    [{ stage: 'laptop', reason: 'x' }, 'SKIP_STAGE'],
    [{ stage: 'b', reason: 'x' }, 'SKIP_STAGE'],
  ])('refuses to pass over %j', async (skip, code) => {
    const stages = [
      { ...stage('laptop'), runs_on: 'laptop' as const },
      remote('a', {}, 'laptop'),
      remote('b', {}, 'laptop'),
    ];
    const lines = await journalOf(stages, { a: noted({ status: 'failed' }).execute });
    const state = await stateOf(lines);
    expect(() => planResume(state, stages, [], { skip: [skip] })).toThrow(expect.objectContaining({ code }));
  });

  it('of an older Bringup carries out again what was under way: its events were not counted', async () => {
    const stages = [remote('a')];
    const head = { at: '2026-11-21T02:00:00Z', run: 'r1' };
    const started = {
      kind: 'run.started',
      site: 'lab',
      stack: 's 1',
      site_file: 'x',
      schema: 1,
      stages,
      version: '0',
    };
    const lines = [
      JSON.stringify({ seq: 1, ...head, ...started }),
      JSON.stringify({ seq: 2, ...head, kind: 'stage.started', stage: 'a' }),
    ];
    const a = noted();
    await goOn(lines, stages, { a: a.execute });
    expect(a.attempts).toMatchObject([{ attempt: 2 }]);
    expect(a.attempts[0]?.seen).toBeUndefined();
  });

  it('takes over a plan that changed: a new stage runs, one that left it stays as what it did', async () => {
    const before = [remote('a'), remote('b', {}, 'a'), remote('gone', {}, 'a')];
    const lines = await journalOf(before, { b: noted({ status: 'failed' }).execute });
    const after = [remote('a'), remote('fresh', { expect_seconds: 5 }, 'a'), remote('b', {}, 'fresh')];
    const { state, told } = await goOn(lines, after, {});
    expect(outcomes(told)).toEqual(['fresh: ok', 'b: ok']);
    expect([...state.stages.keys()]).toEqual(['a', 'fresh', 'b', 'gone']);
    expect(state.stages.get('gone')).toMatchObject({
      status: 'skipped',
      text: expect.stringContaining('no longer'),
    });
  });
});

describe('hosts that a stage can do without', () => {
  const stages = [remote('a', { on_host_failure: 'continue' }), remote('b', {}, 'a'), remote('aside')];
  const without: StageOutcome = { status: 'changed', text: 'goes on', failed_hosts: ['node-2'] };

  it('are named, warned of, and left out of the stages after it, not of those aside', async () => {
    const b = noted();
    const aside = noted();
    const run = makeRun(stages, { a: noted(without).execute, b: b.execute, aside: aside.execute });
    const told = listen(run);
    const { state, exit } = await run.start(neverCancelled);
    // The stages went on, but the run is not good: nothing is proven on node-2.
    expect({ exit, status: state.status, text: state.text }).toEqual({
      ...{ exit: EXIT.failed, status: 'failed' },
      text: '2 stages ok, 1 changed; a without node-2',
    });
    expect(b.attempts[0]?.leftOut).toEqual(['node-2']);
    expect(aside.attempts[0]?.leftOut).toEqual([]);
    expect(state.stages.get('a')).toMatchObject({ status: 'changed', failed_hosts: ['node-2'] });
    expect(state.stages.get('b')).toMatchObject({ left_out: ['node-2'] });
    expect(
      told.flatMap((event) => (event.kind === 'stage.warning' ? [[event.stage, event.code]] : [])),
    ).toEqual([
      ['a', 'hosts-failed'],
      ['b', 'hosts-left-out'],
    ]);
  });

  it.each([['resume', {}] as const, ['retry --failed-hosts', { retry: { failedHosts: true } }] as const])(
    'tried again by %s with success, make the stages that ran without them run again',
    async (_, wish) => {
      const b = noted();
      const a = noted(without, { status: 'ok' });
      const executors = { a: a.execute, b: b.execute };
      const lines = await journalOf(stages, executors);
      const { told, state, exit } = await goOn(lines, stages, executors, { wish });
      expect({ exit, status: state.status }).toEqual({ exit: EXIT.done, status: 'ok' });
      expect(a.attempts[1]).toMatchObject({ onlyHosts: ['deploy', 'node-2'] });
      expect(outcomes(told)).toEqual(['a: ok', 'b: ok']);
      expect(told[0]).toMatchObject({
        stale: [{ stage: 'b', why: 'ran without node-2, tried again before it' }],
      });
      expect(b.attempts[1]?.leftOut).toEqual([]);
      expect(state.stages.get('b')?.left_out).toBeUndefined();
    },
  );
});
