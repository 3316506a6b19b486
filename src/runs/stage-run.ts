import { BringupError, EXIT, type ExitCode } from '../contract/errors.ts';
import type { PlannedStage, Status } from '../contract/events.ts';
import type { FailureRecord } from '../contract/failure.ts';
import type { CancelSignal, StageEvent, StageExecutor, StageOutcome } from '../contract/ports.ts';
import type { FailureInput } from '../failures/index.ts';
import type { Recorder } from './recorder.ts';
import { countResults } from './summary.ts';

/** What the engine keeps of a stage. */
export interface StageVerdict {
  readonly status: Status;
  readonly exit: ExitCode;
  /** Not run because another stage stood in the way. */
  readonly blocked?: boolean;
  readonly thrown?: unknown;
}

export interface StageRun {
  readonly stage: PlannedStage;
  readonly executor: StageExecutor;
  readonly signal: CancelSignal;
  readonly recorder: Recorder;
  explain(input: FailureInput): FailureRecord;
}

/** True where stages that come after may run. */
export function isDone({ status, blocked }: Pick<StageVerdict, 'status' | 'blocked'>): boolean {
  return blocked !== true && (status === 'ok' || status === 'changed' || status === 'skipped');
}

/** Carries one stage out and journals all of it, whatever the executor does. */
export async function carryOutStage(run: StageRun): Promise<StageVerdict> {
  const { stage, executor, signal, recorder } = run;
  let failures = 0;
  let open = true;
  const emit = (event: StageEvent): void => {
    if (!open) return;
    if (event.kind === 'failure') failures += 1;
    recorder.record({ ...event, stage: stage.id });
  };
  recorder.record({ kind: 'stage.started', stage: stage.id });
  let outcome: StageOutcome;
  let exit: ExitCode = EXIT.done;
  let thrown: unknown;
  try {
    outcome = await executor.execute(stage, emit, signal);
    if (!isDone(outcome)) exit = outcome.status === 'cancelled' ? EXIT.cancelled : EXIT.failed;
  } catch (error) {
    thrown = error;
    exit = error instanceof BringupError ? error.exit : EXIT.bug;
    outcome = outcomeOf(error, signal.aborted);
    if (outcome.status === 'cancelled') exit = EXIT.cancelled;
    else emit({ kind: 'failure', record: run.explain(describeError(error, stage)) });
  }
  if (failures === 0 && exit === EXIT.failed) {
    emit({ kind: 'failure', record: run.explain(describeOutcome(outcome, stage)) });
  }
  open = false;
  await recorder.sync();
  const counts = countResults(recorder.state().stages.get(stage.id));
  recorder.record({ kind: 'stage.finished', stage: stage.id, ...outcome, counts });
  await recorder.sync();
  return { status: outcome.status, exit, thrown };
}

function outcomeOf(error: unknown, cancelled: boolean): StageOutcome {
  if (!(error instanceof BringupError)) {
    return { status: 'failed', text: 'Bringup met a state it does not know; this is a fault in Bringup.' };
  }
  if (cancelled) return { status: 'cancelled', text: `Cancelled. ${error.message}` };
  return { status: error.exit === EXIT.connection ? 'unreachable' : 'failed', text: error.message };
}

function describeError(error: unknown, stage: PlannedStage): FailureInput {
  const where = { stage: stage.id, runs_on: stage.runs_on };
  const what = `Stage "${stage.title}" could not be carried out.`;
  if (error instanceof BringupError) {
    const { code, message, hint, evidence } = error;
    return { what, where, message, code, evidence, ...(hint === undefined ? {} : { hint }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return { what, where, message, evidence: [{ source: 'stack trace', text: stack }], unexpected: true };
}

function describeOutcome({ status, text }: StageOutcome, stage: PlannedStage): FailureInput {
  return {
    what: `Stage "${stage.title}" is ${status}.`,
    where: { stage: stage.id, runs_on: stage.runs_on },
    message: text ?? `The stage ended as ${status} and gave no reason.`,
    evidence: [],
  };
}
