import { describe, expect, it } from 'vitest';
import { createArchive } from '../../renderer/state/archive.ts';
import { createLogSearch } from '../../renderer/state/log-search.ts';
import { parseQuery } from '../../renderer/state/query.ts';
import { createTimeline } from '../../renderer/state/timeline.ts';
import type { BringupClient, EventsQuery } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { createLiveState, EMPTY_RUN, reduceRun } from '../../src/runs/state.ts';
import { failedRun } from '../fixtures/journals/samples.ts';
import { JournalWriter } from '../fixtures/journals/writer.ts';
import { STAGES } from '../fixtures/journals/stages.ts';

/** More events than an archive keeps in memory: one task after the other, a second apart. */
function longRun(tasks: number): readonly RunEvent[] {
  const journal = new JournalWriter('long', '2026-11-21T00:00:00Z').start('long', STAGES).begin('preflight');
  for (let number = 1; number <= tasks; number += 1)
    journal.task(`Task ${number}`, '', 1, [['kvm-host', number % 5000 === 0 ? 'failed' : 'ok']]);
  return journal.events;
}

function archiveOf(events: readonly RunEvent[]) {
  const asked: EventsQuery[] = [];
  const call = ((_command: string, query: EventsQuery) => {
    asked.push(query);
    const from = (query.from ?? 1) - 1;
    return Promise.resolve({ events: events.slice(from, from + (query.limit ?? Infinity)), more: false });
  }) as BringupClient['call'];
  const archive = createArchive('long', call);
  archive.append(events);
  return { archive, asked };
}

const long = longRun(110_000);

describe('the events of a run', () => {
  it('stay in memory while they are new, and are asked for again when they are old', async () => {
    const { archive, asked } = archiveOf(long);
    expect(archive.peek(long.length)).toEqual(long.at(-1));
    expect(archive.peek(1)).toBeUndefined();
    expect(await archive.load(1, 3)).toEqual(long.slice(0, 3));
    expect(asked).toEqual([{ run: 'long', from: 1, limit: 1024 }]);
    expect(archive.peek(1)).toEqual(long[0]);
    expect(await archive.load(1023, 1026)).toEqual(long.slice(1022, 1026));
  });

  it('are kept without their details, which are asked for when somebody looks', async () => {
    const events = failedRun.map((event) =>
      event.kind === 'host.result' ? { ...event, detail: { stdout: `said in ${event.seq}` } } : event,
    );
    const { archive, asked } = archiveOf(events);
    expect(await archive.load(1, events.length)).toEqual(failedRun);
    expect(asked).toEqual([]);
    const seq = events.findLast(({ kind }) => kind === 'host.result')?.seq ?? 0;
    expect(await archive.detailOf(seq)).toEqual({ stdout: `said in ${seq}` });
    expect(await archive.detailOf(1)).toBeUndefined();
  });

  it('are found by the moment at which they happened', async () => {
    const { archive } = archiveOf(failedRun);
    for (const event of failedRun) {
      const last = failedRun.findLast(({ at }) => at <= event.at);
      expect(await archive.seqAt(Date.parse(event.at))).toBe(last?.seq);
    }
    expect(await archive.seqAt(0)).toBe(0);
    expect(await archive.seqAt(Date.now() * 2)).toBe(failedRun.length);
  });

  it('are searched in slices, also those that are not in memory', async () => {
    const { archive } = archiveOf(long);
    const query = parseQuery('status:failed kvm');
    if (query === undefined) throw new Error('the search is empty');
    const search = createLogSearch(archive, 'preflight', query);
    let slices = 1;
    while (await search.advance()) slices += 1;
    expect(search.found).toHaveLength(22);
    expect(slices).toBeGreaterThan(20);
  });
});

describe('any moment of a run', () => {
  it('is the state reduced from the events up to it', async () => {
    const { archive } = archiveOf(failedRun);
    const timeline = createTimeline(archive);
    for (const seq of [3, 20, 5, 5, failedRun.length])
      expect(await timeline.stateAt(seq)).toEqual(reduceRun(EMPTY_RUN, failedRun.slice(0, seq)));
  });

  it('is reduced from a kept state near it', async () => {
    const { archive } = archiveOf(long);
    let read = 0;
    const timeline = createTimeline({
      load: (from, to) => {
        read += to - from + 1;
        return archive.load(from, to);
      },
    });
    const live = createLiveState(EMPTY_RUN);
    for (let from = 0; from < long.length; from += 1000) {
      const { state } = live.push(long.slice(from, from + 1000));
      if (timeline.wants(state.lastSeq)) timeline.keep(live.freeze());
    }
    const there = await timeline.stateAt(150_000);
    expect(there.lastSeq).toBe(150_000);
    expect(there.stages.get('preflight')?.tasks.size).toBe(74_999);
    expect(read).toBeLessThan(20_000);
  });
});
