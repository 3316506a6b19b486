import type { ExitCode } from '../contract/errors.ts';
import type { EventBody, PlannedStage, RunChoices, RunEvent, StageInputs } from '../contract/events.ts';
import { JOURNAL_SCHEMA } from '../contract/events.ts';
import type { CancelSignal, Clock, JournalFile, StageAttempt, StageExecutor } from '../contract/ports.ts';
import { orderStages } from './graph.ts';
import { createHalt } from './halt.ts';
import { createRecorder } from './recorder.ts';
import { runStages } from './schedule.ts';
import type { Timer } from './soft-timeout.ts';
import type { Explainer } from './stage-failures.ts';
import type { StageStart } from './start.ts';
import type { RunState } from './state.ts';
import { runStatus, runText } from './summary.ts';
import { exitOf, isDone } from './verdict.ts';

export interface RunOptions {
  readonly run: string;
  readonly site: string;
  readonly stack: string;
  /** Path of the site file, as the engineer knows it. */
  readonly siteFile: string;
  readonly stages: readonly PlannedStage[];
  readonly choices?: RunChoices;
  executorFor(stage: PlannedStage, attempt: StageAttempt): StageExecutor;
  /** What a stage depends on, as it is now; journalled when the stage starts. */
  inputsOf?(stage: PlannedStage): Promise<StageInputs>;
  readonly journal: JournalFile;
  readonly clock: Clock;
  /** Without it nobody is warned of a stage that takes long. */
  readonly timer?: Timer;
  readonly explainer: Explainer;
  /** Version of Bringup. */
  readonly version: string;
  /** Hides secrets in an event before the journal or anybody else gets it. */
  readonly redact?: (body: EventBody) => EventBody;
  /** How each stage is taken up; a stage that is not named begins. */
  readonly starts?: ReadonlyMap<string, StageStart>;
  /** The state of a run that goes on, and what is told of that; left out for a new run. */
  readonly resume?: {
    readonly state: RunState;
    readonly event: Omit<Extract<EventBody, { kind: 'run.resumed' }>, 'kind'>;
  };
  /** How many stages may run side by side; default 3. */
  readonly atOnce?: number;
}

/** How a run ended. `bug` is what was thrown where nothing expected it; it is already in the journal. */
export interface RunOutcome {
  readonly state: RunState;
  readonly exit: ExitCode;
  readonly bug?: unknown;
}

/** One execution of a plan. */
export interface Run {
  /**
   * Carries the stages out to the end; rejects only when the journal cannot be written. May be called once. `signal`
   * lets running tasks end and starts no further one, `kill` stops what runs.
   */
  start(signal: CancelSignal, kill?: CancelSignal): Promise<RunOutcome>;
  /** Told every event after it is in the journal; returns unsubscribe. */
  onEvent(listener: (event: RunEvent) => void): () => void;
  state(): RunState;
}

/** Prepares a run; throws PLAN_GRAPH where the stages cannot be ordered. Nothing is written before start. */
export function createRun(options: RunOptions): Run {
  const { run, clock, journal, explainer, executorFor, resume } = options;
  const stages = orderStages(options.stages);
  const halt = createHalt();
  const recorder = createRecorder({
    ...{ run, journal, clock, onBroken: halt.leave },
    ...(options.redact === undefined ? {} : { redact: options.redact }),
    ...(resume === undefined ? {} : { initial: resume.state }),
  });
  const ports = {
    ...{ recorder, halt, clock, explainer, executorFor },
    ...(options.timer === undefined ? {} : { timer: options.timer }),
    ...(options.inputsOf === undefined ? {} : { inputsOf: options.inputsOf }),
  };

  async function start(signal: CancelSignal, kill?: CancelSignal): Promise<RunOutcome> {
    follow(signal, halt.stop);
    if (kill !== undefined) follow(kill, halt.kill);
    recorder.record(
      resume === undefined ? started(options, stages) : { kind: 'run.resumed', ...resume.event },
    );
    const verdicts = await runStages(ports, {
      stages,
      starts: options.starts ?? new Map(),
      atOnce: options.atOnce ?? 3,
    });
    await recorder.sync();
    const state = recorder.state();
    const cancelled = halt.soft.aborted && verdicts.some((verdict) => !isDone(verdict));
    const status = cancelled ? 'cancelled' : runStatus(state);
    recorder.record({ kind: 'run.finished', status, text: runText(state, status) });
    await recorder.sync();
    return { state: recorder.state(), ...exitOf(verdicts, cancelled, status === 'failed') };
  }

  return { start, onEvent: recorder.onEvent, state: recorder.state };
}

function started(options: RunOptions, stages: readonly PlannedStage[]): EventBody {
  const { site, stack, siteFile, version, choices } = options;
  return {
    ...{ kind: 'run.started', site, stack, site_file: siteFile, schema: JOURNAL_SCHEMA, stages, version },
    ...(choices === undefined ? {} : { choices }),
  };
}

function follow(signal: CancelSignal, act: () => void): void {
  if (signal.aborted) act();
  signal.addEventListener('abort', act);
}
