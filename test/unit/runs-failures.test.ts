import { describe, expect, it } from 'vitest';
import { BringupError } from '../../src/contract/errors.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import type { FailureInput, FailureRecord } from '../../src/contract/failure.ts';
import type { StageOutcome } from '../../src/contract/ports.ts';
import { explainFailures } from '../../src/failures/index.ts';
import { EMPTY_RUN, planResume, readJournal, reduceRun } from '../../src/runs/index.ts';
import { shippedCatalogue } from './failures-texts.ts';
import {
  createMemoryJournal,
  explain,
  listen,
  makeRun,
  names,
  neverCancelled,
  resumeRun,
  stage,
  stateOf,
  type Executors,
} from './runs-rig.ts';

const catalogue = shippedCatalogue();
const explainer = {
  explain,
  settle: (inputs: readonly FailureInput[]) => Promise.resolve(explainFailures(inputs, catalogue, names)),
};

/** A failure of a task on a host, as an executor tells it. */
function failure(host: string, task: string, message: string): FailureInput {
  return {
    ...{ what: `Task "${task}" failed on ${host}.`, message, evidence: [] },
    where: { stage: 'a', task, host, runs_on: 'deployment-vm' },
  };
}

/** Tells failures while the stage goes on, and at its end those that stand. */
function failing(
  seen: readonly FailureInput[],
  standing: readonly FailureInput[] = seen,
  end: StageOutcome | BringupError = { status: 'failed' },
): Executors[string] {
  return (_attempt, _stage, emit) => {
    for (const input of seen) emit({ kind: 'failure', input, early: true });
    if (end instanceof BringupError) return Promise.reject(end);
    for (const input of standing) emit({ kind: 'failure', input });
    return Promise.resolve(end);
  };
}

/** The failures as they are told: early ones with a mark. */
const told = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) =>
    event.kind === 'failure' ? [`${event.early === true ? 'early: ' : ''}${event.record.what}`] : [],
  );

const UNREACHABLE =
  'W: Failed to fetch http://10.20.0.10/debian/InRelease  Could not connect to 10.20.0.10:80';

