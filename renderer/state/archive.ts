import type { BringupClient } from '../../src/contract/api.ts';
import type { ResultDetail, RunEvent } from '../../src/contract/events.ts';

/** Events of a block; blocks are what is kept, let go of and asked for again. */
const BLOCK = 1024;
/** Blocks that stay in memory as they arrive: some 200,000 events, about 80 MB. */
const RECENT_BLOCKS = 200;
/** Blocks that were asked for again and are kept for a while. */
const AGAIN_BLOCKS = 24;
/** One moment is noted for so many events; what lies between is looked up in the events themselves. */
const MARK_EVERY = 64;

/** The events of a run: the newest in memory, older ones asked for again when somebody looks at them. */
export interface Archive {
  append(events: readonly RunEvent[]): void;
  /** Number of the last event. */
  readonly last: number;
  /** The event of that number, when it is in memory. */
  peek(seq: number): RunEvent | undefined;
  /** Events `from` to `to`, both included; rejects as `runs.events` does. */
  load(from: number, to: number): Promise<readonly RunEvent[]>;
  /** Command, output and diff of the result with that number; they are never kept. Rejects as `runs.events` does. */
  detailOf(seq: number): Promise<ResultDetail | undefined>;
  /** Numbers of a stage's events, ascending. */
  ofStage(stage: string): readonly number[];
  /** Title of a task, from its start in any attempt. */
  titleOf(stage: string, task: string): string | undefined;
  /** When a failure was first told. */
  failureAt(reference: string): string | undefined;
  /** Number of the last event that had happened at a moment (milliseconds since 1970); 0 before the first. */
  seqAt(moment: number): Promise<number>;
}

/** Keeps the events of `run`; `call` is where older ones are asked for. */
export function createArchive(run: string, call: BringupClient['call']): Archive {
  const blocks = new Map<number, RunEvent[]>();
  const again = new Map<number, Promise<readonly RunEvent[]>>();
  const stages = new Map<string, number[]>();
  const titles = new Map<string, string>();
  const failures = new Map<string, string>();
  const marks: { seq: number; at: number }[] = [];
  let last = 0;

  const blockOf = (seq: number): number => Math.floor((seq - 1) / BLOCK);

  function note(event: RunEvent): void {
    if (marks.length === 0 || event.seq - (marks.at(-1)?.seq ?? 0) >= MARK_EVERY)
      marks.push({ seq: event.seq, at: Date.parse(event.at) });
    if (!('stage' in event)) return;
    const seqs = stages.get(event.stage);
    if (seqs === undefined) stages.set(event.stage, [event.seq]);
    else seqs.push(event.seq);
    if (event.kind === 'task.started') titles.set(`${event.stage} ${event.task}`, event.title);
    if (event.kind === 'failure' && !failures.has(event.record.reference))
      failures.set(event.record.reference, event.at);
  }

  function ask(block: number): Promise<readonly RunEvent[]> {
    const known = again.get(block);
    if (known !== undefined) return known;
    const asked = call('runs.events', { run, from: block * BLOCK + 1, limit: BLOCK }).then(({ events }) => {
      blocks.set(block, place(events));
      return events;
    });
    again.set(block, asked);
    asked.catch(() => again.delete(block));
    const [oldest] = again.keys();
    if (again.size > AGAIN_BLOCKS && oldest !== undefined) {
      again.delete(oldest);
      blocks.delete(oldest);
    }
    return asked;
  }

  function place(events: readonly RunEvent[]): RunEvent[] {
    const block: RunEvent[] = [];
    for (const event of events) block[(event.seq - 1) % BLOCK] = brief(event);
    return block;
  }

  const archive: Archive = {
    append(events) {
      for (const event of events) {
        const number = blockOf(event.seq);
        const block = blocks.get(number) ?? [];
        if (block.length === 0) {
          blocks.set(number, block);
          blocks.delete(number - RECENT_BLOCKS);
        }
        block[(event.seq - 1) % BLOCK] = brief(event);
        note(event);
        last = event.seq;
      }
    },
    get last() {
      return last;
    },
    peek: (seq) => blocks.get(blockOf(seq))?.[(seq - 1) % BLOCK],
    async load(from, to) {
      const found: RunEvent[] = [];
      for (let block = blockOf(from); block <= blockOf(to); block += 1) {
        const events = blocks.get(block) ?? (await ask(block));
        // A block has holes where a journal has; forEach leaves them out.
        events.forEach((event) => {
          if (event.seq >= from && event.seq <= to) found.push(event);
        });
      }
      return found;
    },
    async detailOf(seq) {
      const { events } = await call('runs.events', { run, from: seq, limit: 1 });
      const [event] = events;
      return event?.kind === 'host.result' ? event.detail : undefined;
    },
    ofStage: (stage) => stages.get(stage) ?? [],
    titleOf: (stage, task) => titles.get(`${stage} ${task}`),
    failureAt: (reference) => failures.get(reference),
    async seqAt(moment) {
      const next = firstAfter(marks, moment);
      const from = marks[next - 1]?.seq;
      if (from === undefined) return 0;
      const events = await archive.load(from, Math.min(last, (marks[next]?.seq ?? last + 1) - 1));
      return events.findLast(({ at }) => Date.parse(at) <= moment)?.seq ?? from;
    },
  };
  return archive;
}

/** An event without what makes it many times as long as others. */
function brief(event: RunEvent): RunEvent {
  if (event.kind !== 'host.result' || event.detail === undefined) return event;
  const { detail: _detail, ...rest } = event;
  return rest;
}

/** Index of the first mark later than a moment; marks are in order. */
function firstAfter(marks: readonly { readonly at: number }[], moment: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.at ?? Infinity) > moment) high = middle;
    else low = middle + 1;
  }
  return low;
}
