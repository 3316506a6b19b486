import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournalFiles } from '../../main/adapters/journal-files.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { encodeEvent, readJournal } from '../../src/runs/index.ts';
import { createRecorder } from '../../src/runs/recorder.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bringup-journal-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const started: RunEvent = {
  ...{ seq: 1, at: '2026-11-21T02:00:00Z', run: 'r1', kind: 'run.started', site: 'lab', stack: 's' },
  ...{ site_file: 'site.yaml', schema: 1, stages: [], version: '0.1.0' },
};
const resumed: RunEvent = {
  seq: 2,
  at: '2026-11-21T02:00:01Z',
  run: 'r1',
  kind: 'run.resumed',
  reason: 'again',
};

async function writeRun(site: string, run: string, ...events: RunEvent[]): Promise<string> {
  const journal = await createJournalFiles(home).create(site, run);
  for (const event of events) await journal.append(encodeEvent(event));
  await journal.sync();
  await journal.close();
  return join(home, 'runs', run, 'journal.jsonl');
}

function numbered(seq: number, length = 5): RunEvent {
  return { seq, at: resumed.at, run: 'r1', kind: 'run.resumed', reason: 'ß'.repeat(length) };
}

/** A disk of the test's own, in memory, that is soon full. */
async function onSmallDisk(size: string, work: (disk: string) => Promise<void>): Promise<void> {
  const disk = join(home, 'small');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'bringup-test', disk]);
  try {
    await work(disk);
  } finally {
    execFileSync('umount', [disk]);
  }
}

function writeLock(owner: object | string): string {
  mkdirSync(join(home, 'locks'), { recursive: true });
  const path = join(home, 'locks', 'lab.lock');
  writeFileSync(path, typeof owner === 'string' ? owner : JSON.stringify(owner));
  return path;
}

describe('journals on disk', () => {
  it('are private, come back as written and are listed newest first', async () => {
    const path = await writeRun('lab', '20261121-020000-lab-0001', started, resumed);
    await writeRun('other', '20261121-030000-other-0002');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    const store = createJournalFiles(home);
    expect(await readJournal(store.lines('20261121-020000-lab-0001'), 'r1')).toEqual({
      events: [started, resumed],
    });
    expect((await store.list()).map(({ run, site }) => [run, site])).toEqual([
      ['20261121-030000-other-0002', ''],
      ['20261121-020000-lab-0001', 'lab'],
    ]);
  });

  it('leave a torn tail out', async () => {
    const path = await writeRun('lab', 'r1', started);
    appendFileSync(path, encodeEvent(resumed).slice(0, 30));
    const { events } = await readJournal(createJournalFiles(home).lines('r1'), 'r1');
    expect(events).toEqual([started]);
  });

  it('are never written over', async () => {
    const path = await writeRun('lab', 'r1', started);
    await expect(createJournalFiles(home).create('lab', 'r1')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(path, 'utf8')).toBe(`${encodeEvent(started)}\n`);
  });

  it.each(['nosuch', '../../etc', ''])('say so when there is no run %j', async (run) => {
    const reading = async (): Promise<unknown> => readJournal(createJournalFiles(home).lines(run), run);
    await expect(reading()).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  });

  it('say that the disk is full, keep whole lines only, and have room left to say why they end', async () => {
    await onSmallDisk('64k', async (disk) => {
      const store = createJournalFiles(disk);
      const journal = await store.create('lab', 'r1');
      await journal.append(encodeEvent(started));
      let written = 1;
      const fill = async (): Promise<void> => {
        for (; written < 1000; written += 1) await journal.append(encodeEvent(numbered(written + 1, 500)));
      };
      await expect(fill()).rejects.toMatchObject({ code: 'JOURNAL_NO_SPACE' });
      await expect(journal.append('short')).rejects.toMatchObject({ code: 'JOURNAL_NO_SPACE' });
      const farewell = { ...resumed, seq: written + 1, kind: 'run.interrupted', reason: 'full' } as const;
      await journal.lastWords?.(encodeEvent(farewell));
      await journal.close();
      const { events, notice } = await readJournal(store.lines('r1'), 'r1');
      expect(notice).toBeUndefined();
      expect(events).toHaveLength(written + 1);
      expect(events.at(-1)).toEqual(farewell);
    });
  });

  it('of a run on a full disk end with the reason, and nothing was told that is not on disk', async () => {
    await onSmallDisk('64k', async (disk) => {
      const store = createJournalFiles(disk);
      const journal = await store.create('lab', 'r1');
      const told: RunEvent[] = [];
      const clock = { now: () => new Date('2026-11-21T02:00:00Z') };
      const recorder = createRecorder({ run: 'r1', journal, clock, onBroken: () => undefined });
      recorder.onEvent((event) => told.push(event));
      const { seq: _seq, at: _at, run: _run, ...first } = started;
      recorder.record(first);
      const work = async (): Promise<void> => {
        for (;;) {
          for (let count = 0; count < 10; count += 1) {
            recorder.record({ kind: 'run.resumed', reason: 'x'.repeat(500) });
          }
          await recorder.sync();
        }
      };
      await expect(work()).rejects.toMatchObject({ code: 'JOURNAL_NO_SPACE' });
      await journal.close();
      const { events, notice } = await readJournal(store.lines('r1'), 'r1');
      expect(notice).toBeUndefined();
      expect(events).toEqual(told);
      expect(events.at(-1)).toMatchObject({
        ...{ kind: 'run.interrupted', reason: expect.stringMatching(/the disk is full/) },
      });
    });
  });

  it('go on where there is room again', async () => {
    await onSmallDisk('64k', async (disk) => {
      const store = createJournalFiles(disk);
      const journal = await store.create('lab', 'r1');
      await journal.append(encodeEvent(started));
      const full = Promise.allSettled(
        Array.from({ length: 200 }, async (_, index) =>
          journal.append(encodeEvent(numbered(index + 2, 500))),
        ),
      );
      expect((await full).some(({ status }) => status === 'rejected')).toBe(true);
      await journal.close();
      execFileSync('mount', ['-o', 'remount,size=1m', disk]);
      const again = await store.reopen('lab', 'r1');
      await again.append(encodeEvent(numbered(again.lastSeq + 1)));
      await again.close();
      const { events } = await readJournal(store.lines('r1'), 'r1');
      expect(events).toHaveLength(again.lastSeq + 1);
    });
  });

  it('take many lines at once in the order in which they came', async () => {
    const store = createJournalFiles(home);
    const journal = await store.create('lab', 'r1');
    const events = [started, ...Array.from({ length: 3000 }, (_, index) => numbered(index + 2))];
    await Promise.all(events.map((event) => journal.append(encodeEvent(event))));
    await journal.close();
    expect((await readJournal(store.lines('r1'), 'r1')).events).toEqual(events);
  });
});

