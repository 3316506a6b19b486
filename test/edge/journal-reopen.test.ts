import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournalFiles } from '../../main/adapters/journal-files.ts';
import { followLines } from '../../main/adapters/journal-follow.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { encodeEvent, readJournal } from '../../src/runs/index.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bringup-reopen-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const started: RunEvent = {
  ...{ seq: 1, at: '2026-11-21T02:00:00Z', run: 'r1', kind: 'run.started', site: 'lab', stack: 's' },
  ...{ site_file: 'site.yaml', schema: 1, stages: [], version: '0.1.0' },
};
const resumed = numbered(2);

function numbered(seq: number, length = 5): RunEvent {
  return { seq, at: '2026-11-21T02:00:01Z', run: 'r1', kind: 'run.resumed', reason: 'ß'.repeat(length) };
}

async function writeRun(site: string, run: string, ...events: RunEvent[]): Promise<string> {
  const journal = await createJournalFiles(home).create(site, run);
  for (const event of events) await journal.append(encodeEvent(event));
  await journal.close();
  return join(home, 'runs', run, 'journal.jsonl');
}

describe('a journal that goes on', () => {
  it('takes the numbers up, under the lock of its site', async () => {
    await writeRun('lab', 'r1', started, resumed);
    const store = createJournalFiles(home);
    const journal = await store.reopen('lab', 'r1');
    expect(journal).toMatchObject({ lastSeq: 2 });
    expect(journal.torn).toBeUndefined();
    await expect(store.reopen('lab', 'r1')).rejects.toMatchObject({ code: 'SITE_LOCKED' });
    await journal.append(encodeEvent(numbered(3)));
    await journal.close();
    expect((await readJournal(store.lines('r1'), 'r1')).events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it.each([
    ['half a line', encodeEvent(numbered(3, 40_000)).slice(0, 70_000)],
    ['zeros, as a power cut leaves them', '\0'.repeat(4096)],
    ['zeros and a line end', `${'\0'.repeat(100)}\n`],
    ['a whole line without its end', encodeEvent(numbered(3))],
  ])('has its torn tail cut off and kept: %s', async (_name, tail) => {
    const path = await writeRun('lab', 'r1', started, resumed);
    appendFileSync(path, tail);
    const store = createJournalFiles(home);
    const journal = await store.reopen('lab', 'r1');
    expect(journal).toMatchObject({
      lastSeq: 2,
      torn: { bytes: Buffer.byteLength(tail), file: `${path}.torn-1` },
    });
    expect(readFileSync(`${path}.torn-1`, 'utf8')).toBe(tail);
    expect(statSync(`${path}.torn-1`).mode & 0o777).toBe(0o600);
    await journal.append(encodeEvent(numbered(3)));
    await journal.close();
    expect(await readJournal(store.lines('r1'), 'r1')).toEqual({ events: [started, resumed, numbered(3)] });
  });

  it('keeps every tail that was ever cut off', async () => {
    const path = await writeRun('lab', 'r1', started);
    for (const round of [1, 2]) {
      appendFileSync(path, `torn ${round}`);
      await (await createJournalFiles(home).reopen('lab', 'r1')).close();
    }
    expect([1, 2].map((round) => readFileSync(`${path}.torn-${round}`, 'utf8'))).toEqual([
      'torn 1',
      'torn 2',
    ]);
  });

  it('whose end is damaged beyond a torn line is left as it is', async () => {
    const path = await writeRun('lab', 'r1', started);
    appendFileSync(path, 'garbage\nmore garbage\n');
    const before = readFileSync(path);
    await expect(createJournalFiles(home).reopen('lab', 'r1')).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
    });
    expect(readFileSync(path)).toEqual(before);
    await (await createJournalFiles(home).create('lab', 'r2')).close();
  });

  it('must be there', async () => {
    await expect(createJournalFiles(home).reopen('lab', 'r9')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  });

  it('is followed across the cut', async () => {
    const path = await writeRun('lab', 'r1', started);
    appendFileSync(path, encodeEvent(resumed).slice(0, 30));
    const seen: RunEvent[] = [];
    let tell = (): void => undefined;
    const stop = followLines([path], (lines) => {
      seen.push(...lines.map((line) => JSON.parse(line) as RunEvent));
      tell();
    });
    const until = async (count: number): Promise<void> => {
      while (seen.length < count) await new Promise<void>((resolve) => (tell = resolve));
    };
    await until(1);
    const journal = await createJournalFiles(home).reopen('lab', 'r1');
    await journal.append(encodeEvent(resumed));
    await until(2);
    await journal.close();
    stop();
    expect(seen).toEqual([started, resumed]);
  });
});
