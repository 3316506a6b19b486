import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBody, RunEvent, Status } from '../../src/contract/events.ts';
import { EMPTY_RUN, readJournal, reduceRun, nameRun, summariseRun } from '../../src/runs/index.ts';
import { encodeEvent } from '../../src/runs/journal.ts';

const STATUSES = ['ok', 'changed', 'failed', 'skipped', 'unreachable'] as const satisfies readonly Status[];
const stageId = fc.constantFrom('a', 'b');
const taskId = fc.constantFrom('t1', 't2', 't3');
const status = fc.constantFrom(...STATUSES);

const body: fc.Arbitrary<EventBody> = fc.oneof(
  fc.record({ kind: fc.constant('stage.started' as const), stage: stageId }),
  fc.record({ kind: fc.constant('play.started' as const), stage: stageId, play: fc.string() }),
  fc.record({ kind: fc.constant('task.started' as const), stage: stageId, task: taskId, title: fc.string() }),
  fc.record({ kind: fc.constant('task.progress' as const), stage: stageId, task: taskId, text: fc.string() }),
  fc.record(
    {
      ...{ kind: fc.constant('host.result' as const), stage: stageId, task: taskId, status },
      ...{
        host: fc.constantFrom('h1', 'h2'),
        item: fc.string(),
        text: fc.string(),
        ignored: fc.constant(true),
      },
    },
    { requiredKeys: ['kind', 'stage', 'task', 'status', 'host'] },
  ),
  fc.record({ kind: fc.constant('stage.finished' as const), stage: stageId, status }),
  fc.record({ kind: fc.constant('run.interrupted' as const), reason: fc.string() }),
  fc.record({ kind: fc.constant('run.resumed' as const), reason: fc.string() }),
);

const first: EventBody = {
  ...{ kind: 'run.started', site: 'lab', stack: 's', site_file: 'site.yaml', schema: 1, version: '0.1.0' },
  stages: ['a', 'b'].map((id) => ({ id, title: id, runs_on: 'kvm-host', after: [], hosts: ['h1', 'h2'] })),
};

function number(bodies: readonly EventBody[]): RunEvent[] {
  return bodies.map((each, index) => ({
    ...{ seq: index + 1, at: `2026-11-21T02:00:00.${String(index).padStart(3, '0')}Z`, run: 'r1' },
    ...each,
  }));
}

const history = fc.array(body, { maxLength: 60 }).map((bodies) => number([first, ...bodies]));

describe('the state of a run', () => {
  it('is the same in whatever batches its events come, overlaps included', () => {
    fc.assert(
      fc.property(history, fc.array(fc.tuple(fc.nat(70), fc.nat(5)), { maxLength: 8 }), (events, cuts) => {
        let state = EMPTY_RUN;
        let done = 0;
        for (const [length, overlap] of cuts) {
          state = reduceRun(state, events.slice(Math.max(0, done - overlap), done + length));
          done = Math.min(events.length, done + length);
        }
        expect(reduceRun(state, events)).toEqual(reduceRun(EMPTY_RUN, events));
      }),
    );
  });

  it('never changes a state that was given out', () => {
    fc.assert(
      fc.property(history, fc.nat(60), (events, cut) => {
        const early = reduceRun(EMPTY_RUN, events.slice(0, cut));
        const copy = structuredClone(early);
        reduceRun(early, events);
        expect(early).toEqual(copy);
      }),
    );
  });

  it('comes back from the journal as it was', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        expect(await readJournal(events.map(encodeEvent), 'r1')).toEqual({ events });
      }),
    );
  });

  it('shows a loop as running until the task itself answers, and keeps what was allowed to fail apart', () => {
    const stage = 'a';
    const task = 't1';
    const events = number([
      first,
      { kind: 'task.started', stage, task, title: 'Loop' },
      { kind: 'host.result', stage, task, host: 'h1', status: 'ok', item: 'one', text: 'copied' },
      { kind: 'host.result', stage, task, host: 'h2', status: 'failed', ignored: true },
    ]);
    const hosts = reduceRun(EMPTY_RUN, events).stages.get('a')?.tasks.get('t1')?.hosts;
    expect(hosts?.get('h1')).toEqual({ status: 'running', text: 'one: copied' });
    expect(hosts?.get('h2')).toEqual({ status: 'failed', ignored: true });
  });

  it('is summed up for a list of runs', () => {
    const events = number([
      first,
      { kind: 'stage.started', stage: 'a' },
      { kind: 'stage.finished', stage: 'a', status: 'changed' },
      { kind: 'stage.finished', stage: 'b', status: 'failed' },
      { kind: 'run.finished', status: 'failed', text: '' },
    ]);
    expect(summariseRun(reduceRun(EMPTY_RUN, events))).toEqual({
      ...{ run: 'r1', site: 'lab', site_file: 'site.yaml', stack: 's', status: 'failed' },
      ...{ stages_done: 1, stages_total: 2 },
      ...{ started: '2026-11-21T02:00:00.000Z', finished: '2026-11-21T02:00:00.004Z', stopped_at: 'b' },
    });
  });
});

describe('a journal', () => {
  const [one, two, three] = number([
    first,
    { kind: 'stage.started', stage: 'a' },
    { kind: 'stage.finished', stage: 'a', status: 'ok' },
  ]).map(encodeEvent) as [string, string, string];

  it('loses a torn last line and says so', async () => {
    const { events, notice } = await readJournal([one, two, three.slice(0, 20)], 'r1');
    expect(events).toHaveLength(2);
    expect(notice).toBe('The last line (3) of journal r1 was torn and is left out.');
  });

  it.each([
    ['garbage in the middle', [one, '\0\0\0\0', three], 'Line 2 of journal r1 is damaged: it is not JSON'],
    ['a gap', [one, three], 'Line 2 of journal r1 is damaged: event 3 stands where 2 is due'],
    ['a doubled line', [one, two, two], 'event 2 stands where 3 is due'],
    ['a line of another kind', [one, '{"kind":"party"}', three], 'it is not a run event'],
    [
      'a line without its stage',
      [one, two.replace('"stage":"a"', '"x":1'), three],
      "required property 'stage'",
    ],
  ])('is refused with the line named: %s', async (_name, lines, words) => {
    await expect(readJournal(lines, 'r1')).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: expect.stringContaining(words),
    });
  });

  it('has a name that sorts by time and is safe as a folder', () => {
    expect(nameRun('Plant-7', new Date('2026-11-21T02:04:05Z'), '3f2a')).toBe('20261121-020405-plant7-3f2a');
    expect(nameRun('Ünïcode/..', new Date('2026-11-21T02:04:05Z'), '3f2a')).toMatch(/^[0-9a-z-]+$/);
  });
});
