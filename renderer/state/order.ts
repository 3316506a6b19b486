import type { Status } from '../../src/contract/events.ts';
import type { HostState, StageState, TaskState } from '../../src/runs/state.ts';

const BAD: readonly Status[] = ['failed', 'unreachable', 'timed-out', 'cancelled'];
const GOOD: readonly Status[] = ['ok', 'changed', 'skipped', 'overridden'];

/** True for statuses that stop a run: failed, unreachable, timed out, cancelled. */
export function isBad(status: Status): boolean {
  return BAD.includes(status);
}

/** True for statuses that need nothing more: ok, changed, skipped, overridden. */
export function isGood(status: Status): boolean {
  return GOOD.includes(status);
}

/** True when a stage has ended, well or badly. */
export function isOver(status: Status): boolean {
  return isBad(status) || isGood(status);
}

/** All hosts of a stage: as planned, then any other that answered, in order of appearance. */
export function hostsOf(stage: StageState): string[] {
  const hosts = new Set<string>();
  for (const task of stage.tasks.values()) for (const host of task.hosts.keys()) hosts.add(host);
  const planned = stage.hosts.filter((host) => hosts.size === 0 || hosts.has(host));
  return [...new Set([...planned, ...hosts])];
}

/** What an answer means for the stage: a failure that the playbook allows for is only worth a flag. */
export function outcomeOf(answer: HostState): Status {
  return answer.ignored === true && isBad(answer.status) ? 'overridden' : answer.status;
}

/** Hosts of a task whose answer stops the run, with the answer. */
export function badHosts(task: TaskState): [string, HostState][] {
  return [...task.hosts].filter(([, answer]) => isBad(outcomeOf(answer)));
}

/** The hosts that answered any task of the same play. */
export function playHosts(stage: StageState, task: TaskState): Set<string> {
  const hosts = new Set<string>();
  for (const other of stage.tasks.values()) {
    if (other.play === task.play) for (const host of other.hosts.keys()) hosts.add(host);
  }
  return hosts;
}

/** One status for a whole task: the worst answer, or running while answers are outstanding. */
export function taskStatus(stage: StageState, task: TaskState): Status {
  const answers = [...task.hosts.values()];
  const worst = answers.find((answer) => isBad(outcomeOf(answer)));
  if (worst !== undefined) return worst.status;
  const warned = answers.find(
    (answer) => answer.check?.status === 'warning' || outcomeOf(answer) === 'overridden',
  );
  if (warned !== undefined) return 'overridden';
  if (isRunning(stage, task)) return 'running';
  if (answers.some((answer) => answer.status === 'changed')) return 'changed';
  return answers.some((answer) => answer.status === 'ok') ? 'ok' : 'skipped';
}

function isRunning(stage: StageState, task: TaskState): boolean {
  if (stage.status !== 'running') return false;
  if (task.hosts.size === 0 && stage.runs_on === 'laptop') return true;
  const last = [...stage.tasks.keys()].at(-1);
  if (task.id !== last) return false;
  return task.hosts.size === 0 || task.hosts.size < playHosts(stage, task).size;
}
