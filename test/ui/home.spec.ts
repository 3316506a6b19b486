import { writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { FileMark, KnownSite, RunSummary } from '../../src/contract/api.ts';
import { BringupError } from '../../src/contract/errors.ts';
import { okRun, runningRun } from '../fixtures/journals/samples.ts';
import { expect, test } from './fixtures.ts';
import { homeListing, knownSites } from './home-samples.ts';

test('sites that need the engineer come first and open their failure', async ({ open, page }) => {
  await open();
  await expect(page.getByText('2 sites need you')).toBeVisible();
  const first = page.locator('.site-row').first();
  await expect(first).toContainText('Send the request to customer network');
  await expect(page.locator('.runs li')).toHaveCount(2);
  await page.getByRole('link', { name: 'Open failure, lab' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Network services');
});

test.describe('site files that no run was started from', () => {
  test.use({ journals: [[]] });
  test('are listed with what is wrong with them, and lead to the form', async ({ open, page, service }) => {
    service.answers['sites.list'] = () => ({ sites: knownSites });
    await open();
    const row = (site: string) => page.locator('.site-row', { hasText: site });
    await expect(row('plant-9')).toContainText('Line 41: Gateway 10.20.9.1 is outside');
    await expect(row('quay-4')).toContainText('preparing');
    await expect(row('mill-4')).toContainText('file missing');
    await row('plant-9').getByRole('link', { name: 'Mend site file, plant-9' }).click();
    await expect(page).toHaveURL(/#\/sites\/%2Fsrv%2Fplant-9%2Fsite\.yaml\/site$/);
  });

  test('are taken from the list, and from nowhere else, when their file is gone', async ({
    open,
    page,
    service,
  }) => {
    let sites: readonly KnownSite[] = knownSites;
    service.answers['sites.list'] = () => ({ sites });
    service.answers['sites.forget'] = ({ file }: { file: string }) => {
      sites = sites.filter((site) => site.file !== file);
      return { forgotten: true };
    };
    await open();
    await page.getByRole('button', { name: 'Remove from list, mill-4/site.yaml' }).click();
    await expect(page.locator('.site-row', { hasText: 'mill-4' })).toHaveCount(0);
    expect(sites).toHaveLength(2);
  });
});

test.describe('a run that was left without an end', () => {
  test('is the first thing to do, and goes on in the same run', async ({ open, page, service }) => {
    const run = runningRun[0]?.run ?? '';
    const left: RunSummary = {
      run,
      site: 'plant-7',
      site_file: '/srv/plant-7/site.yaml',
      stack: 'demo',
      status: 'running',
      started: '2026-11-21T01:00:00Z',
      stages_done: 3,
      stages_total: 10,
      stopped_at: 'Deployment VM',
      interrupted: 'Bringup was ended',
    };
    service.answers['runs.list'] = () => ({ runs: [left] });
    service.answers['runs.resume'] = (input: { run: string }) => {
      service.calls.push({ command: 'runs.resume', input });
      return { run, from: 90 };
    };
    await open();
    await expect(page.locator('.site-row')).toContainText('left without an end');
    await page.getByRole('button', { name: 'Resume, plant-7' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Deployment VM');
    expect(service.calls).toEqual([{ command: 'runs.resume', input: { run } }]);
  });

  test('says why it cannot go on, and what to do', async ({ open, page, service }) => {
    service.answers['runs.resume'] = () => {
      const message = 'The site lab is being worked on by another Bringup.';
      throw new BringupError({ code: 'SITE_LOCKED', message, hint: 'Wait for it to end.' });
    };
    await open();
    await page.getByRole('button', { name: /^Resume 2026/ }).click();
    await expect(page.getByText('by another Bringup. Wait for it to end.')).toBeVisible();
  });
});

test.describe('on a new machine', () => {
  test.use({ journals: [[]] });
  test('Home says how to begin, and writes a site file to begin with', async ({ open, page, service }) => {
    service.answers['files.list'] = () => homeListing;
    service.answers['stacks.list'] = () => ({
      stacks: [{ name: 'demo', version: 1, title: 'Demo site', stages: [] }],
    });
    service.answers['site.create'] = (input: { file: string }) => {
      service.calls.push({ command: 'site.create', input });
      return { file: input.file };
    };
    await open();
    await expect(page.getByText('No site has been brought up from this machine yet')).toBeVisible();
    await page.getByRole('main').getByRole('button', { name: 'New site' }).click();
    await page.getByLabel('Name of the site').fill('plant-7');
    await expect(page.getByLabel('Site file', { exact: true })).toHaveValue('/home/me/plant-7/site.yaml');
    const example = page.getByRole('checkbox', { name: 'Begin with the example' });
    await example.press(' ');
    // The example says itself what it brings up.
    await expect(page.getByLabel('What is brought up')).toBeDisabled();
    await page.getByRole('button', { name: 'Create site file' }).click();
    await expect(page).toHaveURL(/#\/sites\/%2Fhome%2Fme%2Fplant-7%2Fsite\.yaml\/site$/);
    const input = { file: '/home/me/plant-7/site.yaml', name: 'plant-7', stack: 'demo', example: true };
    expect(service.calls).toEqual([{ command: 'site.create', input }]);
  });
});

test('a site file is chosen by keyboard alone, folder by folder', async ({ open, page, service }) => {
  const asked: unknown[] = [];
  service.answers['files.list'] = (input: { folder?: string }) => {
    asked.push(input.folder);
    return input.folder === undefined
      ? homeListing
      : {
          ...homeListing,
          folder: input.folder,
          parent: '/home/me',
          entries: [{ name: 'site.yaml', path: '/home/me/plant-7/site.yaml', kind: 'file' }],
        };
  };
  await open();
  await page.keyboard.press('o');
  // The dialog takes the focus when it has opened.
  await expect(page.getByRole('textbox', { name: /Path/ })).toBeFocused();
  await page.getByRole('button', { name: 'plant-7' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'site.yaml' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/sites\/%2Fhome%2Fme%2Fplant-7%2Fsite\.yaml\//);
  expect(asked).toEqual([undefined, '/home/me/plant-7']);
});

test('an exported run is opened by its path', async ({ open, page, service }) => {
  const run = okRun[0]?.run ?? '';
  service.answers['files.list'] = () => homeListing;
  service.answers['runs.open'] = ({ file }: { file: string }) => {
    if (file !== '/media/usb/plant-7.bringup') throw new Error(file);
    return { run, site: 'lab', events: okRun.length, own: false, version: '0', made: '' };
  };
  await open();
  await page.getByRole('button', { name: 'Open exported run' }).click();
  await page.getByLabel('Path on the machine that runs Bringup').fill('/media/usb/plant-7.bringup');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`#/runs/${run}$`));
});

test.describe('a file that is dropped on the page', () => {
  const drop = { name: 'site.yaml', text: 'apiVersion: bringup/v1\n' };

  test('is found where it lies by what is in it', async ({ open, page, service }) => {
    let asked: FileMark | undefined;
    service.answers['files.find'] = (mark: FileMark) => {
      asked = mark;
      return { files: ['/home/me/plant-7/site.yaml'] };
    };
    await open();
    await dropFile(page, drop);
    await expect(page).toHaveURL(/#\/sites\/%2Fhome%2Fme%2Fplant-7%2Fsite\.yaml\//);
    expect(asked).toEqual({
      name: 'site.yaml',
      bytes: 23,
      sha256: 'dd677ffb781c2563422e852722a664810a6a86e8b4cc10830fec402ed06ae832',
    });
  });

  test('is asked for where it does not lie on this machine, or is of no kind', async ({
    open,
    page,
    service,
  }) => {
    service.answers['files.find'] = () => ({ files: [] });
    await open();
    await dropFile(page, drop);
    await expect(page.getByText('site.yaml was not found on the machine that runs Bringup.')).toBeVisible();
    await dropFile(page, { name: 'notes.txt', text: '' });
    await expect(page.getByText('notes.txt is neither a site file')).toBeVisible();
  });
});

test('a journal file opens read-only', async ({ open, page }, info) => {
  await open();
  const file = info.outputPath('journal.jsonl');
  await writeFile(file, okRun.map((event) => JSON.stringify({ ...event, run: 'from-elsewhere' })).join('\n'));
  await page.locator('#journal-file').setInputFiles(file);
  await expect(page.getByText('Read-only view')).toBeVisible();
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

test('a run is shared by a link that only shows it, until that is ended', async ({ open, page }) => {
  const run = okRun[0]?.run ?? '';
  await open();
  await page.getByRole('button', { name: `Share ${run}` }).click();
  const link = await page.locator('.share-link code').innerText();
  const other = await page.context().browser()?.newPage();
  if (other === undefined) throw new Error('no second browser');
  await other.goto(link);
  await other.locator('#stage-title').waitFor();
  await page.getByRole('button', { name: 'End sharing' }).click();
  await expect(page.getByText('Nobody can watch with that link any more.')).toBeVisible();
  expect((await other.goto(link))?.status()).toBe(401);
  await other.close();
});

/** Drops a file on the page as a file manager does. */
async function dropFile(page: Page, file: { readonly name: string; readonly text: string }): Promise<void> {
  const transfer = await page.evaluateHandle(({ name, text }) => {
    const made = new DataTransfer();
    made.items.add(new File([text], name));
    return made;
  }, file);
  for (const kind of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent('.frame', kind, { dataTransfer: transfer });
}
