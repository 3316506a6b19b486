import { describe, expect, it } from 'vitest';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import { START_TASK, type PlannedStage } from '../../src/contract/events.ts';
import type { CancelSignal } from '../../src/contract/ports.ts';
import { planResume } from '../../src/runs/index.ts';
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

/** Resolves when a signal fires. */
const fired = (signal: CancelSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });

describe('stages side by side', () => {
  it('run at once where none waits for the other, at most as many as allowed', async () => {
    let running = 0;
    const seen: number[] = [];
    const busy: Executors[string] = async () => {
      running += 1;
      seen.push(running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      return { status: 'ok' };
    };
    const stages = ['a', 'b', 'c', 'd'].map((id) => stage(id));
    const run = makeRun(stages, { a: busy, b: busy, c: busy, d: busy }, createMemoryJournal(), { atOnce: 2 });
    const { exit } = await run.start(neverCancelled);
    expect(exit).toBe(EXIT.done);
    expect(Math.max(...seen)).toBe(2);
  });

  it('start as soon as their own predecessors have ended, whatever runs beside them', async () => {
    let endSlow: (() => void) | undefined;
    const stages = [stage('slow'), stage('quick'), stage('next', 'quick')];
    const run = makeRun(stages, {
      slow: () =>
        new Promise((resolve) => {
          endSlow = () => {
            resolve({ status: 'ok' });
          };
        }),
      next: () => {
        endSlow?.();
        return Promise.resolve({ status: 'ok' });
      },
    });
    const told = listen(run);
    await run.start(neverCancelled);
    expect(outcomes(told)[0]).toBe('quick: ok');
    expect(told.findIndex((event) => event.kind === 'stage.started' && event.stage === 'next')).toBeLessThan(
      told.findIndex((event) => event.kind === 'stage.finished' && event.stage === 'slow'),
    );
  });

  it('rejects once, and begins nothing more, when the journal cannot be written', async () => {
    const begun: string[] = [];
    const goesOn: Executors[string] = (_attempt, { id }, emit) => {
      begun.push(id);
      emit({ kind: 'play.started', play: 'P' });
      return new Promise(() => undefined);
    };
    const run = makeRun(
      [stage('a'), stage('b'), stage('c', 'a')],
      { a: goesOn, b: goesOn, c: goesOn },
      createMemoryJournal(4),
    );
    await expect(run.start(neverCancelled)).rejects.toMatchObject({ code: 'JOURNAL_NO_SPACE' });
    expect(begun).toEqual(['a', 'b']);
  });
});

describe('a cancel', () => {
  const leaves = 'The image may be there in part.';
  const waits: Executors[string] = async (attempt, _stage, emit, signal) => {
    emit({ kind: 'task.started', task: 't', title: 'Copy', counter: 1 });
    await fired(signal);
    const hard = attempt.kill.aborted ? Promise.resolve() : Promise.race([fired(attempt.kill), later()]);
    await hard;
    return { status: 'cancelled', text: attempt.kill.aborted ? 'Stopped now.' : 'Stopped after Copy.' };
  };
  const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

  it('has two words, and the end says what the stage leaves behind', async () => {
    for (const hard of [false, true]) {
      const [soft, kill] = [new AbortController(), new AbortController()];
      const run = makeRun([{ ...stage('a'), leaves }, stage('b', 'a')], { a: waits });
      const told = listen(run);
      run.onEvent((event) => {
        if (event.kind !== 'task.started') return;
        soft.abort();
        if (hard) kill.abort();
      });
      const { exit } = await run.start(soft.signal, kill.signal);
      expect(exit).toBe(EXIT.cancelled);
      expect(outcomes(told)[0]).toBe(
        `a: cancelled (${hard ? 'Stopped now.' : 'Stopped after Copy.'} ${leaves})`,
      );
    }
  });

  it('of a run that nobody carries out stops what still runs at the site and begins nothing', async () => {
    const stages: PlannedStage[] = [
      { ...stage('upload'), runs_on: 'laptop' },
      stage('site', 'upload'),
      { ...stage('laptop'), runs_on: 'laptop' },
      stage('later', 'site'),
    ];
    const journal = createMemoryJournal(6, true);
    const hangs: Executors[string] = () => new Promise(() => undefined);
    void makeRun(stages, { laptop: hangs, site: hangs }, journal).start(neverCancelled);
    await later();
    const state = await stateOf(journal.lines);
    expect([...state.stages.values()].map(({ status }) => status)).toEqual([
      ...['ok', 'running', 'running', 'pending'],
    ]);
    const cancelled = new AbortController();
    cancelled.abort();
    const begun: string[] = [];
    const run = resumeRun(state, stages, {
      site: (attempt) => {
        begun.push(`site ${attempt.attempt} ${attempt.seen === undefined ? 'anew' : 'again'}`);
        return Promise.resolve({ status: 'cancelled', text: 'Stopped.' });
      },
      laptop: (_attempt, { id }) => {
        begun.push(id);
        return Promise.resolve({ status: 'ok' });
      },
    });
    const told = listen(run);
    const { exit, state: end } = await run.start(cancelled.signal);
    expect(exit).toBe(EXIT.cancelled);
    expect(begun).toEqual(['site 1 again']);
    expect(outcomes(told).sort()).toEqual([
      'laptop: cancelled (interrupted on the laptop; not run because the run was cancelled)',
      'later: skipped (not run because the run was cancelled)',
      'site: cancelled (Stopped.)',
    ]);
    expect(end.status).toBe('cancelled');
  });
});

describe('a stage that takes long', () => {
  it('is warned of once, with the time expected and spent, and goes on', async () => {
    const calls: [number, () => void][] = [];
    const timer = (seconds: number, call: () => void): (() => void) => {
      calls.push([seconds, call]);
      return () => undefined;
    };
    const slow = { ...stage('a'), soft_timeout_seconds: 600, expect_seconds: 120 };
    const execute: Executors[string] = () => {
      for (const [, call] of calls) call();
      return Promise.resolve({ status: 'ok' });
    };
    const run = makeRun([slow, stage('b')], { a: execute }, createMemoryJournal(), { timer });
    const { state } = await run.start(neverCancelled);
    expect(calls.map(([seconds]) => seconds)).toEqual([600]);
    expect(state.stages.get('a')).toMatchObject({
      status: 'ok',
      warnings: [
        {
          ...{ code: 'soft-timeout', expected_seconds: 120, spent_seconds: 600 },
          text: 'runs for 10 min 0 s, 2 min 0 s were expected; it goes on',
        },
      ],
    });
  });
});

describe('a stage that is out of reach', () => {
  const lost = (code: string): BringupError =>
    new BringupError({ code, exit: EXIT.connection, message: 'No way there.' });

  it('goes on at the site, and a resume follows the same attempt', async () => {
    const journal = createMemoryJournal();
    const first: Executors[string] = (_attempt, _stage, emit) => {
      emit({ kind: 'task.started', task: START_TASK, title: 'Start' });
      emit({ kind: 'host.result', task: START_TASK, host: 'kvm-host', status: 'ok' });
      emit({ kind: 'task.started', task: 't', title: 'Copy', counter: 7 });
      return Promise.reject(lost('STAGE_CONTACT_LOST'));
    };
    const { exit } = await makeRun([stage('a'), stage('b', 'a')], { a: first }, journal).start(
      neverCancelled,
    );
    expect(exit).toBe(EXIT.connection);
    const state = await stateOf(journal.lines);
    expect(state.stages.get('a')).toMatchObject({ status: 'unreachable', goes_on: true });
    const run = resumeRun(state, [stage('a'), stage('b', 'a')], {
      a: (attempt) => {
        expect(attempt).toMatchObject({ attempt: 1, seen: { counter: 7, count: 1 } });
        expect([attempt.knows(START_TASK, 'kvm-host'), attempt.knows('t', 'kvm-host')]).toEqual([
          true,
          false,
        ]);
        return Promise.resolve({ status: 'changed' });
      },
    });
    const told = listen(run);
    const end = await run.start(neverCancelled);
    expect(told[1]).toMatchObject({ kind: 'stage.started', stage: 'a', attempt: 1, continued: true });
    expect(outcomes(told)).toEqual(['a: changed', 'b: ok']);
    expect(end.state.stages.get('a')).toMatchObject({ status: 'changed', failures: [], attempts: [] });
    expect(end.state.stages.get('a')?.tasks.has('t')).toBe(true);
  });

  it('was never started where the first login failed: a resume begins it', async () => {
    const journal = createMemoryJournal();
    await makeRun([stage('a')], { a: () => Promise.reject(lost('SSH_TIMEOUT')) }, journal).start(
      neverCancelled,
    );
    const state = await stateOf(journal.lines);
    expect(state.stages.get('a')?.goes_on).toBeUndefined();
    expect(planResume(state, [stage('a')], [], {}).starts.get('a')).toMatchObject({ how: 'begin' });
  });
});
