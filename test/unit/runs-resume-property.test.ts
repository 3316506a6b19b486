import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlaybookExecutor } from '../../src/ansible/index.ts';
import { START_TASK, type PlannedStage, type RunEvent } from '../../src/contract/events.ts';
import { readJournal, type RunState } from '../../src/runs/index.ts';
import { createMachine, type Machine, type Script } from './runs-machine.ts';
import {
  createMemoryJournal,
  makeRun,
  resumeRun,
  stage,
  stateOf,
  type Executors,
  type MemoryJournal,
} from './runs-rig.ts';

const hosts = ['node-1', 'node-2'];
const task = (id: string): { task: string; task_uuid: string; play: string } => ({
  ...{ task: `Task ${id}`, task_uuid: id, play: 'P' },
});

/** Two tasks of two hosts; the second fails on both and is rescued, which the statistics tell in two run events at once. */
const RESCUED: Script = {
  events: [
    { event: 'playbook_on_play_start', data: { play: 'P' } },
    { event: 'playbook_on_task_start', data: task('1') },
    ...hosts.map((host) => ({ event: 'runner_on_ok', data: { ...task('1'), host, res: { changed: true } } })),
    { event: 'verbose', stdout: 'spoken', data: {} },
    { event: 'playbook_on_task_start', data: task('2') },
    ...hosts.map((host) => ({
      event: 'runner_on_failed',
      data: { ...task('2'), host, res: { msg: 'bad' } },
    })),
    { event: 'playbook_on_stats', data: { failures: {}, dark: {} } },
  ],
  end: 'successful',
};

const REASONS: Readonly<Record<string, string>> = { 'node-1': 'no disk', 'node-2': 'no time' };

/** Both hosts fail for reasons of their own: two failure records. */
const FAILED: Script = {
  events: [
    { event: 'playbook_on_task_start', data: task('1') },
    ...hosts.map((host) => ({
      event: 'runner_on_failed',
      data: { ...task('1'), host, res: { msg: REASONS[host] } },
    })),
    { event: 'playbook_on_stats', data: { failures: { 'node-1': 1, 'node-2': 1 } } },
  ],
  end: 'failed',
};

const STAGES: readonly PlannedStage[] = [
  { ...stage('laptop'), runs_on: 'laptop' },
  stage('left', 'laptop'),
  stage('right', 'laptop'),
  stage('last', 'left'),
  stage('never', 'last'),
];
const DETACHED = ['left', 'right', 'last'];

function executorsOn({ shell }: Machine): Executors {
  return Object.fromEntries(
    DETACHED.map((id) => [
      id,
      (attempt, ...rest) =>
        createPlaybookExecutor({
          ...{
            run: 'r1',
            site: 'lab',
            project: '/p',
            playbook: 'x.yml',
            inventory: '',
            extraVars: {},
            attempt,
          },
          connect: () => Promise.resolve(shell),
          secrets: () => Promise.resolve({}),
          clock: { now: () => new Date('2026-11-21T02:00:00Z') },
        }).execute(...rest),
    ]),
  );
}

function newMachine(): Machine {
  return createMachine({ left: RESCUED, right: RESCUED, last: FAILED });
}

/** What is told of a stage, attempt by attempt, without what every attempt tells anew. */
function storiesOf(events: readonly RunEvent[], id: string): object[][] {
  const stories: object[][] = [];
  for (const event of events) {
    if (!('stage' in event) || event.stage !== id) continue;
    if (event.kind === 'stage.started') stories.push([]);
    const text = JSON.stringify({ ...event, seq: 0, at: '', attempt: 0, reason: '' });
    stories.at(-1)?.push(JSON.parse(text.replaceAll(`/${id}/${stories.length}`, `/${id}/N`)) as object);
  }
  return stories;
}

/** What a reader of the state sees of a stage. */
function seenOf(state: RunState, id: string): object {
  const { status, text, counts, failures, tasks, warnings } = state.stages.get(id)!;
  const playbook = [...tasks.values()].filter((each) => each.id !== START_TASK);
  return { status, text, counts, failures, warnings, tasks: playbook };
}

/** Carries the run out, killed after each of these numbers of journal lines, until it ends. */
async function liveThrough(machine: Machine, kills: readonly number[]): Promise<string[]> {
  let lines: string[] = [];
  for (const room of [...kills, Infinity]) {
    const journal: MemoryJournal = createMemoryJournal(room, true);
    const executors = executorsOn(machine);
    const run =
      lines.length === 0
        ? makeRun(STAGES, executors, journal)
        : resumeRun(await stateOf(lines), STAGES, executors, journal);
    const ended = run.start(new AbortController().signal).then(() => true);
    // Every step of a killed run is a microtask: once none is left, nothing of it will ever move.
    const quiet = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 5));
    const done = await (room === Infinity ? ended : Promise.race([ended, quiet]));
    lines = [...lines, ...journal.lines];
    if (done) return lines;
  }
  return lines;
}

describe('a run that is killed and resumed at any moments', () => {
  it('tells every event of its stages once and in order, and ends in the same state', async () => {
    const whole = await liveThrough(newMachine(), []);
    const { events: wholeEvents } = await readJournal(whole, 'r1');
    const wholeState = await stateOf(whole);
    expect(wholeState.status).toBe('failed');
    expect(wholeState.stages.get('last')?.failures).toHaveLength(2);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: whole.length }), { maxLength: 6 }),
        async (kills) => {
          const machine = newMachine();
          const lines = await liveThrough(machine, kills);
          const { events } = await readJournal(lines, 'r1');
          const state = await stateOf(lines);
          expect(state.status).toBe('failed');
          for (const id of DETACHED) {
            const [story] = storiesOf(wholeEvents, id);
            const stories = storiesOf(events, id);
            expect(stories).toEqual(stories.map(() => story));
            expect(seenOf(state, id)).toEqual(seenOf(wholeState, id));
          }
          // What ended well ran once; what failed is tried again by each resume that finds it failed.
          const again = (state.stages.get('last')?.attempt ?? 0) - 1;
          const more = Array.from({ length: again }, (_, index) => `last/${index + 2}`);
          expect([...machine.started].sort()).toEqual(['last/1', ...more, 'left/1', 'right/1']);
          expect(state.stages.get('never')).toMatchObject({ status: 'skipped', attempt: 0 });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('says at each return that it went on, and why', async () => {
    const lines = await liveThrough(newMachine(), [4, 6]);
    const { events } = await readJournal(lines, 'r1');
    const resumed = events.filter(({ kind }) => kind === 'run.resumed');
    expect(resumed).toEqual([
      expect.objectContaining({ reason: 'it was killed' }),
      expect.objectContaining({ reason: 'it was killed' }),
    ]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  });
});
