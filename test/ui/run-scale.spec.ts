import type { Locator } from '@playwright/test';
import type { EventBody, RunEvent } from '../../src/contract/events.ts';
import { JournalWriter } from '../fixtures/journals/writer.ts';
import { STAGES } from '../fixtures/journals/stages.ts';
import { failedRun } from '../fixtures/journals/samples.ts';
import { expect, test } from './fixtures.ts';

const RUN = '20261121-020405-big-0001';
const stage = 'network-services';

/** A stage of so many tasks on two hosts, the last of them running. */
function bigRun(tasks: number): readonly RunEvent[] {
  const journal = new JournalWriter(RUN, '2026-11-21T02:04:05Z').start('big', STAGES).begin(stage, 'Serve');
  for (let number = 1; number <= tasks; number += 1)
    journal.task(`Task ${number}`, 'a.yml:1', 0, [['node-1', 'ok']]);
  return journal.open('The one that runs', 'a.yml:2').events;
}

const more = (from: number, count: number): EventBody[] =>
  Array.from({ length: count }, (_, index) => [
    { kind: 'task.started' as const, stage, task: `m${from + index}`, title: `More ${from + index}` },
    { kind: 'host.result' as const, stage, task: `m${from + index}`, host: 'node-1', status: 'ok' as const },
  ]).flat();

/** How far in px the top of a row is below that of the list in which it scrolls. */
async function below(row: Locator, list: Locator): Promise<number> {
  const tops = [row, list].map(async (one) => (await one.boundingBox())?.y ?? Number.NaN);
  const [rowTop = Number.NaN, listTop = Number.NaN] = await Promise.all(tops);
  return rowTop - listTop;
}

test.use({ journals: [[bigRun(3000), failedRun], { scope: 'test' }] });

test('a long stage is drawn in part, keeps its place and counts what is new', async ({
  open,
  page,
  service,
}) => {
  await open(RUN);
  await expect(page.getByRole('button', { name: 'The one that runs' })).toBeVisible();
  expect(await page.locator('.tasks tr').count()).toBeLessThan(120);
  const body = page.locator('.stage-body');
  await body.evaluate((element) => element.scrollTo({ top: 36_000 }));
  // The newest tasks have gone from the page: what is drawn now is what was scrolled to.
  await expect(page.getByText('Task 3000', { exact: true })).toHaveCount(0);
  const [title = ''] = /Task \d+/.exec(await page.locator('.tasks .task').nth(20).innerText()) ?? [];
  const row = page.getByText(title, { exact: true });
  // Rows are measured once they are drawn; what counts is where they stand after that.
  const seen: number[] = [];
  await expect
    .poll(async () => {
      seen.push(await below(row, body));
      return seen.at(-1) === seen.at(-2);
    })
    .toBe(true);
  service.push(RUN, ...more(1, 40));
  await page.clock.runFor(500);
  await expect(page.getByRole('button', { name: '40 new above' })).toBeVisible();
  expect(await below(row, body)).toBeCloseTo(seen.at(-1) ?? 0, 0);
  await page.getByRole('button', { name: '40 new above' }).click();
  await expect(page.getByRole('button', { name: 'More 40' })).toBeVisible();
});

test('one field finds by host, status and text, in tasks and in the log', async ({ open, page }) => {
  await open(failedRun[0]?.run);
  await page.keyboard.press('/');
  await page.keyboard.type('status:failed host:node-2');
  await expect(page.locator('.tasks .task')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Take a DHCP lease' })).toBeVisible();
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  await expect(page.locator('.log li')).toHaveCount(2);
  await page.getByRole('textbox', { name: /Filter/ }).fill('nothing like this');
  await expect(page.getByText('Nothing here matches "nothing like this".')).toBeVisible();
});

test('a log follows its end until somebody scrolls away', async ({ open, page, service }) => {
  await open(RUN);
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  await page.clock.runFor(500);
  await expect(page.locator('.log li').last()).toContainText('The one that runs');
  await page.locator('.stage-body').hover();
  await page.mouse.wheel(0, -3000);
  await expect(page.locator('.log li').last()).not.toContainText('The one that runs');
  service.push(RUN, ...more(50, 5));
  await page.clock.runFor(500);
  await page.getByRole('button', { name: '10 new below' }).click();
  await page.clock.runFor(500);
  await expect(page.locator('.log li').last()).toContainText('More 54');
});
