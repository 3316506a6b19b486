import { BringupError } from '../../src/contract/errors.ts';
import type { PlannedStage, RunEvent } from '../../src/contract/events.ts';
import type { CancelSignal, JournalFile, StageAttempt, StageExecutor } from '../../src/contract/ports.ts';
import {
  explainFailure,
  explainFailures,
  loadCatalogue,
  type FailureInput,
} from '../../src/failures/index.ts';
import {
  createRun,
  EMPTY_RUN,
  findStale,
  planResume,
  readJournal,
  reduceRun,
  type Explainer,
  type ResumeWish,
  type Run,
  type RunOptions,
  type RunState,
} from '../../src/runs/index.ts';

/** What the tests of the engine share: stages, a journal in memory, a run with executors of one's own. */
export function stage(id: string, ...after: string[]): PlannedStage {
  return { id, title: id, runs_on: 'kvm-host', after, hosts: ['kvm-host'] };
}

export interface MemoryJournal extends JournalFile {
  readonly lines: string[];
  readonly synced: number[];
}

/**
 * A journal in memory that notes when it was synced. `room` lines fit in; then the disk is full, or (`killed`) the
 * process is gone: nothing that waits for the journal ever goes on.
 */
export function createMemoryJournal(room = Infinity, killed = false): MemoryJournal {
  const lines: string[] = [];
  const synced: number[] = [];
  return {
    ...{ lines, synced },
    append: (line) => {
      if (lines.length >= room) {
        if (killed) return new Promise(() => undefined);
        return Promise.reject(new BringupError({ code: 'JOURNAL_NO_SPACE', message: 'full' }));
      }
      lines.push(line);
      return Promise.resolve();
    },
    sync: () => {
      synced.push(lines.length);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

export const names = { run: 'r1', site: 'lab', at: '2026-11-21T02:00:00Z', version: '0.1.0' };

export function explain(input: FailureInput): ReturnType<typeof explainFailure> {
  return explainFailure(input, loadCatalogue([]), names);
}

/** Explains without a catalogue: every cause is unknown, and equal words are one failure. */
const explainer: Explainer = {
  explain,
  settle: (inputs) => Promise.resolve(explainFailures(inputs, loadCatalogue([]), names)),
};

export type Executors = Readonly<
  Record<
    string,
    (
      attempt: StageAttempt,
      ...rest: Parameters<StageExecutor['execute']>
    ) => ReturnType<StageExecutor['execute']>
  >
>;

/** A run whose stages end ok unless an executor says otherwise. */
export function makeRun(
  stages: readonly PlannedStage[],
  executors: Executors,
  journal: JournalFile = createMemoryJournal(),
  more: Partial<RunOptions> = {},
): Run {
  return createRun({
    ...{ run: 'r1', site: 'lab', stack: 'dell-rke2', siteFile: 'site.yaml', version: '0.1.0' },
    ...{ stages, journal, explainer },
    executorFor: ({ id }, attempt) => ({
      execute: (...rest) => executors[id]?.(attempt, ...rest) ?? Promise.resolve({ status: 'ok' }),
    }),
    clock: { now: () => new Date('2026-11-21T02:00:00Z') },
    ...more,
  });
}

/** The run that goes on where a journal ends, with a journal for what comes. */
export function resumeRun(
  state: RunState,
  stages: readonly PlannedStage[],
  executors: Executors,
  journal: JournalFile = createMemoryJournal(),
  { wish = {}, ...more }: Partial<RunOptions> & { wish?: ResumeWish } = {},
): Run {
  const { starts, stale } = planResume(state, stages, findStale(state, stages, new Map()), wish);
  const resume = { state, event: { reason: 'it was killed', stages, stale } };
  return makeRun(stages, executors, journal, { starts, resume, ...more });
}

export async function stateOf(lines: readonly string[]): Promise<RunState> {
  const { events } = await readJournal(lines, 'r1');
  return reduceRun(EMPTY_RUN, events);
}

export const neverCancelled: CancelSignal = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
};

/** Collects what a run tells. */
export function listen(run: Run): RunEvent[] {
  const told: RunEvent[] = [];
  run.onEvent((event) => told.push(event));
  return told;
}

/** The ends of stages as lines: `a: failed (disk too small)`. */
export function outcomes(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) =>
    event.kind === 'stage.finished'
      ? [`${event.stage}: ${event.status}${event.text ? ` (${event.text})` : ''}`]
      : [],
  );
}
