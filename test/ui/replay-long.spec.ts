import { wideRun } from '../bench/window-stream.ts';
import { expect, test } from './fixtures.ts';

test.use({ journals: [[], { scope: 'test' }] });

test('a long journal is read beside the page, and can then be moved through, searched and looked into', async ({
  open,
  page,
}) => {
  const lines = [...wideRun(1)].map((event) => `${JSON.stringify(event)}\n`);
  await open();
  await page.locator('#journal-file').setInputFiles({
    ...{ name: 'journal.jsonl', mimeType: 'application/json' },
    buffer: Buffer.from(lines.join('')),
  });
  const slider = page.getByRole('slider');
  await slider.waitFor();
  expect(page.workers()).toHaveLength(1);
  await expect(page.getByText('1 of 1 stages done')).toBeVisible();
  await page.getByRole('textbox', { name: /Filter/ }).fill('number 249');
  await expect(page.locator('.tasks .task')).toHaveCount(1);
  await page.getByRole('textbox', { name: /Filter/ }).fill('');

  await slider.press('Home');
  await expect(page.getByText('You look at an earlier moment.')).toBeVisible();
  await expect(page.getByText('0 of 1 stages done')).toBeVisible();
  await slider.press('PageUp');
  await expect(page.locator('.stage-line').getByText('running')).toBeVisible();
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  await expect(page.locator('.log li').last()).toContainText(/Do the thing number \d/);
  await page.getByRole('button', { name: 'To the end' }).click();
  await expect(page.locator('.log li').last()).toContainText('changed');
});
