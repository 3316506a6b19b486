import type { PlannedStage } from '../contract/events.ts';
import type { FailureInput, FailureRecord } from '../contract/failure.ts';
import type { CancelSignal, StageFailure, StageOutcome } from '../contract/ports.ts';
import type { Halt } from './halt.ts';
import type { Recorder } from './recorder.ts';
import type { StageState } from './run-state.ts';

/** What is known when the failures of a stage are looked at as a whole. */
export interface Settling {
  readonly stage: PlannedStage;
  readonly outcome: StageOutcome;
  /** Fires when the engineer cancels: nothing is waited for any more. */
  readonly signal: CancelSignal;
  /** To be called before anything that takes time. */
  onSlow(text: string): void;
}

/** Explains failures, one as it is met and all of a stage at its end. */
export interface Explainer {
  explain(input: FailureInput): FailureRecord;
  /** The records of a stage, the root first. */
  settle(inputs: readonly FailureInput[], settling: Settling): Promise<readonly FailureRecord[]>;
}

/** The failures of one attempt. */
export interface StageFailures {
  /** Journals a failure at once, unless one of its kind is. */
  tell(failure: StageFailure): void;
  /** Adds what shows only at the end. */
  add(input: FailureInput): void;
  /** True while no failure is known that stands. */
  none(): boolean;
  /** Journals the records that stand in place of all that were told before. */
  settle(outcome: StageOutcome, judged: boolean): Promise<void>;
}

export interface StageFailuresPorts {
  readonly recorder: Recorder;
  readonly halt: Halt;
  readonly explainer: Explainer;
}

/** `known` is what the journal has of an attempt that is followed again. */
export function createStageFailures(
  { recorder, halt, explainer }: StageFailuresPorts,
  stage: PlannedStage,
  known: Pick<StageState, 'failures' | 'early'> | undefined,
): StageFailures {
  const told = new Set(known?.failures.map(({ reference }) => reference));
  // The process before was killed while it told what stands.
  const settling = told.size > 0 && known?.early !== true;
  const seen: FailureInput[] = [];
  const standing: FailureInput[] = [];

  function tellOne(input: FailureInput): void {
    const record = explainer.explain(input);
    if (settling || told.has(record.reference)) return;
    told.add(record.reference);
    recorder.record({ kind: 'failure', stage: stage.id, record, early: true });
  }

  function onSlow(text: string): void {
    for (const input of standing) tellOne(input);
    const task = [...(recorder.state().stages.get(stage.id)?.tasks.keys() ?? [])].at(-1);
    if (task !== undefined) recorder.record({ kind: 'task.progress', stage: stage.id, task, text });
  }

  return {
    tell({ input, early }) {
      // What breaks because it was stopped is no failure.
      if (early === true && halt.soft.aborted) return;
      seen.push(input);
      if (early !== true) standing.push(input);
      tellOne(input);
    },
    add: (input) => void standing.push(input),
    none: () => standing.length === 0,
    async settle(outcome, judged) {
      const inputs = judged ? standing : [...seen.filter((input) => !standing.includes(input)), ...standing];
      const end = { stage, outcome, signal: halt.soft, onSlow };
      const records = inputs.length === 0 ? [] : await explainer.settle(inputs, end);
      await recorder.sync();
      const now = recorder.state().stages.get(stage.id);
      const settled = now?.early === true ? [] : (now?.failures ?? []);
      for (const record of records) {
        if (settled.some(({ reference }) => reference === record.reference)) continue;
        recorder.record({ kind: 'failure', stage: stage.id, record });
      }
    },
  };
}
