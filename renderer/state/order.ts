import type { Status } from '../../src/contract/events.ts';
import type { HostState, StageState, TaskState } from '../../src/runs/state.ts';
import { isBad, outcomeOf } from './outcome.ts';
import { indexOf } from './stage-index.ts';

export { isBad, isGood, isOver, outcomeOf } from './outcome.ts';

/** All hosts of a stage: as planned, then any other that answered, in order of appearance. */
export function hostsOf(stage: StageState): string[] {
  const { hosts } = indexOf(stage);
  const planned = stage.hosts.filter((host) => hosts.size === 0 || hosts.has(host));
  return [...new Set([...planned, ...hosts])];
}

/** Hosts of a task whose answer stops the run, with the answer. */
export function badHosts(task: TaskState): [string, HostState][] {
  return [...task.hosts].filter(([, answer]) => isBad(outcomeOf(answer)));
}

/** Tasks with a host whose answer stops the run, in their order. */
export function badTasks(stage: StageState): TaskState[] {
  const { bad, places } = indexOf(stage);
  return [...bad]
    .sort((left, right) => (places.get(left) ?? 0) - (places.get(right) ?? 0))
    .flatMap((id) => stage.tasks.get(id) ?? []);
}

const NOBODY: ReadonlySet<string> = new Set();

/** The hosts that answered any task of the same play. */
export function playHosts(stage: StageState, task: TaskState): ReadonlySet<string> {
  return indexOf(stage).plays.get(task.play) ?? NOBODY;
}

/** Tasks that run now: the newest while answers are outstanding, on the laptop every one without an answer. */
export function runningTasks(stage: StageState): TaskState[] {
  const { order, unanswered } = indexOf(stage);
  const newest = order.at(-1);
  const ids = new Set(stage.runs_on === 'laptop' ? unanswered : []);
  if (newest !== undefined) ids.add(newest);
  return [...ids]
    .flatMap((id) => stage.tasks.get(id) ?? [])
    .filter((task) => taskStatus(stage, task) === 'running');
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
  if (task.id !== indexOf(stage).order.at(-1)) return false;
  return task.hosts.size === 0 || task.hosts.size < playHosts(stage, task).size;
}
