import { writeFile } from 'node:fs/promises';
import { okRun } from '../fixtures/journals/samples.ts';
import { expect, test } from './fixtures.ts';

test('sites that need the engineer come first and open their failure', async ({ open, page }) => {
  await open();
  await expect(page.getByText('2 sites need you')).toBeVisible();
  const first = page.locator('.site-row').first();
  await expect(first).toContainText('Send the request to customer network');
  await expect(page.locator('.runs li')).toHaveCount(2);
  await page.getByRole('link', { name: 'Open failure, lab' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Network services');
});

test.describe('on a new machine', () => {
  test.use({ journals: [[]] });
  test('Home says how to begin, checks a site file and starts the run', async ({ open, page, service }) => {
    await open();
    await expect(page.getByText('No site has been brought up from this machine yet')).toBeVisible();
    await page.getByRole('main').getByRole('button', { name: 'Open site file' }).click();
    const path = page.getByLabel('Path of the site file on this machine');
    await path.fill('/srv/bad.yaml');
    await page.getByRole('button', { name: 'Check' }).click();
    await expect(page.getByRole('dialog')).toContainText('line 41, column 12: Gateway 10.20.9.1 is outside');
    await path.fill('/srv/site.yaml');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByRole('button', { name: 'Start run' }).click();
    await expect
      .poll(() => service.calls)
      .toEqual([{ command: 'runs.apply', input: { siteFile: '/srv/site.yaml' } }]);
  });
});

test('a journal file opens read-only', async ({ open, page }, info) => {
  await open();
  const file = info.outputPath('journal.jsonl');
  await writeFile(file, okRun.map((event) => JSON.stringify({ ...event, run: 'from-elsewhere' })).join('\n'));
  await page.locator('#journal-file').setInputFiles(file);
  await expect(page.getByText('Journal file, read-only')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run again' })).toHaveCount(0);
});

test('a file that is no journal is refused with the line', async ({ open, page }) => {
  await open();
  await page.locator('#journal-file').setInputFiles({
    name: 'notes.json',
    mimeType: 'application/json',
    buffer: Buffer.from('hello\nworld\n'),
  });
  await expect(page.getByText('This file is not a run journal: line 1 is not a run event.')).toBeVisible();
});
