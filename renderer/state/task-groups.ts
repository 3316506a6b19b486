import type { CheckResult } from '../../src/contract/events.ts';
import type { StageState, TaskState } from '../../src/runs/state.ts';
import { badHosts, badTasks, isGood, playHosts, runningTasks } from './order.ts';
import { firstPlaces, listedPlaces, newestFirst, without, type Places } from './places.ts';
import { taskMeets, type Query } from './query.ts';
import { indexOf } from './stage-index.ts';
import { sortTasks } from './task-sorter.ts';

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

/** Tasks that the engineer reads together, as places in the stage; `folded` is how the group starts. */
export interface TaskGroup {
  readonly kind: GroupKind;
  readonly places: Places;
  readonly folded: boolean;
}

/** The task at a place of the stage. */
export function taskAt(stage: StageState, place: number): NumberedTask | undefined {
  const task = stage.tasks.get(indexOf(stage).order[place] ?? '');
  return task === undefined ? undefined : { number: place + 1, task };
}

/**
 * Orders the tasks of a stage: root cause, what it blocked, what passed; newest first while it runs. With a search, only
 * those that meet it. The cost is that of the tasks that changed since the last call.
 */
export function groupTasks(stage: StageState, query?: Query): TaskGroup[] {
  const { order, checks } = indexOf(stage);
  if (checks.size === 0 && badTasks(stage).length > 0 && !isGood(stage.status))
    return groupFailed(stage, query);
  const all =
    query === undefined
      ? firstPlaces(order.length)
      : sortTasks(stage, `found ${query.typed}`, (task) => (taskMeets(query, task) ? 'found' : undefined))(
          'found',
        );
  if (checks.size > 0) return groupChecks(stage, all);
  if (stage.status !== 'running') return groups([{ kind: 'all', places: all, folded: false }]);
  const now = placesOf(stage, runningTasks(stage));
  return groups([
    { kind: 'now', places: among(all, now), folded: false },
    { kind: 'done', places: newestFirst(without(all, now)), folded: false },
  ]);
}

function placesOf(stage: StageState, tasks: readonly TaskState[]): number[] {
  const { places } = indexOf(stage);
  return tasks.map(({ id }) => places.get(id) ?? -1);
}

/** Those of a few places that are among others, ascending. */
function among(all: Places, few: readonly number[]): Places {
  return listedPlaces(few.filter((place) => all.indexOf(place) >= 0).toSorted((a, b) => a - b));
}

/** The preflight check a task carries, if it is one. */
export function checkOf(task: TaskState): CheckResult | undefined {
  for (const { check } of task.hosts.values()) if (check !== undefined) return check;
  return undefined;
}

function groups(list: TaskGroup[]): TaskGroup[] {
  return list.filter((group) => group.places.length > 0);
}

function groupFailed(stage: StageState, query: Query | undefined): TaskGroup[] {
  const failed = badTasks(stage);
  const named = stage.failures[0]?.where.task;
  const root = failed.find((task) => task.title === named) ?? failed[0];
  const rootPlace = root === undefined ? -1 : (indexOf(stage).places.get(root.id) ?? -1);
  const missing = root === undefined ? [] : missingAt(stage, root);
  const by = JSON.stringify([query?.typed, root?.id, missing]);
  const sorted = sortTasks(stage, by, (task, place) => {
    if (query !== undefined && !taskMeets(query, task)) return undefined;
    const later = place > rootPlace && task.play === root?.play;
    return later && missing.some((host) => !task.hosts.has(host)) ? 'blocked' : 'passed';
  });
  const bad = placesOf(stage, failed);
  const now = placesOf(stage, runningTasks(stage)).filter((place) => !bad.includes(place));
  const both = [sorted('passed'), sorted('blocked')] as const;
  const [passed, blocked] = [without(both[0], [...bad, ...now]), without(both[1], [...bad, ...now])];
  const few = (kind: GroupKind, places: readonly number[]): TaskGroup => ({
    kind,
    places: listedPlaces(
      places.filter((place) => both.some((all) => all.indexOf(place) >= 0)).toSorted((a, b) => a - b),
    ),
    folded: false,
  });
  return groups([
    few('root-cause', [rootPlace]),
    few(
      'also-failed',
      bad.filter((place) => place !== rootPlace),
    ),
    few('now', now),
    { kind: 'blocked', places: blocked, folded: false },
    { kind: 'passed', places: passed, folded: blocked.length + passed.length > ROWS_AT_ONCE },
  ]);
}

/** The hosts that failed at the root and that its play was for: tasks of the play that they did not come to are blocked. */
function missingAt(stage: StageState, root: TaskState): string[] {
  const play = playHosts(stage, root);
  return badHosts(root).flatMap(([host]) => (play.has(host) ? [host] : []));
}

function groupChecks(stage: StageState, places: Places): TaskGroup[] {
  const now = new Set(placesOf(stage, runningTasks(stage)));
  const kinds = new Map<GroupKind, number[]>(
    (['failed-checks', 'warned-checks', 'now', 'skipped-checks', 'passed-checks'] as const).map((kind) => [
      kind,
      [],
    ]),
  );
  const { bad } = indexOf(stage);
  for (const place of places) {
    const task = taskAt(stage, place)?.task;
    if (task === undefined) continue;
    const status = checkOf(task)?.status;
    const kind = bad.has(task.id)
      ? 'failed-checks'
      : status === 'warning'
        ? 'warned-checks'
        : status === 'skipped'
          ? 'skipped-checks'
          : now.has(place)
            ? 'now'
            : 'passed-checks';
    kinds.get(kind)?.push(place);
  }
  return groups([...kinds].map(([kind, list]) => ({ kind, places: listedPlaces(list), folded: false })));
}
