import type { Status } from '../../src/contract/events.ts';
import type { StageState, TaskState } from '../../src/runs/state.ts';
import { badHosts, badTasks, outcomeOf, playHosts, taskStatus } from './order.ts';
import { indexOf } from './stage-index.ts';

/** What a matrix cell shows: an answer, `not-run` for a host that had failed before, `none` where the task has no business. */
export type CellStatus = Status | 'not-run' | 'none';

/** How a stage of so many hosts is drawn: one host as a list, some as a matrix, many as a bar with the offenders named. */
export type StageLayout = 'list' | 'matrix' | 'summary';

/** Fourteen cells of 28 px are what the middle of a 1280 px screen holds beside a readable task name. */
const MATRIX_LIMIT = 14;

/** Chooses the layout of a stage by its number of hosts. */
export function layoutFor(hosts: number): StageLayout {
  if (hosts <= 1) return 'list';
  return hosts <= MATRIX_LIMIT ? 'matrix' : 'summary';
}

/** The cell of one task and one host. */
export function cellStatus(stage: StageState, task: TaskState, host: string): CellStatus {
  const answer = task.hosts.get(host);
  if (answer !== undefined) return outcomeOf(answer);
  if (!playHosts(stage, task).has(host)) return task.hosts.size === 0 ? openStatus(stage, task) : 'none';
  if (failedBefore(stage, task, host)) return 'not-run';
  return openStatus(stage, task);
}

function openStatus(stage: StageState, task: TaskState): CellStatus {
  return taskStatus(stage, task) === 'running' ? 'running' : 'none';
}

function failedBefore(stage: StageState, task: TaskState, host: string): boolean {
  const first = firstFailures(stage).get(host);
  return first !== undefined && first < (indexOf(stage).places.get(task.id) ?? 0);
}

const failures = new WeakMap<StageState, ReadonlyMap<string, number>>();

/** Place of the first task at which each failed host failed; looked up once for all cells of a state. */
function firstFailures(stage: StageState): ReadonlyMap<string, number> {
  const known = failures.get(stage);
  if (known !== undefined) return known;
  const { places } = indexOf(stage);
  const first = new Map<string, number>();
  for (const bad of badTasks(stage))
    for (const [host] of badHosts(bad)) if (!first.has(host)) first.set(host, places.get(bad.id) ?? 0);
  failures.set(stage, first);
  return first;
}

/** Answers of a task by status, worst first, for stages with too many hosts for a matrix. */
export function tally(task: TaskState): [Status, number][] {
  const order: Status[] = [
    'failed',
    'unreachable',
    'timed-out',
    'cancelled',
    'overridden',
    'changed',
    'ok',
    'skipped',
  ];
  const counts = new Map<Status, number>();
  for (const answer of task.hosts.values()) {
    const status = outcomeOf(answer);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return order.flatMap((status) => {
    const number = counts.get(status);
    return number === undefined ? [] : [[status, number] as [Status, number]];
  });
}

/** A column heading: hosts named alike and numbered ("node-1", "node-2") share a group label and keep their number. */
export interface Column {
  readonly host: string;
  readonly label: string;
  readonly group: string;
}

/** Headings for the hosts of a matrix; short labels only where there are more than four columns. */
export function columnsFor(hosts: readonly string[]): Column[] {
  const parts = hosts.map((host) => ({ host, match: /^(.*\D)(\d+)$/.exec(host) }));
  return parts.map(({ host, match }) => {
    const prefix = match?.[1];
    const alike = parts.filter((part) => part.match?.[1] === prefix).length;
    const shorten = hosts.length > 4 && prefix !== undefined && alike > 1;
    return shorten
      ? { host, label: match?.[2] ?? host, group: prefix.replace(/[-_.]$/, '') }
      : { host, label: host, group: '' };
  });
}
