import { failedRun, okRun, preflightFailedRun, runningRun, wideRun } from '../fixtures/journals/samples.ts';
import { seriousBarriers } from './barriers.ts';
import { expect, test } from './fixtures.ts';
import { homeListing, knownSites } from './home-samples.ts';

const PAGES = [
  ['Home', undefined],
  ['a failed run', failedRun[0]?.run],
  ['a failed preflight', preflightFailedRun[0]?.run],
  ['a running run', runningRun[0]?.run],
  ['a finished run', okRun[0]?.run],
] as const;

for (const [name, run] of PAGES) {
  test(`${name} has one primary button at most, and no serious barrier in light and dark`, async ({
    open,
    page,
  }) => {
    await open(run);
    expect(await page.locator('.pf-m-primary:visible').count()).toBeLessThan(2);
    expect(await seriousBarriers(page)).toEqual([]);
  });
}

test('the stages are one tab stop, arrow keys move and open', async ({ open, page }) => {
  await open(failedRun[0]?.run);
  const current = page.locator('.step button[aria-current]');
  await current.focus();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Deployment VM');
  await expect(current).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('KVM host preflight');
  await expect(page.locator('.step button[tabindex="0"]')).toHaveCount(1);
});

test('the whole way from failure to request goes by keyboard', async ({ open, page }) => {
  await open(failedRun[0]?.run);
  await page.keyboard.press('k');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Deployment VM');
  await page.keyboard.press('f');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Network services');
  await page.keyboard.press('c');
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  await page.keyboard.press('l');
  await expect(page.locator('.log li').first()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('copy the request of the failure');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('g');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sites and runs');
});

test('the theme goes from system over light to dark and is remembered', async ({ open, page }) => {
  await open();
  await page.keyboard.press('t');
  await page.keyboard.press('t');
  await expect(page.locator('html')).toHaveClass(/pf-v6-theme-dark/);
  await page.reload();
  await expect(page.locator('html')).toHaveClass(/pf-v6-theme-dark/);
});

test('focus is a ring of 3 px', async ({ open, page }) => {
  await open(failedRun[0]?.run);
  await page.getByRole('button', { name: 'Copy request to customer network' }).focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  const width = await page.evaluate(
    () => getComputedStyle(document.activeElement ?? document.body).outlineWidth,
  );
  expect(width).toBe('3px');
});

test.describe('a matrix of 12 hosts', () => {
  test.use({ journals: [wideRun(12)] });
  test('takes the whole width of the middle', async ({ open, page }) => {
    await open('20261121-030000-wide-12');
    const [cells, table] = await page.locator('.tasks').evaluate((element) => {
      const last = element.querySelector('td.cell:nth-last-child(2)');
      return [last?.getBoundingClientRect().right ?? 0, element.getBoundingClientRect().right];
    });
    expect(table - cells).toBeLessThan(2);
  });
});

for (const hosts of [3, 12, 100]) {
  test.describe(`${hosts} hosts`, () => {
    test.use({ journals: [wideRun(hosts)] });
    test('fits at 200 % zoom without scrolling sideways', async ({ open, page }) => {
      await page.setViewportSize({ width: 640, height: 400 });
      await open(`20261121-030000-wide-${hosts}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    });
  });
}

test.describe('Home at 200 % zoom', () => {
  test.use({ viewport: { width: 640, height: 400 } });
  test('loses nothing and scrolls one way only', async ({ open, page, service }) => {
    service.answers['sites.list'] = () => ({ sites: knownSites });
    await open();
    for (const element of await page.locator('.site-row td, .site-row th, .runs li > *').all()) {
      const cut = await element.evaluate((node) => node.scrollWidth - node.clientWidth);
      expect(cut, await element.innerText()).toBeLessThanOrEqual(1);
    }
    const [page_, inside] = await page.evaluate(() => {
      const main = document.querySelector('main');
      return [
        document.documentElement.scrollWidth - innerWidth,
        (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0),
      ];
    });
    expect([page_, inside]).toEqual([0, 0]);
  });
});

test('dialogs of Home have no serious barrier, light and dark', async ({ open, page, service }) => {
  service.answers['files.list'] = () => homeListing;
  service.answers['stacks.list'] = () => ({ stacks: [] });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open();
  for (const key of ['o', 'n', '?', 'Control+k']) {
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor();
    expect(await seriousBarriers(page), key).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});

test.describe('the list of actions', () => {
  test('has every button and link of the page, and carries out what is chosen', async ({ open, page }) => {
    await open(failedRun[0]?.run);
    const names = await page.evaluate(() =>
      [
        ...document.querySelectorAll<HTMLElement>(
          '#root button:not(:disabled), #root a[href]:not(.skip-link)',
        ),
      ]
        .filter((element) => element.checkVisibility())
        .map((element) =>
          (element.dataset['action'] ?? element.getAttribute('aria-label') ?? element.innerText)
            .replace(/\s+/g, ' ')
            .trim(),
        ),
    );
    await page.keyboard.press('Control+k');
    const search = page.getByRole('combobox', { name: 'Find an action' });
    await expect(search).toBeFocused();
    const listed = await page.getByRole('option').locator('span:first-child').allInnerTexts();
    expect([...new Set(names)].filter((name) => name !== '' && !listed.includes(name))).toEqual([]);
    await search.fill('copy request');
    await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  });

  test('goes to Home from any page, and opens while somebody is typing', async ({ open, page, service }) => {
    service.answers['files.list'] = () => homeListing;
    await open(failedRun[0]?.run);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('sites and runs');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sites and runs');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.type('nothing has these words');
    await expect(page.getByText('No action has these words.')).toBeVisible();
  });
});
