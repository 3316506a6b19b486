import type { RunEvent } from '../../src/contract/events.ts';

/** One moment is noted for so many events; what lies between is looked up in the events themselves. */
const MARK_EVERY = 64;

/** A moment of a run: the event of that number happened then (milliseconds since 1970). */
export interface Mark {
  readonly seq: number;
  readonly at: number;
}

/** What is known of all events of a run without having them in memory; plain data, so that it can be sent. */
export interface EventIndex {
  /** Number of the last event. */
  last: number;
  /** Numbers of each stage's events, ascending. */
  stages: Map<string, number[]>;
  /** Titles of tasks by stage and id, from their start in any attempt. */
  titles: Map<string, string>;
  /** When each failure was first told, by its reference. */
  failures: Map<string, string>;
  marks: Mark[];
}

/** An index of no events. */
export function createEventIndex(): EventIndex {
  return { last: 0, stages: new Map(), titles: new Map(), failures: new Map(), marks: [] };
}

/** Takes the next event in; events come in their order. */
export function noteEvent(index: EventIndex, event: RunEvent): void {
  const { stages, titles, failures, marks } = index;
  index.last = event.seq;
  if (marks.length === 0 || event.seq - (marks.at(-1)?.seq ?? 0) >= MARK_EVERY)
    marks.push({ seq: event.seq, at: Date.parse(event.at) });
  if (!('stage' in event)) return;
  const seqs = stages.get(event.stage);
  if (seqs === undefined) stages.set(event.stage, [event.seq]);
  else seqs.push(event.seq);
  if (event.kind === 'task.started') titles.set(titleKey(event.stage, event.task), event.title);
  if (event.kind === 'failure' && !failures.has(event.record.reference))
    failures.set(event.record.reference, event.at);
}

/** Where the title of a task stands in `titles`. */
export function titleKey(stage: string, task: string): string {
  return `${stage} ${task}`;
}

/** Index of the first mark later than a moment; marks are in order. */
export function firstAfter(marks: readonly Mark[], moment: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.at ?? Infinity) > moment) high = middle;
    else low = middle + 1;
  }
  return low;
}