describe('the failures of a stage', () => {
  it('are seen at once, one of each kind, and at its end stand as a whole, the root first', async () => {
    const missing = Array.from({ length: 20 }, (_, at) =>
      failure(`node-${at + 2}`, 'Install chrony', 'E: Unable to locate package chrony'),
    );
    const root = failure('node-1', 'Update lists', UNREACHABLE);
    const seen = [...missing, root];
    const run = makeRun([stage('a')], { a: failing(seen) }, undefined, { explainer });
    const events = listen(run);
    const { state } = await run.start(neverCancelled);
    expect(told(events)).toEqual([
      'early: Task "Install chrony" failed on node-2.',
      'early: Task "Update lists" failed on node-1.',
      'Task "Update lists" failed on node-1.',
    ]);
    const failures = state.stages.get('a')?.failures ?? [];
    expect(failures.map(({ why }) => why.key)).toEqual(['repo.unreachable']);
    expect(failures[0]?.why.chain).toEqual([
      expect.stringMatching(/^Task "Install chrony" failed on node-2\..* \(node-2, .* and 14 more\)$/),
    ]);
    expect(state.stages.get('a')).not.toHaveProperty('early');
  });

  it('that were mended meanwhile are gone at its end', async () => {
    const run = makeRun([stage('a')], { a: failing([failure('h', 'T', 'no')], [], { status: 'ok' }) });
    const events = listen(run);
    const { state } = await run.start(neverCancelled);
    expect(told(events)).toEqual(['early: Task "T" failed on h.']);
    expect(state.stages.get('a')).toMatchObject({ status: 'ok', failures: [] });
  });

  it('that were seen before contact was lost stand beside it', async () => {
    const lost = new BringupError({ code: 'STAGE_CONTACT_LOST', message: 'Nobody answers.' });
    const run = makeRun([stage('a')], { a: failing([failure('h', 'T', 'no')], [], lost) });
    const { state } = await run.start(neverCancelled);
    expect(state.stages.get('a')?.failures.map(({ why }) => why.key)).toEqual(['stage.contact_lost', null]);
  });

  it('of an attempt stay its own when the stage is tried again', async () => {
    const journal = createMemoryJournal();
    await makeRun([stage('a')], { a: failing([failure('h', 'T', 'first')]) }, journal).start(neverCancelled);
    const again = resumeRun(await stateOf(journal.lines), [stage('a')], {
      a: failing([failure('h', 'T', 'second')]),
    });
    const { state } = await again.start(neverCancelled);
    const said = (records: readonly FailureRecord[] = []): (string | undefined)[] =>
      records.map(({ why }) => why.evidence[0]?.text);
    const { attempts, failures } = state.stages.get('a')!;
    expect(attempts.map((attempt) => said(attempt.failures))).toEqual([['first']]);
    expect(said(failures)).toEqual(['second']);
  });

  it('caused by the word to stop are none', async () => {
    const cancel = new AbortController();
    const run = makeRun([stage('a')], {
      a: (_attempt, _stage, emit) => {
        cancel.abort();
        emit({ kind: 'failure', input: failure('h', 'T', 'Terminated'), early: true });
        return Promise.resolve({ status: 'cancelled' });
      },
    });
    const { state } = await run.start(cancel.signal);
    expect(state.stages.get('a')?.failures).toEqual([]);
  });

  it('are told before anything that takes time is looked into', async () => {
    const order: string[] = [];
    const run = makeRun(
      [stage('a')],
      { a: () => Promise.resolve({ status: 'failed', text: 'no' }) },
      undefined,
      {
        explainer: {
          explain,
          settle: async (inputs, { onSlow }) => {
            onSlow('looking');
            await new Promise((resolve) => setTimeout(resolve, 1));
            order.push('looked');
            return inputs.map((input) => explain(input));
          },
        },
      },
    );
    run.onEvent(
      (event) => void (event.kind === 'failure' && order.push(event.early === true ? 'early' : 'settled')),
    );
    await run.start(neverCancelled);
    expect(order).toEqual(['early', 'looked', 'settled']);
  });

  it('are tried again from the first task that failed, also where its record tells of a later one', async () => {
    const journal = createMemoryJournal();
    const planned = { ...stage('a'), resume: 'task' as const, hosts: ['node-1', 'node-2'] };
    const inputs = [
      failure('node-2', 'Install chrony', 'E: Unable to locate package chrony'),
      failure('node-1', 'Update lists', UNREACHABLE),
    ];
    const first: Executors[string] = (attempt, at, emit, signal) => {
      for (const [task, { where }] of inputs.entries()) {
        emit({ kind: 'task.started', task: `t${task}`, title: where.task ?? '' });
        emit({ kind: 'host.result', task: `t${task}`, host: where.host ?? '', status: 'failed' });
      }
      return failing(inputs)(attempt, at, emit, signal);
    };
    await makeRun([planned], { a: first }, journal, { explainer }).start(neverCancelled);
    const state = await stateOf(journal.lines);
    expect(state.stages.get('a')?.failures.map(({ where }) => where.task)).toEqual(['Update lists']);
    const { starts } = planResume(state, [planned], [], { retry: { stage: 'a', fromTask: true } });
    expect(starts.get('a')).toMatchObject({ how: 'begin', fromTask: 'Install chrony' });
  });

  it('of a journal that knows no early ones are all that were told', async () => {
    const records = ['one', 'two'].map((what) => explain({ ...failure('h', what, what), what }));
    const head = { at: '2026-11-21T02:00:00Z', run: 'r1' };
    const lines = [
      {
        kind: 'run.started',
        site: 's',
        stack: 's',
        site_file: 'f',
        schema: 1,
        stages: [stage('a')],
        version: '0',
      },
      { kind: 'stage.started', stage: 'a' },
      ...records.map((record) => ({ kind: 'failure', stage: 'a', record })),
      { kind: 'stage.finished', stage: 'a', status: 'failed' },
    ].map((body, index) => JSON.stringify({ seq: index + 1, ...head, ...body }));
    const { events } = await readJournal(lines, 'r1');
    expect(reduceRun(EMPTY_RUN, events).stages.get('a')?.failures).toEqual(records);
  });
});
