import { describe, expect, it } from 'vitest';
import { openReplay, type Replay } from '../../renderer/clients/replay.ts';
import type { Told } from '../../renderer/replay/messages.ts';
import { playJournal, type Reader } from '../../renderer/replay/play-journal.ts';
import { createReader } from '../../renderer/replay/reader.ts';
import { indexOf } from '../../renderer/state/stage-index.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { EMPTY_RUN, reduceRun, type RunState } from '../../src/runs/state.ts';
import { retriedRun } from '../fixtures/journals/retried.ts';
import { failedRun, wideRun } from '../fixtures/journals/samples.ts';

/** The reader of a thread on this one; what is said is copied as between threads. */
function sideBySide(): Reader {
  let hear: (told: Told) => void = () => undefined;
  const receive = createReader((told) => {
    const copy = structuredClone(told);
    queueMicrotask(() => {
      hear(copy);
    });
  });
  return {
    ask: (question) => void receive(question),
    listen: (told) => {
      hear = told;
    },
    end: () => undefined,
  };
}

const blobOf = (events: readonly RunEvent[]): Blob =>
  new Blob([events.map((event) => `${JSON.stringify(event)}\n`).join('')]);

/** Opens a journal and waits until all of it is read. */
async function play(blob: Blob): Promise<{ replay: Required<Replay>; end: RunState }> {
  const { run, client, store, close } = await playJournal(sideBySide(), blob);
  if (store === undefined || close === undefined) throw new Error('the journal is not played by a reader');
  const read = (): boolean => store.archive.last > 0 && store.store.getState().waiting === 0;
  for (let turn = 0; turn < 1000 && !read(); turn += 1) await new Promise((resolve) => setTimeout(resolve));
  return { replay: { run, client, store, close }, end: store.store.getState().run };
}

describe.each([
  ['a failed run', failedRun],
  ['a run that was tried again', retriedRun],
  ['a run on many hosts', wideRun(40)],
])('%s that a thread reads', (_name, events) => {
  it('ends in the state that its events make', async () => {
    const { replay, end } = await play(blobOf(events));
    const wanted = reduceRun(EMPTY_RUN, events);
    expect(replay.run).toBe(wanted.run);
    expect(end).toEqual(wanted);
    for (const [id, stage] of end.stages) {
      const fresh = wanted.stages.get(id);
      expect(indexOf(stage)).toEqual(fresh && indexOf(fresh));
    }
  });

  it('can be seen as it was at any moment', async () => {
    const { replay, end } = await play(blobOf(events));
    const { timeline } = replay.store;
    for (let seq = 1; seq <= events.length; seq += 7) {
      const wanted = reduceRun(EMPTY_RUN, events.slice(0, seq));
      const past = await timeline.stateAt(seq);
      expect(past).toEqual(wanted);
      for (const [id, stage] of past.stages) {
        const fresh = wanted.stages.get(id);
        expect(indexOf(stage)).toEqual(fresh && indexOf(fresh));
      }
    }
    expect(await timeline.stateAt(events.length)).toEqual(end);
  });

  it('has its events, by number, by stage and by moment', async () => {
    const { replay } = await play(blobOf(events));
    const { archive } = replay.store;
    expect(await archive.load(2, 9)).toEqual(events.slice(1, 9));
    for (const stage of new Set(events.flatMap((event) => ('stage' in event ? [event.stage] : []))))
      expect(archive.ofStage(stage)).toEqual(
        events.filter((event) => 'stage' in event && event.stage === stage).map(({ seq }) => seq),
      );
    const middle = events[events.length >> 1];
    const last = events.findLast(({ at }) => at <= (middle?.at ?? ''));
    expect(await archive.seqAt(Date.parse(middle?.at ?? ''))).toBe(last?.seq);
  });
});

describe('a thread that reads a journal', () => {
  it('says what it could not read, and goes on behind it', async () => {
    const lines = failedRun.map((event) => JSON.stringify(event));
    const { replay } = await play(new Blob([[...lines.slice(0, 3), 'hello', ...lines.slice(4)].join('\n')]));
    expect(await replay.client.call('runs.events', { run: replay.run, from: 3, limit: 2 })).toEqual({
      events: [failedRun[2]],
      more: false,
      notice: '1 lines of this file could not be read.',
    });
  });

  it('refuses a file that is no journal, and anything but looking', async () => {
    await expect(playJournal(sideBySide(), new Blob(['hello\n']))).rejects.toMatchObject({
      code: 'JOURNAL_UNREADABLE',
    });
    const { replay } = await play(blobOf(failedRun));
    await expect(replay.client.call('runs.resume', { run: replay.run })).rejects.toMatchObject({
      code: 'REPLAY_READ_ONLY',
    });
  });

  it('is done without where it cannot be had', async () => {
    const broken: Reader = {
      ask: () => undefined,
      listen: (_told, fail) => {
        queueMicrotask(() => {
          fail(new Error('no threads here'));
        });
      },
      end: () => undefined,
    };
    await expect(playJournal(broken, blobOf(failedRun))).rejects.toThrow('no threads here');
    expect((await openReplay(blobOf(failedRun))).store).toBeUndefined();
  });
});
