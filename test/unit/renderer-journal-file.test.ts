// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { createJournalFile } from '../../renderer/clients/journal-file.ts';
import { openReplay } from '../../renderer/clients/replay.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { failedRun } from '../fixtures/journals/samples.ts';

const lines = failedRun.map((event) => JSON.stringify(event));

/** A journal of several pieces: each event carries 4 KiB. */
const long: RunEvent[] = Array.from({ length: 1200 }, (_, index) => {
  const head = { seq: index + 1, at: new Date(index * 1000).toISOString(), run: 'r' };
  return index === 0
    ? {
        ...head,
        kind: 'run.started',
        site: 's',
        stack: 's',
        site_file: 'f',
        schema: 2,
        stages: [],
        version: '1',
      }
    : { ...head, kind: 'run.interrupted', reason: `ü${'x'.repeat(4096)}` };
});

async function all(text: string): Promise<{ events: RunEvent[]; unreadable: number }> {
  const file = createJournalFile(new Blob([text]));
  const events: RunEvent[] = [];
  for (let seq = 0; ; seq = events.at(-1)?.seq ?? 0) {
    const next = await file.after(seq);
    if (next === undefined) return { events, unreadable: file.unreadable };
    events.push(...next);
  }
}

describe('a journal file', () => {
  it('is read back', async () => {
    expect(await all(`${lines.join('\n')}\n`)).toEqual({ events: failedRun, unreadable: 0 });
  });

  it('loses nothing where pieces meet, and any part can be read again', async () => {
    const text = long.map((event) => JSON.stringify(event)).join('\n');
    expect(text.length).toBeGreaterThan(4 * 1024 * 1024);
    expect((await all(text)).events).toEqual(long);
    const file = createJournalFile(new Blob([text]));
    for (let seq = 0; (await file.after(seq)) !== undefined;) seq += 200;
    expect((await file.range(250, 900)).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 651 }, (_, index) => 250 + index),
    );
  });

  it('may have a torn last line', async () => {
    expect(await all(`${lines.join('\n')}\n{"seq": 99, "ki`)).toEqual({ events: failedRun, unreadable: 0 });
  });

  it('counts other lines that cannot be read and goes on behind them', async () => {
    const damaged = [...lines.slice(0, 3), 'hello', ...lines.slice(4)];
    const { events, unreadable } = await all(damaged.join('\n'));
    expect(unreadable).toBe(1);
    expect(events).toEqual([...failedRun.slice(0, 3), ...failedRun.slice(4)]);
  });

  it.each([
    ['', 'an empty file'],
    ['hello\nworld\n', 'a text'],
    [lines.slice(1).join('\n'), 'a journal without its beginning'],
  ])('that does not begin as one is refused', async (text) => {
    await expect(openReplay(new Blob([text]))).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' });
  });
});

describe('a replay of a file', () => {
  it('delivers every event once, also where two readers begin at once', async () => {
    const { client, run } = await openReplay(new Blob([lines.join('\n')]));
    const seen: [number[], number[]] = [[], []];
    await new Promise<void>((resolve) => {
      const note = (list: number[]) => (events: readonly RunEvent[]) => {
        list.push(...events.map(({ seq }) => seq));
        if (seen.every((entry) => entry.length === failedRun.length)) resolve();
      };
      client.subscribe(run, 1, note(seen[0]));
      client.subscribe(run, 1, note(seen[1]));
    });
    const expected = failedRun.map(({ seq }) => seq);
    expect(seen).toEqual([expected, expected]);
  });

  it('can only be looked at', async () => {
    const { client, run } = await openReplay(new Blob([lines.join('\n')]));
    await expect(client.call('runs.resume', { run })).rejects.toMatchObject({ code: 'REPLAY_READ_ONLY' });
  });
});
