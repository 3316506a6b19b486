import type { StageState, TaskState, Touched } from '../../src/runs/state.ts';
import { isBad, outcomeOf } from './outcome.ts';

type Tasks = StageState['tasks'];

/** What screens ask of a stage's tasks over and over; kept as the tasks change, so that no answer walks all of them. */
export interface StageIndex {
  /** Ids of the tasks in the order in which they began. */
  readonly order: readonly string[];
  /** Place of a task in `order`. */
  readonly places: ReadonlyMap<string, number>;
  /** Every host that answered, in order of appearance. */
  readonly hosts: ReadonlySet<string>;
  /** The hosts that answered any task of a play. */
  readonly plays: ReadonlyMap<string | undefined, ReadonlySet<string>>;
  /** Tasks with an answer that stops the run. */
  readonly bad: ReadonlySet<string>;
  /** Tasks that are preflight checks. */
  readonly checks: ReadonlySet<string>;
  /** Tasks without any answer yet. */
  readonly unanswered: ReadonlySet<string>;
}

interface Growing extends StageIndex {
  readonly order: string[];
  readonly places: Map<string, number>;
  readonly hosts: Set<string>;
  readonly plays: Map<string | undefined, Set<string>>;
  readonly bad: Set<string>;
  readonly checks: Set<string>;
  readonly unanswered: Set<string>;
  /** Places of tasks that changed since somebody asked; absent while nobody does. */
  changed?: Set<number>;
}

const indexes = new WeakMap<Tasks, Growing>();

/** The index of a stage's tasks; made at the first call, kept by `keepIndex` afterwards. */
export function indexOf(stage: Pick<StageState, 'tasks'>): StageIndex {
  const known = indexes.get(stage.tasks);
  if (known !== undefined) return known;
  const index: Growing = {
    order: [],
    places: new Map(),
    hosts: new Set(),
    plays: new Map(),
    bad: new Set(),
    checks: new Set(),
    unanswered: new Set(),
  };
  for (const task of stage.tasks.values()) take(index, task);
  indexes.set(stage.tasks, index);
  return index;
}

/** An index as plain lists, to be sent along with the tasks that it is of; `order` is theirs. */
export interface ListedIndex {
  readonly hosts: readonly string[];
  readonly plays: readonly (readonly [string | undefined, readonly string[]])[];
  readonly bad: readonly string[];
  readonly checks: readonly string[];
  readonly unanswered: readonly string[];
}

/** Lists the index of a stage's tasks. */
export function listIndex(stage: Pick<StageState, 'tasks'>): ListedIndex {
  const { hosts, plays, bad, checks, unanswered } = indexOf(stage);
  return {
    hosts: [...hosts],
    plays: [...plays].map(([play, members]) => [play, [...members]]),
    bad: [...bad],
    checks: [...checks],
    unanswered: [...unanswered],
  };
}

/** Takes a listed index over for tasks that were sent with it, so that nobody walks them. */
export function adoptIndex(tasks: Tasks, listed: ListedIndex): void {
  const order = [...tasks.keys()];
  indexes.set(tasks, {
    order,
    places: new Map(order.map((id, place) => [id, place])),
    hosts: new Set(listed.hosts),
    plays: new Map(listed.plays.map(([play, members]) => [play, new Set(members)])),
    bad: new Set(listed.bad),
    checks: new Set(listed.checks),
    unanswered: new Set(listed.unanswered),
  });
}

/** Places of tasks that changed since the last one who asked cleared the set; noted from the first call on. */
export function changesOf(index: StageIndex): Set<number> {
  const growing = index as Growing;
  return (growing.changed ??= new Set());
}

/** Brings the index of tasks that changed in place, or were copied, up to date. */
export function keepIndex({ before, tasks, ids }: Touched): void {
  const index = indexes.get(before);
  if (index === undefined) return;
  if (before !== tasks) {
    indexes.delete(before);
    // Another attempt's map has other tasks, even where their ids are the same: its index is made when it is asked for.
    const same = index.order.find((id) => !ids.has(id));
    if (same === undefined || before.get(same) !== tasks.get(same)) return;
    indexes.set(tasks, index);
  }
  for (const id of ids) {
    const task = tasks.get(id);
    if (task !== undefined) take(index, task);
  }
}

function take(index: Growing, task: TaskState): void {
  const { id } = task;
  if (!index.places.has(id)) {
    index.places.set(id, index.order.length);
    index.order.push(id);
  }
  index.changed?.add(index.places.get(id) ?? 0);
  const play = index.plays.get(task.play) ?? new Set();
  index.plays.set(task.play, play);
  let bad = false;
  for (const [host, answer] of task.hosts) {
    index.hosts.add(host);
    play.add(host);
    bad ||= isBad(outcomeOf(answer));
    if (answer.check !== undefined) index.checks.add(id);
  }
  keep(index.bad, id, bad);
  keep(index.unanswered, id, task.hosts.size === 0);
}

function keep(set: Set<string>, id: string, member: boolean): void {
  if (member) set.add(id);
  else set.delete(id);
}
