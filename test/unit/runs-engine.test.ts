import { describe, expect, it } from 'vitest';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { EMPTY_RUN, readJournal, reduceRun, summariseRun } from '../../src/runs/index.ts';
import {
  createMemoryJournal,
  explain,
  listen,
  makeRun,
  neverCancelled,
  outcomes,
  stage,
  type Executors,
} from './runs-rig.ts';

describe('a run', () => {
  it('numbers its events without a gap and journals each before telling it', async () => {
    const journal = createMemoryJournal();
    const run = makeRun(
      [stage('a'), stage('b', 'a')],
      {
        a: (_attempt, _stage, emit) => {
          emit({ kind: 'task.started', task: 't', title: 'T' });
          emit({ kind: 'host.result', task: 't', host: 'h', status: 'changed' });
          return Promise.resolve({ status: 'changed', text: 'one change' });
        },
      },
      journal,
    );
    const told: RunEvent[] = [];
    run.onEvent((event) => {
      expect(journal.lines).toContain(JSON.stringify(event));
      told.push(event);
    });
    const { state, exit } = await run.start(neverCancelled);
    expect(exit).toBe(EXIT.done);
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1));
    expect(told.map(({ kind }) => kind)).toEqual([
      ...['run.started', 'stage.started', 'task.started', 'host.result', 'stage.finished'],
      ...['stage.started', 'stage.finished', 'run.finished'],
    ]);
    expect(told.at(-1)).toMatchObject({ status: 'changed', text: '1 stage ok, 1 changed' });
    expect(state.stages.get('a')?.counts).toEqual({ changed: 1 });
    const { events } = await readJournal(journal.lines, 'r1');
    expect(reduceRun(EMPTY_RUN, events)).toEqual(state);
    // After run.started, at both ends of each stage, and at the end.
    expect(journal.synced).toEqual(expect.arrayContaining([1, 5, 7, 8]));
  });

  it('that was to end early says so where it ends well, and only there', async () => {
    const choices = { until: 'a', left: 3 };
    const ended = async (status: 'ok' | 'failed') => {
      const run = makeRun([stage('a')], { a: () => Promise.resolve({ status }) }, undefined, { choices });
      return (await run.start(neverCancelled)).state;
    };
    const good = await ended('ok');
    expect(good.text).toBe('Done up to a, 3 stages left: 1 stage ok');
    expect(summariseRun(good)).toMatchObject({
      until: 'a',
      until_title: good.stages.get('a')?.title,
      left: 3,
    });
    expect((await ended('failed')).text).toBe('1 stage failed: a');
  });

  it('runs stages in the order of the graph', async () => {
    const order: string[] = [];
    const note: Executors[string] = (_attempt, { id }) => {
      order.push(id);
      return Promise.resolve({ status: 'ok' });
    };
    await makeRun([stage('c', 'b'), stage('a'), stage('b', 'a')], { a: note, b: note, c: note }).start(
      neverCancelled,
    );
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [[stage('a', 'ghost')], /comes after ghost/],
    [[stage('a', 'b'), stage('b', 'a')], /a, b wait for each other/],
    [[stage('a'), stage('a')], /planned twice/],
  ])('refuses stages that cannot be ordered: %#', (stages, words) => {
    expect(() => makeRun(stages, {})).toThrow(words);
  });

  it('skips what waits for a failed stage, says why, and goes on with the rest', async () => {
    const run = makeRun([stage('a'), stage('b', 'a'), stage('c', 'b'), stage('d')], {
      a: () => Promise.resolve({ status: 'failed', text: 'disk too small' }),
    });
    const told = listen(run);
    const { exit, state } = await run.start(neverCancelled);
    expect(exit).toBe(EXIT.failed);
    expect(outcomes(told)).toEqual([
      'a: failed (disk too small)',
      'd: ok',
      'b: skipped (not run because a failed)',
      'c: skipped (waits for b, which was not run)',
    ]);
    expect(state).toMatchObject({ status: 'failed', text: '1 stage ok, 1 failed: a, 2 skipped' });
    expect(state.stages.get('a')?.failures[0]?.why.evidence[0]?.text).toBe('disk too small');
  });

  it('explains the failure that an executor tells, and adds none', async () => {
    const input = { what: 'Own words.', where: { stage: 'a', runs_on: 'x' }, message: 'm', evidence: [] };
    const run = makeRun([stage('a')], {
      a: (_attempt, _stage, emit) => {
        emit({ kind: 'failure', input });
        return Promise.resolve({ status: 'failed' });
      },
    });
    const { state } = await run.start(neverCancelled);
    expect(state.stages.get('a')?.failures).toEqual([explain(input)]);
  });

  it('turns an expected error into a failure record with its evidence and exit code', async () => {
    const error = new BringupError({
      ...{
        code: 'SSH_AUTH_FAILED',
        exit: EXIT.connection,
        message: 'Wrong password.',
        hint: 'Set it again.',
      },
      evidence: [{ source: 'sshd', text: 'Permission denied' }],
    });
    const { state, exit } = await makeRun([stage('a')], { a: () => Promise.reject(error) }).start(
      neverCancelled,
    );
    expect(exit).toBe(EXIT.connection);
    expect(state.stages.get('a')).toMatchObject({ status: 'unreachable', text: 'Wrong password.' });
    expect(state.stages.get('a')?.failures[0]).toMatchObject({
      why: { key: 'ssh.auth_failed', summary: 'Wrong password.' },
      fixes: [{ title: 'Set it again.' }],
    });
    expect(state.stages.get('a')?.failures[0]?.why.evidence).toContainEqual({
      source: 'sshd',
      text: 'Permission denied',
    });
  });

  it('blames an unexpected error on Bringup and hands it back', async () => {
    const bug = new TypeError('x is undefined');
    const outcome = await makeRun([stage('a')], { a: () => Promise.reject(bug) }).start(neverCancelled);
    expect(outcome).toMatchObject({ exit: EXIT.bug, bug, state: { status: 'failed' } });
    expect(outcome.state.stages.get('a')?.failures[0]?.owner).toBe('software');
  });

  it('ends cancelled, with the state of the stage and of those never run', async () => {
    const cancel = new AbortController();
    const run = makeRun([stage('a'), stage('b', 'a')], {
      a: (_attempt, _stage, _emit, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve({ status: 'cancelled', text: 'Stopped at task "Copy".' });
          });
          cancel.abort();
        }),
    });
    const told = listen(run);
    const { state, exit } = await run.start(cancel.signal);
    expect(exit).toBe(EXIT.cancelled);
    expect(outcomes(told)).toEqual([
      'a: cancelled (Stopped at task "Copy".)',
      'b: skipped (not run because the run was cancelled)',
    ]);
    expect(state).toMatchObject({ status: 'cancelled', text: 'Cancelled: 1 stage cancelled: a, 1 skipped' });
    expect(state.stages.get('a')?.failures).toEqual([]);
  });

  it('lets go of the stage, without stopping it, and rejects when the journal cannot be written', async () => {
    let stopped = false;
    const run = makeRun(
      [stage('a')],
      {
        a: (_attempt, _stage, emit, signal) => {
          signal.addEventListener('abort', () => {
            stopped = true;
          });
          emit({ kind: 'play.started', play: 'P' });
          return new Promise(() => undefined);
        },
      },
      createMemoryJournal(2),
    );
    await expect(run.start(neverCancelled)).rejects.toMatchObject({ code: 'JOURNAL_NO_SPACE' });
    expect(stopped).toBe(false);
  });

  it('takes no event from a stage that has ended', async () => {
    let late: (() => void) | undefined;
    const run = makeRun([stage('a'), stage('b', 'a')], {
      a: (_attempt, _stage, emit) => {
        late = () => {
          emit({ kind: 'play.started', play: 'late' });
        };
        return Promise.resolve({ status: 'ok' });
      },
      b: () => {
        late?.();
        return Promise.resolve({ status: 'ok' });
      },
    });
    const { state } = await run.start(neverCancelled);
    expect(state.stages.get('a')?.play).toBeUndefined();
  });
});
