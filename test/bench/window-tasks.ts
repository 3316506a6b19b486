import type { Browser, Page } from '@playwright/test';

/** What the main thread of a page did: processor time in ms, which is the same however busy the machine is besides. */
export interface MainThread {
  /** Of its longest task. */
  readonly longest: number;
  /** Of all its tasks. */
  readonly sum: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: { readonly name?: string };
  readonly tdur?: number;
}

/** Traces the tasks of a page's main thread while `work` goes on. */
export async function traceTasks<T>(
  browser: Browser,
  page: Page,
  work: () => Promise<T>,
): Promise<{ result: T; main: MainThread }> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  const result = await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  const renderers = new Map<string, number[]>();
  for (const { name, args, pid, tid } of traceEvents)
    if (name === 'thread_name' && args.name === 'CrRendererMain') renderers.set(`${pid} ${tid}`, []);
  for (const { name, ph, pid, tid, tdur = 0 } of traceEvents)
    if (ph === 'X' && name.endsWith('ThreadControllerImpl::RunTask'))
      renderers.get(`${pid} ${tid}`)?.push(tdur / 1000);
  // The page is the one that did most; others are spare.
  const totals = [...renderers.values()].map((tasks) => ({
    longest: Math.max(0, ...tasks),
    sum: tasks.reduce((sum, task) => sum + task, 0),
  }));
  return { result, main: totals.sort((a, b) => b.sum - a.sum)[0] ?? { longest: 0, sum: 0 } };
}