describe('the lock of a site', () => {
  it('lets one run at a time work on it, and others on other sites', async () => {
    const store = createJournalFiles(home);
    const journal = await store.create('lab', 'r1');
    await expect(store.create('lab', 'r2')).rejects.toMatchObject({
      code: 'SITE_LOCKED',
      message: expect.stringMatching(
        new RegExp(
          `^Run r1 is already working on site lab: process ${process.pid} of \\S+ on ${hostname()}, for 0 min`,
        ),
      ),
    });
    await (await store.create('other', 'r3')).close();
    await journal.close();
    await (await store.create('lab', 'r4')).close();
  });

  it('of a process that is gone is taken over', async () => {
    const child = spawn('true');
    await new Promise((resolve) => child.on('close', resolve));
    writeLock({ pid: child.pid, host: hostname(), since: new Date().toISOString(), run: 'r0' });
    await (await createJournalFiles(home).create('lab', 'r1')).close();
  });

  it('from before the last boot is taken over although its number is in use again', async () => {
    writeLock({ pid: process.pid, host: hostname(), since: '2001-01-01T00:00:00Z', run: 'r0' });
    await (await createJournalFiles(home).create('lab', 'r1')).close();
  });

  it('that is not readable is taken over', async () => {
    writeLock('');
    await (await createJournalFiles(home).create('lab', 'r1')).close();
  });

  it('of another machine is respected', async () => {
    writeLock({ pid: 1, host: 'other-laptop', since: '2026-11-21T01:00:00Z', run: 'r0' });
    await expect(createJournalFiles(home).create('lab', 'r1')).rejects.toMatchObject({ code: 'SITE_LOCKED' });
  });

  it('goes to one of many that ask at once', async () => {
    writeLock({ pid: 2 ** 22 + 1, host: hostname(), since: new Date().toISOString(), run: 'r0' });
    const store = createJournalFiles(home);
    const asked = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => store.create('lab', `r${index + 1}`)),
    );
    const won = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(won).toHaveLength(1);
    await won[0]?.close();
  });
});
