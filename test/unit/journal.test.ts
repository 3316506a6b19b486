import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BringupError } from '../../src/contract/errors.ts';
import { JOURNAL_SCHEMA, type EventBody, type RunEvent } from '../../src/contract/events.ts';
import type { JournalFile } from '../../src/contract/ports.ts';
import { EMPTY_RUN, encodeEvent, foldJournal, readJournal, reduceRun } from '../../src/runs/index.ts';
import { createRecorder } from '../../src/runs/recorder.ts';

const STARTED: EventBody = {
  kind: 'run.started',
  ...{ site: 'lab', stack: 's 1', site_file: 'site.yaml', schema: 1, version: '0.1.0' },
  stages: [{ id: 'a', title: 'A', runs_on: 'kvm-host', after: [], hosts: ['h1'] }],
};

function journalOf(...bodies: EventBody[]): RunEvent[] {
  return [STARTED, ...bodies].map((body, index) => ({
    ...{ seq: index + 1, at: new Date(Date.UTC(2026, 10, 21, 2, 0, index)).toISOString(), run: 'r1' },
    ...body,
  }));
}

const tasks = (count: number): EventBody[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ kind: 'task.started' as const, stage: 'a', task: `t${index}` },
    title: `Line\n${index} of "many"`,
  }));

describe('a journal', () => {
  it('reads the same in blocks of any size', async () => {
    const events = journalOf(...tasks(20));
    const lines = events.map(encodeEvent);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 })), async (sizes) => {
        const left = [...lines];
        const blocks = [...sizes.map((size) => left.splice(0, size)), left].filter(
          (block) => block.length > 0,
        );
        const joined = blocks.map((block) => block.join('\n'));
        expect(await readJournal(joined, 'r1')).toEqual({ events });
        expect((await foldJournal(joined, 'r1')).state).toEqual(reduceRun(EMPTY_RUN, events));
      }),
    );
  });

  it('damaged in the middle names the line, what is wrong, and how much can still be read', async () => {
    const lines = journalOf(...tasks(9)).map(encodeEvent);
    lines[4] = lines[4]?.slice(0, 20) ?? '';
    await expect(
      readJournal([lines.slice(0, 3).join('\n'), lines.slice(3).join('\n')], 'r1'),
    ).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      message: 'Line 5 of journal r1 is damaged: it is not JSON.',
      evidence: expect.arrayContaining([
        {
          source: 'r1',
          text: '9 of 10 lines can be read. The last event that can be read is of 2026-11-21T02:00:09.000Z.',
        },
      ]),
    });
  });

  it('damaged in the middle can be read without the damaged lines', async () => {
    const events = journalOf(...tasks(9));
    const lines = events.map(encodeEvent);
    lines[4] = '\0\0\0';
    lines[5] = 'x';
    const read = await readJournal([lines.join('\n')], 'r1', { damaged: 'read' });
    expect(read.events).toEqual([...events.slice(0, 4), ...events.slice(6)]);
    expect(read.notice).toBe(
      'Line 5 of journal r1 is damaged: it is not JSON. 2 lines are left out, so what follows may miss something.',
    );
  });

  it('with lines taken out is not whole, and says so', async () => {
    const lines = journalOf(...tasks(5)).map(encodeEvent);
    lines.splice(3, 2);
    await expect(readJournal([lines.join('\n')], 'r1')).rejects.toMatchObject({
      message: 'Line 4 of journal r1 is damaged: event 6 stands where 4 is due.',
    });
  });

  it('of a newer Bringup is not guessed at', async () => {
    const newer = { ...journalOf()[0], schema: JOURNAL_SCHEMA + 1, version: '9.0.0' };
    for (const damaged of ['refuse', 'read'] as const) {
      await expect(readJournal([JSON.stringify(newer)], 'r1', { damaged })).rejects.toMatchObject({
        code: 'JOURNAL_NEWER',
        message: expect.stringContaining('Bringup 9.0.0'),
      });
    }
  });

  it('of every older format is read', async () => {
    for (let schema = 1; schema <= JOURNAL_SCHEMA; schema += 1) {
      const { state } = await foldJournal([JSON.stringify({ ...journalOf()[0], schema })], 'r1');
      expect([...state.stages.keys()]).toEqual(['a']);
    }
  });
});

/** A journal in memory with room for some lines, and for the last words. */
function createMemoryJournal(room: number): JournalFile & { lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    append: async (line) => {
      if (lines.length >= room)
        throw new BringupError({ code: 'JOURNAL_NO_SPACE', message: 'The disk is full.' });
      lines.push(line);
    },
    sync: async () => undefined,
    close: async () => undefined,
    lastWords: async (line) => void lines.push(line),
  };
}

describe('the recorder', () => {
  const clock = { now: () => new Date('2026-11-21T02:00:00Z') };

  it('goes on with the numbers of a run that was interrupted', async () => {
    const journal = createMemoryJournal(Infinity);
    const initial = reduceRun(EMPTY_RUN, journalOf(...tasks(3)));
    const recorder = createRecorder({ run: 'r1', journal, clock, initial, onBroken: () => undefined });
    recorder.record({ kind: 'run.resumed', reason: 'again' });
    await recorder.sync();
    expect(journal.lines.map((line) => (JSON.parse(line) as RunEvent).seq)).toEqual([5]);
    expect(recorder.state()).toMatchObject({ lastSeq: 5, site: 'lab' });
  });

  it('hides secrets before the journal or anybody else gets an event', async () => {
    const journal = createMemoryJournal(Infinity);
    const told: RunEvent[] = [];
    const redact = (body: EventBody): EventBody =>
      JSON.parse(JSON.stringify(body).replaceAll('hunter2', '***')) as EventBody;
    const recorder = createRecorder({ run: 'r1', journal, clock, redact, onBroken: () => undefined });
    recorder.onEvent((event) => told.push(event));
    recorder.record({ kind: 'run.resumed', reason: 'hunter2 again' });
    await recorder.sync();
    expect(JSON.stringify([journal.lines, told, recorder.state()])).not.toContain('hunter2');
    expect(told).toMatchObject([{ reason: '*** again' }]);
  });

  it('ends with the reason where the disk is full: what did not fit is told to nobody', async () => {
    const journal = createMemoryJournal(2);
    const told: number[] = [];
    let broken: unknown;
    const recorder = createRecorder({ run: 'r1', journal, clock, onBroken: (error) => (broken = error) });
    recorder.onEvent((event) => told.push(event.seq));
    for (const body of [STARTED, ...tasks(5)]) recorder.record(body);
    await expect(recorder.sync()).rejects.toMatchObject({ code: 'JOURNAL_NO_SPACE' });
    expect(broken).toMatchObject({ code: 'JOURNAL_NO_SPACE' });
    expect(told).toEqual([1, 2, 3]);
    const { events } = await readJournal(journal.lines, 'r1');
    expect(events.at(-1)).toMatchObject({
      ...{ seq: 3, kind: 'run.interrupted', reason: 'The disk is full. The record ends here.' },
    });
  });
});
