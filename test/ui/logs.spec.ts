import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { LogQuestion } from '../../src/contract/api.ts';
import { BringupError } from '../../src/contract/errors.ts';
import { wholeStackRun } from '../fixtures/journals/whole-stack.ts';
import { showIn } from './barriers.ts';
import { expect, test } from './fixtures.ts';
import { createLogStore } from './log-samples.ts';
import { comparePicture } from './pictures.ts';

const FILE = '/srv/lab/site.yaml';
const RUN = wholeStackRun[0]?.run ?? '';

test.use({ journals: [[wholeStackRun], { scope: 'test' }] });

/** Goes from Home to the central logs. */
async function goToLogs(page: Page, query = ''): Promise<void> {
  await page.evaluate(
    (hash) => {
      window.location.hash = hash;
    },
    `#/logs/${encodeURIComponent(FILE)}${query === '' ? '' : `/${encodeURIComponent(query)}`}`,
  );
}

test('the logs of a site are walked by keyboard alone, newest first, older ones as they are needed', async ({
  open,
  page,
  service,
}) => {
  const store = createLogStore(500);
  service.answers['logs.search'] = store.answer;
  await open();
  await goToLogs(page);
  const list = page.getByRole('listbox', { name: 'Messages, newest first' });
  await expect(page.getByText('200 messages shown')).toBeVisible();
  await list.focus();
  await page.keyboard.press('ArrowDown');
  const pane = page.getByRole('complementary', { name: 'Message' });
  await expect(pane).toContainText('Started rke2-agent.service');
  await page.keyboard.press('ArrowDown');
  await expect(pane).toContainText('error');
  await expect(pane).toContainText('I/O Error (sct 0x2 / sc 0x81)');
  // Only what is in sight is drawn; the end of the list brings the next page.
  expect(await list.getByRole('option').count()).toBeLessThan(80);
  await page.keyboard.press('End');
  await expect(page.getByText('400 messages shown')).toBeVisible();
  await page.keyboard.press('End');
  await expect(page.getByText('500 messages shown')).toBeVisible();
  await page.keyboard.press('End');
  await expect(page.getByText('This is the oldest message that is kept and fits.')).toBeVisible();
  expect(store.asked.filter(({ before }) => before !== undefined)).toHaveLength(2);
});

test('new messages come by themselves, are held back while somebody reads, and not asked for when paused', async ({
  open,
  page,
  service,
}) => {
  const store = createLogStore(300);
  service.answers['logs.search'] = store.answer;
  await open();
  await goToLogs(page);
  await expect(page.getByText('Following')).toBeVisible();
  store.newest = 2;
  await expect(page.getByText('202 messages shown')).toBeVisible();
  expect(store.asked.at(-1)).toMatchObject({ file: FILE, since: '2026-11-21T02:11:51.000Z' });
  await page.locator('.log-body').evaluate((body) => body.scrollTo({ top: 600 }));
  const first = page.locator('.log-row').nth(30);
  const before = await first.innerText();
  store.newest = 5;
  await expect(page.getByRole('button', { name: '3 new above' })).toBeVisible();
  await expect(page.getByText(before.split('\n')[0] ?? '').first()).toBeVisible();
  await page.getByRole('button', { name: '3 new above' }).click();
  await expect(page.locator('.log-row').first()).toHaveAttribute('aria-posinset', '1');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused')).toBeVisible();
  const asked = store.asked.length;
  await page.clock.fastForward(20_000);
  expect(store.asked).toHaveLength(asked);
});

test('a filter is asked of the deployment VM and stays in the address; an overtaken search is called off', async ({
  open,
  page,
  service,
}) => {
  const store = createLogStore(50);
  const cancelled: string[] = [];
  const slow = new Promise<never>(() => undefined);
  service.answers['logs.search'] = (question: LogQuestion) =>
    question.severity === undefined ? store.answer(question) : slow;
  service.answers['logs.cancel'] = ({ name }: { name: string }) => {
    cancelled.push(name);
    return { cancelled: true };
  };
  await open();
  await goToLogs(page);
  await expect(page.getByText('50 messages shown')).toBeVisible();
  await page.getByLabel('Severity', { exact: true }).selectOption('err');
  await expect(page.getByText('Asking the deployment VM').first()).toBeVisible();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect.poll(() => cancelled).toHaveLength(1);
  await page.keyboard.press('/');
  await page.keyboard.type('fan 3');
  await expect(page.getByText('6 messages shown')).toBeVisible();
  await page.getByLabel('Sender', { exact: true }).selectOption('node-1-bmc');
  await expect(page).toHaveURL(/host%3Dnode-1-bmc%26text%3Dfan%2B3$/);
  expect(store.asked.at(-1)).toMatchObject({ host: 'node-1-bmc', text: 'fan 3' });
});

test('a failure leads to what its host logged around that time', async ({ open, page, service }) => {
  const store = createLogStore(9);
  service.answers['logs.search'] = store.answer;
  await open(RUN);
  await page.getByRole('link', { name: /^Logs of node-\d around this time$/ }).click();
  await expect(page.getByText('A time that is over')).toBeVisible();
  const [question] = store.asked;
  expect(question).toMatchObject({
    file: wholeStackRun[0]?.kind === 'run.started' ? wholeStackRun[0].site_file : '',
  });
  expect(question?.host).toMatch(/^node-\d$/);
  expect(Date.parse(question?.until ?? '') - Date.parse(question?.since ?? '')).toBe(600_000);
});

test('where there are no logs it says why, and a lost way is tried again by itself', async ({
  open,
  page,
  service,
}) => {
  let error: BringupError | undefined = new BringupError({
    code: 'LOGS_NOT_MANAGED',
    message: 'The site file of lab asks for no central logs.',
    hint: 'Set services.logging to {mode: managed} in the site file.',
  });
  const store = createLogStore(20);
  service.answers['logs.search'] = (question: LogQuestion) => {
    if (error !== undefined) throw error;
    return store.answer(question);
  };
  await open();
  await goToLogs(page);
  await expect(page.getByRole('alert').filter({ hasText: 'asks for no central logs' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open site file' })).toBeVisible();
  error = undefined;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('20 messages shown')).toBeVisible();
  error = new BringupError({ code: 'SSH_CLOSED', message: 'The link to the KVM host broke.' });
  await expect(page.getByText('No answer now')).toBeVisible();
  await expect(page.getByText('20 messages shown')).toBeVisible();
  error = undefined;
  await page.clock.fastForward(16_000);
  await expect(page.getByText('Following')).toBeVisible();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`the page has no serious barrier, ${scheme}`, async ({ open, page, service }) => {
    service.answers['logs.search'] = createLogStore(40).answer;
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await open();
    await goToLogs(page);
    await page.locator('.log-row').nth(2).click();
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa'])
      .analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
  });
}

for (const [width, height] of [
  [1280, 800],
  [1920, 1080],
] as const) {
  test(`the logs fit a window of ${width}x${height} and are as in their pictures`, async ({
    open,
    page,
    service,
  }) => {
    service.answers['logs.search'] = createLogStore(500).answer;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open();
    await goToLogs(page);
    await page.locator('.log-row').nth(1).click();
    await expect(page.getByRole('complementary', { name: 'Message' })).toContainText('I/O Error');
    for (const scheme of ['light', 'dark'] as const) {
      await showIn(page, scheme);
      await comparePicture(page, `logs-${width}x${height}-${scheme}`);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, 'pixels wider than the window').toBeLessThanOrEqual(0);
  });
}
