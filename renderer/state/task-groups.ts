import type { CheckResult } from '../../src/contract/events.ts';
import type { StageState, TaskState } from '../../src/runs/state.ts';
import { badHosts, isGood, playHosts, taskStatus } from './order.ts';

/** Task rows below the root cause that fit a 1280x800 window; with more, what passed starts folded. */
const ROWS_AT_ONCE = 9;

export type GroupKind =
  | 'now'
  | 'done'
  | 'all'
  | 'root-cause'
  | 'also-failed'
  | 'blocked'
  | 'passed'
  | 'failed-checks'
  | 'warned-checks'
  | 'passed-checks'
  | 'skipped-checks';

/** A task with its place in the stage, counted from 1. */
export interface NumberedTask {
  readonly number: number;
  readonly task: TaskState;
}

/** Tasks that the engineer reads together; `folded` is how the group starts. */
export interface TaskGroup {
  readonly kind: GroupKind;
  readonly tasks: readonly NumberedTask[];
  readonly folded: boolean;
}

/** Orders the tasks of a stage: root cause, what it blocked, what passed; newest first while it runs. */
export function groupTasks(stage: StageState): TaskGroup[] {
  const tasks = [...stage.tasks.values()].map((task, index) => ({ number: index + 1, task }));
  if (tasks.length === 0) return [];
  if (tasks.some(({ task }) => checkOf(task) !== undefined)) return groupChecks(stage, tasks);
  const failed = tasks.filter(({ task }) => badHosts(task).length > 0);
  if (failed.length > 0 && !isGood(stage.status)) return groupFailed(stage, tasks, failed);
  if (stage.status !== 'running') return groups([{ kind: 'all', tasks, folded: false }]);
  const now = tasks.filter(({ task }) => taskStatus(stage, task) === 'running');
  const done = tasks.filter((entry) => !now.includes(entry)).reverse();
  return groups([
    { kind: 'now', tasks: now, folded: false },
    { kind: 'done', tasks: done, folded: false },
  ]);
}

/** The preflight check a task carries, if it is one. */
export function checkOf(task: TaskState): CheckResult | undefined {
  return [...task.hosts.values()].find((answer) => answer.check !== undefined)?.check;
}

function groups(list: TaskGroup[]): TaskGroup[] {
  return list.filter((group) => group.tasks.length > 0);
}

function groupFailed(stage: StageState, tasks: NumberedTask[], failed: NumberedTask[]): TaskGroup[] {
  const named = stage.failures[0]?.where.task;
  const root = failed.find(({ task }) => task.title === named) ?? failed[0];
  if (root === undefined) return [];
  const gone = new Set(badHosts(root.task).map(([host]) => host));
  const rest = tasks.filter((entry) => entry !== root && !failed.includes(entry));
  const now = rest.filter(({ task }) => taskStatus(stage, task) === 'running');
  const blocked = rest.filter((entry) => !now.includes(entry) && isBlocked(stage, root, entry, gone));
  return groups([
    { kind: 'root-cause', tasks: [root], folded: false },
    { kind: 'also-failed', tasks: failed.filter((entry) => entry !== root), folded: false },
    { kind: 'now', tasks: now, folded: false },
    { kind: 'blocked', tasks: blocked, folded: false },
    {
      kind: 'passed',
      tasks: rest.filter((entry) => !blocked.includes(entry) && !now.includes(entry)),
      folded: rest.length > ROWS_AT_ONCE,
    },
  ]);
}

function isBlocked(stage: StageState, root: NumberedTask, entry: NumberedTask, gone: Set<string>): boolean {
  if (entry.number < root.number || entry.task.play !== root.task.play) return false;
  const play = playHosts(stage, entry.task);
  return [...gone].some((host) => play.has(host) && !entry.task.hosts.has(host));
}

function groupChecks(stage: StageState, tasks: NumberedTask[]): TaskGroup[] {
  const now = tasks.filter(({ task }) => taskStatus(stage, task) === 'running');
  const failed = tasks.filter(({ task }) => badHosts(task).length > 0);
  const warned = tasks.filter((e) => checkOf(e.task)?.status === 'warning' && !failed.includes(e));
  const skipped = tasks.filter((e) => checkOf(e.task)?.status === 'skipped' && !failed.includes(e));
  const passed = tasks.filter(
    (entry) => ![now, failed, warned, skipped].some((list) => list.includes(entry)),
  );
  return groups([
    { kind: 'failed-checks', tasks: failed, folded: false },
    { kind: 'warned-checks', tasks: warned, folded: false },
    { kind: 'now', tasks: now, folded: false },
    { kind: 'skipped-checks', tasks: skipped, folded: false },
    { kind: 'passed-checks', tasks: passed, folded: false },
  ]);
}
