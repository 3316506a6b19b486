import AxeBuilder from '@axe-core/playwright';
import { failedRun, preflightFailedRun, runningRun, wideRun } from '../fixtures/journals/samples.ts';
import { expect, test } from './fixtures.ts';

const PAGES = [
  ['Home', undefined],
  ['a failed run', failedRun[0]?.run],
  ['a failed preflight', preflightFailedRun[0]?.run],
  ['a running run', runningRun[0]?.run],
] as const;

for (const scheme of ['light', 'dark'] as const) {
  for (const [name, run] of PAGES) {
    test(`${name} has no serious barrier, ${scheme}`, async ({ open, page }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await open(run);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa'])
        .analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
    });
  }
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
