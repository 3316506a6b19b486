import { fileURLToPath } from 'node:url';
import { test as base, type Page } from '@playwright/test';
import { startServer, type RunningServer } from '../../main/server/server.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import {
  failedRun,
  okRun,
  preflightFailedRun,
  runningRun,
  uploadingRun,
} from '../fixtures/journals/samples.ts';
import { withoutComplaints } from './complaints.ts';
import { createSampleService, type SampleService } from './service.ts';

export { expect } from '@playwright/test';

/** What the specs look at; another folder lets two people run specs in one tree. */
export const RENDERER =
  process.env['BRINGUP_UI_BUILD'] ?? fileURLToPath(new URL('../../dist/renderer', import.meta.url));

/** The moment at which the samples are looked at. */
export const NOW = new Date('2026-11-21T02:12:05Z');

interface Fixtures {
  journals: readonly (readonly RunEvent[])[];
  service: SampleService;
  server: RunningServer;
  /** Opens the link of the server and then a run, or Home when none is named. */
  open: (run?: string, shown?: string) => Promise<Page>;
  /** Fails the test on anything the page complains about: script errors, refused loads, foreign requests. */
  quietPage: undefined;
}

export const test = base.extend<Fixtures>({
  journals: [[failedRun, okRun, preflightFailedRun, runningRun, uploadingRun], { option: true }],
  service: async ({ journals }, use) => {
    await use(createSampleService(journals));
  },
  server: async ({ service }, use) => {
    const server = await startServer({ service, dir: RENDERER });
    await use(server);
    await server.close();
  },
  open: async ({ page, server }, use) => {
    await use(async (run, shown = run === undefined ? 'h1' : '#stage-title') => {
      await page.clock.install({ time: NOW });
      await page.goto(server.url);
      await page.waitForURL((url) => url.pathname === '/');
      if (run !== undefined) await page.goto(`/#/runs/${run}`.replace(/^/, new URL(server.url).origin));
      await page.locator(shown).first().waitFor();
      await page.evaluate(() => document.fonts.ready);
      return page;
    });
  },
  quietPage: [
    ({ page, server }, use) => withoutComplaints(page, () => use(undefined), server.url),
    { auto: true },
  ],
});
