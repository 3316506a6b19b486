import { describe, expect, it } from 'vitest';
import { createFeed } from '../../src/app/feed.ts';
import type { RunJournals } from '../../src/app/ports.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { encodeEvent } from '../../src/runs/index.ts';

const KEPT = 5;

const eventOf = (seq: number): RunEvent => ({
  ...{ seq, run: 'r1', at: '2026-11-21T02:00:00Z' },
  ...{ kind: 'stage.started', stage: `s${seq}` },
});

/** A run whose events are journalled, then published, as the engine does; `reads` counts how often its journal was read. */
function startRun() {
  const lines: string[] = [];
  const seen = { reads: 0 };
  const journals: Partial<RunJournals> = {
    list: async () => [{ run: 'r1', site: 'lab', path: 'r1.jsonl', stamp: '1' }],
    lines: async function* () {
      seen.reads += 1;
      yield lines.join('\n');
    },
  };
  const feed = createFeed(journals as RunJournals, KEPT);
  const publish = (count: number): void => {
    for (let one = 0; one < count; one += 1) {
      const event = eventOf(lines.length + 1);
      lines.push(encodeEvent(event));
      feed.publish(event);
    }
  };
  /** The numbers of what a watcher is told. */
  const watch = (from: number): { told: number[]; stop: () => void } => {
    const told: number[] = [];
    const stop = feed.subscribe('r1', from, (events) => told.push(...events.map(({ seq }) => seq)));
    return { told, stop };
  };
  return { feed, publish, watch, seen };
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('watching a run that this process carries out', () => {
  it('tells the newest events from memory', () => {
    const { publish, watch, seen } = startRun();
    publish(100);
    const { told } = watch(100 - KEPT + 1);
    publish(2);
    expect(told).toEqual(numbers(100 - KEPT + 1, 102));
    expect(seen.reads).toBe(0);
  });

  it('reads what memory no longer holds from the journal, and tells everything once and in order', async () => {
    const { publish, watch, seen } = startRun();
    publish(100);
    const { told } = watch(1);
    publish(3 * KEPT);
    await expect.poll(() => told.length).toBe(100 + 3 * KEPT);
    publish(1);
    expect(told).toEqual(numbers(1, 101 + 3 * KEPT));
    expect(seen.reads).toBe(1);
  });

  it('holds twice the number at the most', async () => {
    const { publish, watch, seen } = startRun();
    publish(100);
    const { told } = watch(100 - 2 * KEPT);
    await expect.poll(() => told.length).toBe(2 * KEPT + 1);
    expect(seen.reads).toBe(1);
  });

  it('tells nothing more to one who left while the journal was read', async () => {
    const { publish, watch } = startRun();
    publish(100);
    const left = watch(1);
    const stays = watch(1);
    left.stop();
    await expect.poll(() => stays.told.length).toBe(100);
    publish(1);
    expect(left.told).toEqual([]);
    expect(stays.told).toEqual(numbers(1, 101));
  });
});

describe('a run that has told its end', () => {
  it('is waited for until it has let go of its site; one that goes on is not', async () => {
    const { feed, publish } = startRun();
    const order: string[] = [];
    let close = (): void => undefined;
    const done = new Promise<never>((_resolve, reject) => {
      close = () => reject(new Error('the disk is full'));
    });
    feed.add({ run: 'r1', from: 1, done, cancel: () => undefined });
    publish(1);
    await feed.settled();
    const head = { seq: 2, run: 'r1', at: '2026-11-21T02:00:01Z' };
    feed.publish({ ...head, kind: 'run.finished', status: 'ok', text: 'done' });
    const settled = feed.settled().then(() => order.push('settled'));
    order.push('closed');
    close();
    await settled;
    expect(order).toEqual(['closed', 'settled']);
  });
});
