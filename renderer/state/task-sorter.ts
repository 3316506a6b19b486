import type { StageState, TaskState } from '../../src/runs/state.ts';
import { countBelow, listedPlaces, type Places } from './places.ts';
import { changesOf, indexOf, type StageIndex } from './stage-index.ts';

/** Tasks of a stage by kind; kinds are whatever the caller tells them apart by. */
interface Sorted {
  readonly by: string;
  readonly kinds: (string | undefined)[];
  readonly lists: Map<string, number[]>;
}

const known = new WeakMap<StageIndex, Sorted>();

/**
 * Sorts the tasks of a stage by kind; those of kind undefined are left out. `by` names the way of sorting: as long as it is
 * the same, only tasks that changed are looked at again, so `kindOf` must depend on nothing but it and the task.
 */
export function sortTasks<Kind extends string>(
  stage: StageState,
  by: string,
  kindOf: (task: TaskState, place: number) => Kind | undefined,
): (kind: Kind) => Places {
  const index = indexOf(stage);
  const { order } = index;
  const before = known.get(index);
  const sorted = before?.by === by ? before : { by, kinds: [], lists: new Map<string, number[]>() };
  known.set(index, sorted);
  const changed = changesOf(index);
  const look = (place: number): void => {
    const task = stage.tasks.get(order[place] ?? '');
    if (task !== undefined) put(sorted, place, kindOf(task, place));
  };
  const from = sorted.kinds.length;
  for (const place of changed) if (place < from) look(place);
  changed.clear();
  for (let place = from; place < order.length; place += 1) look(place);
  return (kind) => listedPlaces(sorted.lists.get(kind) ?? []);
}

function put({ kinds, lists }: Sorted, place: number, kind: string | undefined): void {
  const before = kinds[place];
  if (before === kind && place < kinds.length) return;
  kinds[place] = kind;
  const old = before === undefined ? undefined : lists.get(before);
  if (old !== undefined) old.splice(placeIn(old, place), 1);
  if (kind === undefined) return;
  const list = lists.get(kind) ?? [];
  lists.set(kind, list);
  if ((list.at(-1) ?? -1) < place) list.push(place);
  else list.splice(placeIn(list, place), 0, place);
}

function placeIn(list: readonly number[], place: number): number {
  return countBelow(list.length, (index) => (list[index] ?? 0) < place);
}
