import type { RunState, StageState } from '../../src/runs/state.ts';
import { text } from '../text.ts';
import { badHosts, isBad, playHosts } from './order.ts';
import { isBlockedStage } from './progress.ts';
import { checkOf } from './task-groups.ts';

/** Hosts that failed anywhere in a stage. */
export function failedHosts(stage: StageState): Set<string> {
  const hosts = new Set<string>();
  for (const task of stage.tasks.values()) for (const [host] of badHosts(task)) hosts.add(host);
  return hosts;
}

/** Hosts that the plays of the failed tasks were for: the whole of which the failed hosts are a part. */
function askedHosts(stage: StageState): number {
  const asked = new Set<string>();
  for (const task of stage.tasks.values()) {
    if (badHosts(task).length > 0) for (const host of playHosts(stage, task)) asked.add(host);
  }
  return asked.size;
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
    return before === undefined || before.status === 'ok' || before.status === 'changed'
      ? []
      : [before.title];
  });
  const first = open[0];
  return first === undefined || run.status !== 'running' ? text.status('pending') : text.waitsFor(first);
}

function noteOf(stage: StageState): string {
  const tasks = [...stage.tasks.values()];
  const checks = tasks.filter((task) => checkOf(task) !== undefined);
  const badChecks = checks.filter((task) => badHosts(task).length > 0);
  const warnings = checks.filter((task) => checkOf(task)?.status === 'warning');
  if (badChecks.length > 0) return `${badChecks.length} of ${text.checkCount(checks.length)}`;
  const failed = failedHosts(stage);
  const hosts = askedHosts(stage);
  if (isBad(stage.status)) return failed.size === 0 || hosts < 2 ? '' : text.failedHosts(failed.size, hosts);
  if (stage.status === 'running') return tasks.length === 0 ? '' : text.taskCount(tasks.length);
  if (warnings.length > 0) return text.warningCount(warnings.length);
  if (checks.length > 0) return text.checkCount(checks.length);
  const changed = stage.counts.changed ?? 0;
  return changed > 0 ? text.changedCount(changed) : '';
}

/** The heading's verdict: "failed on 1 of 3 hosts", "2 of 14 checks failed", else the status alone. */
export function stageVerdict(stage: StageState): string {
  const checks = [...stage.tasks.values()].filter((task) => checkOf(task) !== undefined);
  const bad = checks.filter((task) => badHosts(task).length > 0).length;
  if (bad > 0) return text.failedChecks(bad, checks.length);
  const failed = failedHosts(stage).size;
  const hosts = askedHosts(stage);
  if (stage.status === 'failed' && failed > 0 && hosts > 1) return text.failedOn(failed, hosts);
  return isBlockedStage(stage) ? text.notRun : text.status(stage.status);
}
