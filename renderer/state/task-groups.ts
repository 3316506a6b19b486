import type { CheckResult } from '../../src/contract/events.ts';
import type { StageState, TaskState } from '../../src/runs/state.ts';
import { badHosts, badTasks, isGood, playHosts, runningTasks } from './order.ts';
import { indexOf } from './stage-index.ts';

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
  readonly places: readonly number[];
  readonly folded: boolean;
}

/** Which tasks are grouped: those that match, all where it is left out. */
export interface GroupOptions {
  readonly matches?: (task: TaskState) => boolean;
}

/** The task at a place of the stage. */
export function taskAt(stage: StageState, place: number): NumberedTask | undefined {
  const task = stage.tasks.get(indexOf(stage).order[place] ?? '');
  return task === undefined ? undefined : { number: place + 1, task };
}

/** Orders the tasks of a stage: root cause, what it blocked, what passed; newest first while it runs. */
export function groupTasks(stage: StageState, options: GroupOptions = {}): TaskGroup[] {
  const { order, checks } = indexOf(stage);
  const { matches } = options;
  const places: number[] = [];
  // Plain loops: this runs with every update, over all tasks.
  for (let place = 0; place < order.length; place += 1) {
    const task = matches === undefined ? undefined : taskAt(stage, place)?.task;
    if (matches === undefined || (task !== undefined && matches(task))) places.push(place);
  }
  if (places.length === 0) return [];
  if (checks.size > 0) return groupChecks(stage, places);
  if (badTasks(stage).length > 0 && !isGood(stage.status)) return groupFailed(stage, places);
  if (stage.status !== 'running') return groups([{ kind: 'all', places, folded: false }]);
  const now = placesOf(stage, runningTasks(stage));
  const done: number[] = [];
  for (let index = places.length - 1; index >= 0; index -= 1) {
    const place = places[index] ?? 0;
    if (!now.has(place)) done.push(place);
  }
  return groups([
    { kind: 'now', places: [...now].filter((place) => places.includes(place)), folded: false },
    { kind: 'done', places: done, folded: false },
  ]);
}

function placesOf(stage: StageState, tasks: readonly TaskState[]): Set<number> {
  const { places } = indexOf(stage);
  return new Set(tasks.map(({ id }) => places.get(id) ?? -1));
}

/** The preflight check a task carries, if it is one. */
export function checkOf(task: TaskState): CheckResult | undefined {
  for (const { check } of task.hosts.values()) if (check !== undefined) return check;
  return undefined;
}

function groups(list: TaskGroup[]): TaskGroup[] {
  return list.filter((group) => group.places.length > 0);
}

function groupFailed(stage: StageState, places: readonly number[]): TaskGroup[] {
  const failed = badTasks(stage);
  const named = stage.failures[0]?.where.task;
  const root = failed.find((task) => task.title === named) ?? failed[0];
  const bad = placesOf(stage, failed);
  const now = placesOf(stage, runningTasks(stage));
  const rootPlace = root === undefined ? -1 : (indexOf(stage).places.get(root.id) ?? -1);
  const rest = places.filter((place) => !bad.has(place) && !now.has(place));
  const blocked = root === undefined ? new Set<number>() : blockedBy(stage, root, rootPlace, rest);
  return groups([
    { kind: 'root-cause', places: places.filter((place) => place === rootPlace), folded: false },
    {
      kind: 'also-failed',
      places: places.filter((place) => bad.has(place) && place !== rootPlace),
      folded: false,
    },
    { kind: 'now', places: places.filter((place) => now.has(place) && !bad.has(place)), folded: false },
    { kind: 'blocked', places: rest.filter((place) => blocked.has(place)), folded: false },
    {
      kind: 'passed',
      places: rest.filter((place) => !blocked.has(place)),
      folded: rest.length > ROWS_AT_ONCE,
    },
  ]);
}

/** Later tasks of the play that the hosts which failed at the root never came to. */
function blockedBy(
  stage: StageState,
  root: TaskState,
  rootPlace: number,
  places: readonly number[],
): Set<number> {
  const gone = badHosts(root).map(([host]) => host);
  const play = playHosts(stage, root);
  const missing = gone.filter((host) => play.has(host));
  const isBlocked = (place: number): boolean => {
    if (place < rootPlace) return false;
    const entry = taskAt(stage, place);
    if (entry === undefined || entry.task.play !== root.play) return false;
    return missing.some((host) => !entry.task.hosts.has(host));
  };
  return new Set(places.filter(isBlocked));
}

function groupChecks(stage: StageState, places: readonly number[]): TaskGroup[] {
  const now = placesOf(stage, runningTasks(stage));
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
  return groups([...kinds].map(([kind, list]) => ({ kind, places: list, folded: false })));
}
