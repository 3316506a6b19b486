import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalPath } from '../../main/adapters/journal-files.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { encodeEvent } from '../../src/runs/index.ts';
import { failedRun, runningRun } from '../fixtures/journals/samples.ts';
import { openLaptop, type Laptop } from './export-laptop.ts';

const RUN = failedRun[0]?.run ?? '';

let folder: string;
let laptop: Laptop;
let summary: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-list-'));
  laptop = openLaptop(folder);
  await laptop.addRun(failedRun);
  summary = path.join(folder, 'runs', RUN, 'summary.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const list = async () => (await laptop.bringup.call('runs.list', {})).runs;

describe('the summary that is kept of a run that has ended', () => {
  it('spares reading its journal again, and is private', async () => {
    const first = await list();
    expect(existsSync(summary)).toBe(true);
    // A summary that says something else shows that it is what the list was made from.
    writeFileSync(summary, readFileSync(summary, 'utf8').replace('"failed"', '"timed-out"'));
    expect(first).toMatchObject([{ run: RUN, status: 'failed' }]);
    expect(await list()).toMatchObject([{ run: RUN, status: 'timed-out' }]);
    expect(await laptop.bringup.call('runs.show', { run: RUN })).toMatchObject({ status: 'failed' });
  });

  it('is not believed when the journal has grown', async () => {
    await list();
    const event: RunEvent = {
      ...{ seq: failedRun.length + 1, at: '2026-11-22T02:00:00Z', run: RUN },
      ...{ kind: 'run.resumed', reason: 'again' },
    };
    appendFileSync(journalPath(folder, RUN), `${encodeEvent(event)}\n`);
    expect(await list()).toMatchObject([{ status: 'running', interrupted: expect.stringMatching(/resume/) }]);
  });

  it.each([
    ['is damaged', (text: string) => text.slice(0, 20)],
    [
      'is of another version of Bringup',
      (text: string) => text.replace('"version":"0.1.0"', '"version":"9"').replace('"failed"', '"ok"'),
    ],
  ])('is not believed when it %s', async (_name, change) => {
    await list();
    writeFileSync(summary, change(readFileSync(summary, 'utf8')));
    expect(await list()).toMatchObject([{ status: 'failed' }]);
  });

  it('is not made of a run that has no end', async () => {
    const run = await laptop.addRun(runningRun);
    await list();
    expect(existsSync(path.join(folder, 'runs', run, 'summary.json'))).toBe(false);
  });
});

describe('events of a run', () => {
  it('come in pages that fit together', async () => {
    const pages: RunEvent[][] = [];
    for (let from = 1; ;) {
      const { events, more } = await laptop.bringup.call('runs.events', { run: RUN, from, limit: 7 });
      pages.push([...events]);
      if (!more) break;
      from = (events.at(-1)?.seq ?? 0) + 1;
    }
    expect(pages.flat()).toEqual(failedRun);
    expect(pages.slice(0, -1).every((page) => page.length === 7)).toBe(true);
  });
});
