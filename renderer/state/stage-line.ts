import type { RunState, StageState } from '../../src/runs/state.ts';
import { text } from '../text.ts';
import { badHosts, badTasks, isBad, isGood, playHosts } from './order.ts';
import { isBlockedStage } from './progress.ts';
import { indexOf } from './stage-index.ts';
import { checkOf } from './task-groups.ts';

/** Hosts that failed anywhere in a stage. */
export function failedHosts(stage: StageState): Set<string> {
  return new Set(badTasks(stage).flatMap((task) => badHosts(task).map(([host]) => host)));
}

/** Hosts that the plays of the failed tasks were for: the whole of which the failed hosts are a part. */
function askedHosts(stage: StageState): number {
  const plays = new Set(badTasks(stage).map((task) => playHosts(stage, task)));
  return new Set([...plays].flatMap((hosts) => [...hosts])).size;
}

/** The outcome of a stage in a few words beside its sign: "failed, 1 of 3 hosts", "ok, 14 changed", "waits for Upload". */
export function stageLine(run: RunState, stage: StageState): string {
  if (stage.status === 'pending') return waitsFor(run, stage);
  if (isBlockedStage(stage)) return text.notRun;
  const word = text.status(stage.status);
  const note = noteOf(stage);
  return note === '' ? word : `${word}, ${note}`;
}

function waitsFor(run: RunState, stage: StageState): string {
  const open = stage.after.flatMap((id) => {
    const before = run.stages.get(id);
    return before === undefined || isGood(before.status) ? [] : [before.title];
  });
  const first = open[0];
  return first === undefined || run.status !== 'running' ? text.status('pending') : text.waitsFor(first);
}

function noteOf(stage: StageState): string {
  const { bad, checks } = indexOf(stage);
  if (checks.size > 0 && bad.size > 0) return `${bad.size} of ${text.checkCount(checks.size)}`;
  if (isBad(stage.status)) {
    const failed = failedHosts(stage).size;
    const hosts = askedHosts(stage);
    return failed === 0 || hosts < 2 ? '' : text.failedHosts(failed, hosts);
  }
  if (stage.status === 'running') return stage.tasks.size === 0 ? '' : text.taskCount(stage.tasks.size);
  const warned = [...checks].filter((id) => warns(stage, id)).length + stage.warnings.length;
  if (warned > 0) return text.warningCount(warned);
  if (checks.size > 0) return text.checkCount(checks.size);
  const changed = stage.counts.changed ?? 0;
  return changed > 0 ? text.changedCount(changed) : '';
}

function warns(stage: StageState, id: string): boolean {
  const task = stage.tasks.get(id);
  return task !== undefined && checkOf(task)?.status === 'warning';
}

/** The heading's verdict: "failed on 1 of 3 hosts", "2 of 14 checks failed", else the status alone. */
export function stageVerdict(stage: StageState): string {
  const { bad, checks } = indexOf(stage);
  if (checks.size > 0 && bad.size > 0) return text.failedChecks(bad.size, checks.size);
  if (stage.status !== 'failed' || bad.size === 0)
    return isBlockedStage(stage) ? text.notRun : text.status(stage.status);
  const hosts = askedHosts(stage);
  return hosts > 1 ? text.failedOn(failedHosts(stage).size, hosts) : text.status(stage.status);
}
