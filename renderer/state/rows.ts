import type { StageState } from '../../src/runs/state.ts';
import { indexOf } from './stage-index.ts';
import type { GroupKind, TaskGroup } from './task-groups.ts';

/** One row of the task table: the head of a group, a task, or what an opened task has to show. */
export type Row =
  | { readonly kind: 'head'; readonly key: string; readonly group: TaskGroup; readonly folded: boolean }
  | {
      readonly kind: 'task' | 'detail';
      readonly key: string;
      readonly group: GroupKind;
      readonly place: number;
      readonly open: boolean;
    };

/** The rows of a table without a list of them: a stage may have a hundred thousand. */
export interface Rows {
  readonly count: number;
  at(index: number): Row | undefined;
  /** The heads of groups and the details of opened tasks, by index. */
  readonly special: readonly { readonly index: number; readonly kind: 'head' | 'detail' }[];
  /** Index of the row with a key; -1 where there is none. */
  indexOf(key: string): number;
}

/** What the engineer opened and folded by hand; the rest is as it starts. */
export interface Unfolding {
  readonly folded: ReadonlyMap<GroupKind, boolean>;
  /** By task id. */
  readonly opened: ReadonlyMap<string, boolean>;
}

/** Groups whose tasks start opened: what one looks at first. */
const STARTS_OPEN: readonly GroupKind[] = ['root-cause', 'now', 'failed-checks', 'warned-checks'];

interface Part {
  readonly group: TaskGroup;
  readonly folded: boolean;
  /** Indexes within the group of tasks that are opened, ascending. */
  readonly opened: readonly number[];
  readonly start: number;
  readonly count: number;
}

/** Lays out groups as rows: a head each, its tasks unless it is folded, and below an opened task its detail. */
export function layOut(stage: StageState, groups: readonly TaskGroup[], unfolding: Unfolding): Rows {
  const { order, places } = indexOf(stage);
  const parts: Part[] = [];
  let start = 0;
  for (const group of groups) {
    const folded = unfolding.folded.get(group.kind) ?? group.folded;
    const opened = folded ? [] : openedIn(group, order, places, unfolding.opened);
    const count = 1 + (folded ? 0 : group.places.length + opened.length);
    parts.push({ group, folded, opened, start, count });
    start += count;
  }
  return {
    count: start,
    at(index) {
      const part = parts.findLast((entry) => entry.start <= index);
      return part === undefined || index >= start ? undefined : rowOf(part, index - part.start, order);
    },
    special: parts.flatMap((part) => [
      { index: part.start, kind: 'head' as const },
      ...part.opened.map((open, nth) => ({ index: part.start + open + nth + 2, kind: 'detail' as const })),
    ]),
    indexOf(key) {
      const space = key.indexOf(' ');
      const [kind, name] = [key.slice(0, space), key.slice(space + 1)];
      if (kind === 'head') return parts.find(({ group }) => group.kind === name)?.start ?? -1;
      const place = places.get(name) ?? -1;
      for (const part of parts) {
        const inner = part.folded ? -1 : part.group.places.indexOf(place);
        if (inner < 0) continue;
        const above = part.opened.filter((open) => open < inner).length;
        if (kind === 'task') return part.start + 1 + inner + above;
        return part.opened.includes(inner) ? part.start + 2 + inner + above : -1;
      }
      return -1;
    },
  };
}

function openedIn(
  { kind, places: members }: TaskGroup,
  order: readonly string[],
  places: ReadonlyMap<string, number>,
  opened: Unfolding['opened'],
): number[] {
  if (STARTS_OPEN.includes(kind))
    return [...members].flatMap((place, index) => (opened.get(order[place] ?? '') === false ? [] : [index]));
  return [...opened]
    .flatMap(([id, open]) => (open ? [members.indexOf(places.get(id) ?? -1)] : []))
    .filter((index) => index >= 0)
    .sort((left, right) => left - right);
}

function rowOf({ group, folded, opened }: Part, inner: number, order: readonly string[]): Row | undefined {
  if (inner === 0) return { kind: 'head', key: `head ${group.kind}`, group, folded };
  let index = inner - 1;
  for (const open of opened) {
    if (open >= index) break;
    index -= 1;
    if (index === open) return taskRow('detail', group, open, order, true);
  }
  return taskRow('task', group, index, order, opened.includes(index));
}

function taskRow(
  kind: 'task' | 'detail',
  { kind: group, places }: TaskGroup,
  index: number,
  order: readonly string[],
  open: boolean,
): Row | undefined {
  const place = places.at(index);
  if (place === undefined) return undefined;
  return { kind, key: `${kind} ${order[place] ?? place}`, group, place, open };
}
