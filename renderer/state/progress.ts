import type { RunState, StageState } from '../../src/runs/state.ts';
import { secondsBetween } from '../format.ts';
import { isBad, isOver } from './order.ts';

/** Where a run stands: stages by outcome, seconds spent and expected, and the part done, from 0 to 1. */
export interface RunProgress {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
  readonly spent: number;
  readonly expected?: number;
  readonly part: number;
}

/** Seconds a stage has taken up to `now`, or undefined when it has not started. */
export function spentOn(stage: StageState, now: number): number | undefined {
  if (stage.started === undefined) return undefined;
  return secondsBetween(stage.started, stage.finished ?? now);
}

/** A running stage never claims more than 95 % before it says that it is done. */
const ALMOST = 0.95;

function partOf(stage: StageState, now: number): number {
  if (isOver(stage.status) && !isBad(stage.status)) return 1;
  const spent = spentOn(stage, now);
  if (spent === undefined || stage.expect_seconds === undefined) return 0;
  return Math.min(ALMOST, spent / stage.expect_seconds);
}

/** Sums a run up for its header; stages weigh what they are expected to take. */
export function progressOf(run: RunState, now: number): RunProgress {
  const stages = [...run.stages.values()];
  const weights = stages.map((stage) => Math.max(1, stage.expect_seconds ?? 1));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const reached = stages.reduce((sum, stage, index) => {
    const blocked = stage.status === 'skipped' && stage.started === undefined;
    return blocked ? sum : sum + partOf(stage, now) * (weights[index] ?? 0);
  }, 0);
  const known = stages.length > 0 && stages.every((stage) => stage.expect_seconds !== undefined);
  return {
    total: stages.length,
    done: stages.filter((s) => isOver(s.status) && !isBad(s.status) && !isBlockedStage(s)).length,
    failed: stages.filter((stage) => isBad(stage.status)).length,
    running: stages.filter((stage) => stage.status === 'running').length,
    spent: run.started === '' ? 0 : secondsBetween(run.started, run.finished ?? now),
    ...(known ? { expected: whole } : {}),
    part: whole === 0 ? 0 : reached / whole,
  };
}

/** True for a stage that was passed over because an earlier one failed, not because the plan says so. */
export function isBlockedStage(stage: StageState): boolean {
  return stage.status === 'skipped' && stage.started === undefined;
}

/** The stage to look at when nobody chose one: the first that failed, else the running, else the last that began. */
export function stageInFocus(run: RunState): string | undefined {
  const stages = [...run.stages.values()];
  const bad = stages.find((stage) => isBad(stage.status) || stage.failures.length > 0);
  const running = stages.find((stage) => stage.status === 'running');
  const begun = stages.findLast((stage) => stage.started !== undefined);
  return (bad ?? running ?? begun ?? stages[0])?.id;
}
