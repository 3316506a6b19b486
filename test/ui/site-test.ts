import { readFileSync } from 'node:fs';
import { test as base, type Locator, type Page } from '@playwright/test';
import { startServer, type RunningServer } from '../../main/server/server.ts';
import { withoutComplaints } from './complaints.ts';
import { RENDERER } from './fixtures.ts';
import { openDesk, type SiteDesk } from './site-desk.ts';

interface Fixtures {
  text: string | undefined;
  desk: SiteDesk;
  server: RunningServer;
  /** Opens a step of the wizard on the desk's site file. */
  step: (name: string) => Promise<void>;
  /** Fails the test on script errors, on what the content policy refuses, and on requests to elsewhere. */
  quiet: undefined;
}

/** Opens the wizard on one site file, of this text or of the example, with the real application service behind it. */
export const test = base.extend<Fixtures>({
  text: [undefined, { option: true }],
  desk: async ({ text }, use) => {
    const desk = openDesk(text);
    await use(desk);
    await desk.close();
  },
  server: async ({ desk }, use) => {
    const server = await startServer({ service: desk.service, dir: RENDERER });
    await use(server);
    await server.close();
  },
  step: async ({ page, desk, server }, use) => {
    await page.goto(server.url);
    await page.waitForURL((url) => url.pathname === '/');
    await use(async (name) => {
      await page.goto(`${new URL(server.url).origin}/#/sites/${encodeURIComponent(desk.file)}/${name}`);
      await page.locator('.step-foot').waitFor();
      await page.evaluate(() => document.fonts.ready);
    });
  },
  quiet: [
    ({ page, server }, use) => withoutComplaints(page, () => use(undefined), server.url),
    { auto: true },
  ],
});

/** The site file as it lies on the disk of the desk. */
export const onDisk = (desk: SiteDesk): string => readFileSync(desk.file, 'utf8');

/** The text of the site file beside the form. */
export const yaml = (page: Page): Locator => page.getByRole('textbox', { name: 'Text of the site file' });
