import { BringupError, EXIT } from '../contract/errors.ts';
import { START_TASK, type PlannedStage } from '../contract/events.ts';
import type { StageAttempt, StageOutcome } from '../contract/ports.ts';
import type { FailureInput } from '../failures/index.ts';
import type { StageState } from './run-state.ts';

/** True where an error ended only the watching of a stage: it was started at the site and was not seen to end. */
export function isLeftAtSite(
  stage: PlannedStage,
  attempt: StageAttempt,
  error: unknown,
  known: StageState | undefined,
): boolean {
  if (stage.runs_on === 'laptop') return false;
  if (error instanceof BringupError && error.code === 'VM_OFF') return false;
  const lost = error instanceof BringupError && error.code === 'STAGE_CONTACT_LOST';
  return lost || attempt.seen !== undefined || (known?.tasks.get(START_TASK)?.hosts.size ?? 0) > 0;
}

/** What an error says of the stage. */
export function outcomeOf(error: unknown, cancelled: boolean): StageOutcome {
  if (!(error instanceof BringupError)) {
    return { status: 'failed', text: 'Bringup met a state it does not know; this is a fault in Bringup.' };
  }
  if (cancelled) return { status: 'cancelled', text: `Cancelled. ${error.message}` };
  const status = error.exit === EXIT.connection ? 'unreachable' : 'failed';
  return { status, text: error.message };
}

/** An outcome whose text also says what a stage that was stopped half-way leaves behind. */
export function withRemains<T extends StageOutcome & { readonly goes_on?: boolean }>(
  outcome: T,
  stage: PlannedStage,
  known: StageState | undefined,
): T {
  const stopped = outcome.status === 'cancelled' || outcome.status === 'timed-out';
  const begun = stage.runs_on === 'laptop' ? (known?.tasks.size ?? 0) > 0 : (known?.tail.counter ?? 0) > 0;
  if (!stopped || !begun || outcome.goes_on === true || stage.leaves === undefined) return outcome;
  return { ...outcome, text: [outcome.text, stage.leaves].filter((part) => part !== undefined).join(' ') };
}

/** The failure input of an error: an expected one in its own words, any other as a fault in Bringup. */
export function describeError(error: unknown, stage: PlannedStage): FailureInput {
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

/** The failure input of a bad end for which the executor told no failure. */
export function describeOutcome({ status, text }: StageOutcome, stage: PlannedStage): FailureInput {
  return {
    what: `Stage "${stage.title}" is ${status}.`,
    where: { stage: stage.id, runs_on: stage.runs_on },
    message: text ?? `The stage ended as ${status} and gave no reason.`,
    evidence: [],
  };
}
