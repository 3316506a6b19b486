import { EXIT, type ExitCode } from '../contract/errors.ts';
import type { PlannedStage, RunEvent } from '../contract/events.ts';
import type { FailureRecord } from '../contract/failure.ts';
import type { CancelSignal, Clock, JournalFile, StageExecutor } from '../contract/ports.ts';
import type { FailureInput } from '../failures/index.ts';
import { orderStages } from './graph.ts';
import { createRecorder } from './recorder.ts';
import { carryOutStage, isDone, type StageVerdict } from './stage-run.ts';
import type { RunState } from './state.ts';
import { runStatus, runText } from './summary.ts';

export interface RunOptions {
  readonly run: string;
  readonly site: string;
  readonly stack: string;
  /** Path of the site file, as the engineer knows it. */
  readonly siteFile: string;
  readonly stages: readonly PlannedStage[];
  executorFor(stage: PlannedStage): StageExecutor;
  readonly journal: JournalFile;
  readonly clock: Clock;
  explain(input: FailureInput): FailureRecord;
  /** Version of Bringup. */
  readonly version: string;
}

/** How a run ended. `bug` is what was thrown where nothing expected it; it is already in the journal. */
export interface RunOutcome {
  readonly state: RunState;
  readonly exit: ExitCode;
  readonly bug?: unknown;
}

/** One execution of a plan. */
export interface Run {
  /** Carries the stages out to the end; rejects only when the journal cannot be written. May be called once. */
  start(signal: CancelSignal): Promise<RunOutcome>;
  /** Told every event after it is in the journal; returns unsubscribe. */
  onEvent(listener: (event: RunEvent) => void): () => void;
  state(): RunState;
}

/** Prepares a run; throws PLAN_GRAPH where the stages cannot be ordered. Nothing is written before start. */
export function createRun(options: RunOptions): Run {
  const { run, clock, journal, explain } = options;
  const stages = orderStages(options.stages);
  const halt = createHalt();
  const recorder = createRecorder({ run, journal, clock, onBroken: halt.stop });

  async function start(signal: CancelSignal): Promise<RunOutcome> {
    halt.follow(signal);
    const verdicts = new Map<string, StageVerdict>();
    recorder.record({
      kind: 'run.started',
      site: options.site,
      stack: options.stack,
      site_file: options.siteFile,
      schema: 1,
      stages,
      version: options.version,
    });
    for (const stage of stages) {
      await recorder.sync();
      const obstacle = findObstacle(stage, verdicts, halt.signal.aborted);
      if (obstacle !== undefined) {
        recorder.record({ kind: 'stage.finished', stage: stage.id, status: 'skipped', text: obstacle });
        verdicts.set(stage.id, { status: 'skipped', exit: EXIT.done, blocked: true });
        continue;
      }
      const executor = options.executorFor(stage);
      verdicts.set(
        stage.id,
        await carryOutStage({ stage, executor, signal: halt.signal, recorder, explain }),
      );
    }
    await recorder.sync();
    const state = recorder.state();
    const cancelled = halt.signal.aborted && [...verdicts.values()].some((verdict) => !isDone(verdict));
    const status = cancelled ? 'cancelled' : runStatus(state);
    recorder.record({ kind: 'run.finished', status, text: runText(state, status) });
    await recorder.sync();
    return { state: recorder.state(), ...exitOf([...verdicts.values()], cancelled) };
  }

  return { start, onEvent: recorder.onEvent, state: recorder.state };
}

function findObstacle(
  stage: PlannedStage,
  verdicts: ReadonlyMap<string, StageVerdict>,
  stopped: boolean,
): string | undefined {
  if (stopped) return 'not run because the run was cancelled';
  for (const before of stage.after) {
    const verdict = verdicts.get(before);
    if (verdict === undefined || isDone(verdict)) continue;
    return verdict.blocked === true
      ? `waits for ${before}, which was not run`
      : `not run because ${before} ${verdict.status === 'failed' ? 'failed' : `is ${verdict.status}`}`;
  }
  return undefined;
}

function exitOf(verdicts: readonly StageVerdict[], cancelled: boolean): Omit<RunOutcome, 'state'> {
  const bug = verdicts.find((verdict) => verdict.exit === EXIT.bug);
  if (bug !== undefined) return { exit: EXIT.bug, bug: bug.thrown };
  if (cancelled) return { exit: EXIT.cancelled };
  return { exit: verdicts.find((verdict) => verdict.exit !== EXIT.done)?.exit ?? EXIT.done };
}

/** A cancel signal of the run's own: follows the caller's, and stops when the journal breaks. */
function createHalt(): { signal: CancelSignal; stop(): void; follow(signal: CancelSignal): void } {
  const listeners = new Set<() => void>();
  let aborted = false;
  const stop = (): void => {
    if (aborted) return;
    aborted = true;
    for (const listener of listeners) listener();
  };
  const signal: CancelSignal = {
    get aborted() {
      return aborted;
    },
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
  };
  return {
    signal,
    stop,
    follow(outer) {
      if (outer.aborted) stop();
      outer.addEventListener('abort', stop);
    },
  };
}
