import type { BringupClient } from '../../src/contract/api.ts';
import type { ResultDetail, RunEvent } from '../../src/contract/events.ts';
import { createEventIndex, firstAfter, noteEvent, titleKey, type EventIndex } from './event-index.ts';

/** Events of a block; blocks are what is kept, let go of and asked for again. */
const BLOCK = 1024;
/** Blocks that stay in memory as they arrive: some 200,000 events, about 80 MB. */
const RECENT_BLOCKS = 200;
/** Blocks that were asked for again and are kept for a while. */
const AGAIN_BLOCKS = 24;

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

/** Keeps the events of `run`; `call` is where older ones are asked for. `index` tells of events that went before. */
export function createArchive(
  run: string,
  call: BringupClient['call'],
  index: EventIndex = createEventIndex(),
): Archive {
  const blocks = new Map<number, RunEvent[]>();
  const again = new Map<number, Promise<readonly RunEvent[]>>();

  const blockOf = (seq: number): number => Math.floor((seq - 1) / BLOCK);

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
        noteEvent(index, event);
      }
    },
    get last() {
      return index.last;
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
    ofStage: (stage) => index.stages.get(stage) ?? [],
    titleOf: (stage, task) => index.titles.get(titleKey(stage, task)),
    failureAt: (reference) => index.failures.get(reference),
    async seqAt(moment) {
      const { marks, last } = index;
      const next = firstAfter(marks, moment);
      const from = marks[next - 1]?.seq;
      if (from === undefined) return 0;
      const events = await archive.load(from, (marks[next]?.seq ?? last + 1) - 1);
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
