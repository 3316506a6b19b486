import { chromium, type Browser, type Page } from '@playwright/test';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../main/server/server.ts';
import type { BenchRow } from './row.ts';
import { createStream, RUN, wideRun } from './window-stream.ts';
import { traceTasks } from './window-tasks.ts';

const RENDERER =
  process.env['BRINGUP_BENCH_RENDERER'] ?? fileURLToPath(new URL('../../dist/renderer', import.meta.url));
const RATE = 2000;
const BEFORE = 160_000;
const TOTAL = 200_000;
const SPENT_MS = ((TOTAL - BEFORE) / RATE) * 1000;
/** Of 50,252 events each. */
const REPLAY_STAGES = 20;

/** The window under load, in Chromium: a stream of 100,000 tasks, a replay of a million events, a cold start; against the aims. */
export async function benchWindow(): Promise<BenchRow[]> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--enable-precise-memory-info'],
  });
  try {
    return [
      ...(await measureStart(browser)),
      ...(await measureStream(browser)),
      ...(await measureReplay(browser)),
    ];
  } finally {
    await browser.close();
  }
}

/** Notes tasks of the main thread over 50 ms and the time between frames. */
const WATCH = `
  window.seen = { longest: 0, long: 0, frames: 0, dropped: 0, heap: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      window.seen.long += duration > 100 ? 1 : 0;
      window.seen.longest = Math.max(window.seen.longest, duration);
    }
  }).observe({ entryTypes: ['longtask'] });
  let before = performance.now();
  const frame = (now) => {
    window.seen.frames += 1;
    window.seen.dropped += Math.max(0, Math.round((now - before) / 16.667) - 1);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  setInterval(() => { window.seen.heap = Math.max(window.seen.heap, performance.memory.usedJSHeapSize); }, 100);
`;

interface Seen {
  readonly longest: number;
  readonly long: number;
  readonly frames: number;
  readonly dropped: number;
  readonly heap: number;
}

const seen = (page: Page): Promise<Seen> => page.evaluate('window.seen');
const forget = (page: Page): Promise<unknown> =>
  page.evaluate('Object.assign(window.seen, { longest: 0, long: 0, frames: 0, dropped: 0, heap: 0 })');

async function withPage<T>(
  browser: Browser,
  stream: ReturnType<typeof createStream>,
  work: (page: Page, origin: string) => Promise<T>,
): Promise<T> {
  const server = await startServer({ service: stream.service, dir: RENDERER });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(WATCH);
    await page.goto(server.url);
    await page.waitForURL((url) => url.pathname === '/');
    await page.locator('h1').first().waitFor();
    return await work(page, new URL(server.url).origin);
  } finally {
    await context.close();
    await server.close();
  }
}

/** A page of a new profile, nothing cached: from navigation to a page that answers. */
async function measureStart(browser: Browser): Promise<BenchRow[]> {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    times.push(
      await withPage(browser, createStream(0, RATE, 0), async (page, origin) => {
        const cold = await page.context().newPage();
        await (
          await cold.context().newCDPSession(cold)
        ).send('Network.setCacheDisabled', { cacheDisabled: true });
        await cold.goto(`${origin}/`);
        await cold.locator('h1').first().waitFor();
        return cold.evaluate<number>(
          'new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))))',
        );
      }),
    );
  }
  const median = times.toSorted((a, b) => a - b)[2] ?? Number.NaN;
  return [row('cold start to interactive', median / 1000, 1.5, 's', 'median of 5, nothing cached')];
}

async function measureStream(browser: Browser): Promise<BenchRow[]> {
  const stream = createStream(BEFORE, RATE, TOTAL);
  return withPage(browser, stream, async (page, origin) => {
    await page.goto(`${origin}/#/runs/${RUN}`);
    await page
      .getByText(`${BEFORE / 2 - 1} tasks`)
      .first()
      .waitFor({ timeout: 60_000 });
    const reading = await seen(page);
    await forget(page);
    const { main } = await traceTasks(browser, page, stream.start);
    const live = await seen(page);
    const share = (live.dropped / (live.frames + live.dropped)) * 100;
    const size = `${TOTAL / 2} tasks, the last ${(TOTAL - BEFORE) / 2} at ${RATE} events a second`;
    return [
      row('longest task while streaming', live.longest, 100, 'ms', `${size}; ${live.long} over 100 ms`),
      row('the same in processor time', main.longest, 100, 'ms', 'whatever else the machine does'),
      row('main thread while streaming', (main.sum / SPENT_MS) * 100, 50, '%', 'processor time of its tasks'),
      row(
        'frames dropped while streaming',
        share,
        10,
        '%',
        `${live.dropped} of ${live.frames + live.dropped}`,
      ),
      row('memory while streaming', live.heap / 2 ** 20, 400, 'MiB', 'JavaScript heap, peak'),
      row('longest task while catching up', reading.longest, 100, 'ms', `${BEFORE} events at once`),
    ];
  });
}

async function measureReplay(browser: Browser): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-window-bench-'));
  try {
    const file = path.join(folder, 'journal.jsonl');
    const events = await writeJournal(file);
    return await withPage(browser, createStream(0, RATE, 0), async (page) => {
      await forget(page);
      const started = performance.now();
      const { result: seconds, main } = await traceTasks(browser, page, async () => {
        await page.locator('#journal-file').setInputFiles(file);
        await page.getByRole('slider').waitFor({ timeout: 120_000 });
        return (performance.now() - started) / 1000;
      });
      const { longest, heap } = await seen(page);
      const jumped = performance.now();
      await page.getByRole('slider').press('PageDown');
      await page.locator('.replay p', { hasText: 'earlier moment' }).waitFor();
      const jump = performance.now() - jumped;
      return [
        row('open a replay', seconds, 3, 's', `${events} events from a file`),
        row('the same in processor time', main.sum / 1000, 3, 's', 'of the main thread'),
        row('longest task while opening it', longest, 100, 'ms', 'the page can be used meanwhile'),
        row('memory with it open', heap / 2 ** 20, 400, 'MiB', 'JavaScript heap of the page, peak'),
        row('jump to another moment of it', jump, 1000, 'ms', 'from the key to the state'),
      ];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeJournal(file: string): Promise<number> {
  const out = createWriteStream(file);
  let lines: string[] = [];
  let count = 0;
  for (const event of wideRun(REPLAY_STAGES)) {
    lines.push(JSON.stringify(event));
    count += 1;
    if (lines.length < 10_000) continue;
    if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
    lines = [];
  }
  out.end(`${lines.join('\n')}\n`);
  await once(out, 'finish');
  return count;
}

/** Ours against the aim: a ratio above 1 is within it. */
function row(name: string, ours: number, aim: number, unit: string, note: string): BenchRow {
  return { name, ours, rival: aim, unit, ratio: aim / ours, note: `${note}; against the aim` };
}
