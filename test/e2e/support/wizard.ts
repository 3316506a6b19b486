import { chromium, expect, type Page } from '@playwright/test';
import { execa } from 'execa';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../main/cli/bin.mjs', import.meta.url));
/** Machines answer when they do: a discovery through the KVM host, a preflight with a probe guest. */
const SITE = { timeout: 180_000 };
/** A whole run of stages that find everything as it should be. */
const RUN = { timeout: 600_000 };

export interface Walk {
  readonly home: string;
  /** Words before the command: where credentials are kept. */
  readonly store: readonly string[];
  readonly siteFile: string;
}

/** What a walk left: the run, every address that the page asked for beyond the browser host, and what the page complained of. */
export interface Walked {
  readonly run: string;
  readonly text: string;
  readonly foreign: readonly string[];
  readonly complaints: readonly string[];
}

/** Walks the wizard in Chromium over the real browser host, from Home to a run that has ended, by its buttons. */
export async function walkWizard({ home, store, siteFile }: Walk): Promise<Walked> {
  const host = execa('node', [BIN, ...store, 'serve', '--json', '--port', '0'], {
    env: { BRINGUP_HOME: home },
    reject: false,
    buffer: false,
    stdin: 'ignore',
  });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const url = await urlOf(host.stdout);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const foreign: string[] = [];
    const complaints: string[] = [];
    const own = new URL(url).host;
    page.on('request', (request) => {
      const { host: asked, protocol } = new URL(request.url());
      if (asked !== own && protocol !== 'data:' && protocol !== 'blob:') foreign.push(request.url());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    const run = await walk(page, siteFile);
    const text = await page.locator('body').innerText();
    return { run, text, foreign, complaints };
  } finally {
    await browser.close();
    host.kill('SIGTERM');
    await host;
  }
}

async function walk(page: Page, siteFile: string): Promise<string> {
  await page.getByText(siteFile.split('/').slice(-2).join('/')).first().waitFor();
  await page.goto(`${new URL(page.url()).origin}/#/sites/${encodeURIComponent(siteFile)}/site`);
  await arrive(page, 'Site details');
  await expect(page.getByLabel('Name', { exact: true }).first()).toHaveValue('lab');
  await next(page, 'Networks and services');
  await next(page, 'Hosts and BMCs');
  await next(page, 'Credentials');
  await next(page, 'Discovery');
  await page.getByRole('button', { name: /^Discover (all hosts|again)$/ }).click();
  await expect(page.locator('.step-main').getByText('2 of 2 found').first()).toBeVisible(SITE);
  await next(page, 'Cabling');
  await next(page, 'Profiles');
  await expect(page.getByText('every host has a profile (2)')).toBeVisible();
  await next(page, 'Compatibility');
  await expect(
    page
      .locator('.step-main')
      .getByText(/^2 hosts fit|^0 of 2|with warnings/)
      .first(),
  ).toBeVisible();
  await next(page, 'Stack parameters');
  // Two minutes on an emulated VM; test/edge/network-tests-*.test.ts try the stage with real faults.
  await page.getByLabel(/^Test the network/).selectOption('false');
  await next(page, 'KVM host and VM');
  await page.getByRole('button', { name: /^Check (the KVM host|again)$/ }).click();
  await expect(page.getByText(/^\d+ checks passed/).first()).toBeVisible(SITE);
  await next(page, 'Review');
  await expect(page.getByText('nothing stands in the way')).toBeVisible();
  await page.getByRole('button', { name: 'Go', exact: true }).click();
  await page.waitForURL(/#\/runs\//);
  // Whatever becomes of it: the run itself is looked at by whoever asked for the walk.
  await expect(page.getByText(/^Run (finished|failed|cancelled|interrupted)/).first()).toBeVisible(RUN);
  return decodeURIComponent(/#\/runs\/([^/?]+)/.exec(page.url())?.[1] ?? '');
}

async function next(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: `Next: ${title}` }).click();
  await arrive(page, title);
}

async function arrive(page: Page, title: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
}

/** The address that `serve --json` prints as soon as it answers. */
async function urlOf(stdout: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stdout) {
    text += String(chunk);
    const found = /"url":\s*"([^"]+)"/.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`serve ended without an address: ${text}`);
}
