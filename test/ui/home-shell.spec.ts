import { okRun, runningRun } from '../fixtures/journals/samples.ts';
import { expect, test } from './fixtures.ts';
import { homeListing, knownSites } from './home-samples.ts';

test('each dialog has one primary button, and no two of its controls the same name', async ({
  open,
  page,
  service,
}) => {
  service.answers['files.list'] = () => homeListing;
  service.answers['stacks.list'] = () => ({ stacks: [] });
  await open();
  for (const key of ['n', 'o']) {
    await page.keyboard.press(key);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').first().waitFor();
    await expect(dialog.locator('.pf-m-primary:visible')).toHaveCount(1);
    const names = await dialog
      .getByRole('button')
      .evaluateAll((buttons: HTMLElement[]) =>
        buttons.map((button) => button.getAttribute('aria-label') ?? button.innerText),
      );
    expect(names.length, names.join(', ')).toBe(new Set(names).size);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  }
});

test.describe('on a new machine', () => {
  test.use({ journals: [[]] });
  test('no two buttons of Home have the same name', async ({ open, page }) => {
    await open();
    await page.getByText('No site has been brought up from this machine yet').waitFor();
    const names = await page
      .getByRole('button')
      .evaluateAll((buttons: HTMLElement[]) =>
        buttons.map((button) => button.getAttribute('aria-label') ?? button.innerText),
      );
    expect(names.length, names.join(', ')).toBe(new Set(names).size);
    await expect(page.locator('.pf-m-primary:visible')).toHaveCount(1);
  });
});

test('a page that is gone to takes the focus, so that Tab goes on in it', async ({ open, page }) => {
  await open();
  await page.getByRole('link', { name: 'Open failure, lab' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Network services');
  await expect(page.locator('#stage')).toBeFocused();
  await page.keyboard.press('g');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sites and runs');
  await expect(page.locator('#stage')).toBeFocused();
});

test('the list of actions has what closed menus hold, and carries it out', async ({ open, page }) => {
  await open(okRun[0]?.run);
  await expect(page.getByRole('menuitem')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  const search = page.getByRole('combobox', { name: 'Find an action' });
  await expect(search).toBeFocused();
  await search.fill('replay');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('slider')).toBeVisible();
});

test('whoever opened a link for watching is told so, on every page that it shows', async ({
  page,
  server,
}) => {
  await page.goto(server.share(runningRun[0]?.run ?? ''));
  await page.locator('#stage-title').waitFor();
  const said = page.getByText('You are watching this run: you see it live and can do nothing to it.');
  await expect(said).toBeVisible();
  const below = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  expect(below, 'the banner pushes nothing off the window').toBeLessThanOrEqual(0);
  await page.goto(`${new URL(server.url).origin}/#/sites/any.yaml/site`);
  await expect(said).toBeVisible();
  await expect(page.locator('#stage-title')).toBeVisible();
});

test('somebody who may act is not told that he only watches', async ({ open, page }) => {
  await open(runningRun[0]?.run);
  await expect(page.getByText('You are watching this run')).toHaveCount(0);
});

test('with reduced motion nothing moves; without it the running stage does', async ({ open, page }) => {
  const moving = (): Promise<number> => page.evaluate(() => document.getAnimations().length);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await open(runningRun[0]?.run);
  expect(await moving(), 'so that this test can fail').toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moving()).toBe(0);
  await page.goto(`${new URL(page.url()).origin}/#/`);
  await page.getByRole('heading', { name: 'Sites and runs' }).waitFor();
  expect(await moving()).toBe(0);
});

test('the wizard comes when it is asked for; where it cannot come, the page says what to do', async ({
  open,
  page,
  service,
}) => {
  service.answers['sites.list'] = () => ({ sites: knownSites });
  const parts: string[] = [];
  page.on('request', (request) => parts.push(new URL(request.url()).pathname));
  await open();
  await page.getByText('Sites and runs').first().waitFor();
  expect(parts.filter((part) => part.includes('WizardPage'))).toEqual([]);
  await page.route(/WizardPage/, (route) => route.abort());
  await page.getByRole('link', { name: 'Mend site file, plant-9' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'This part of Bringup could not be loaded',
  );
  await page.unroute(/WizardPage/);
  await page.getByRole('button', { name: 'Load the page again' }).click();
  await expect(page.locator('.rail').getByText('step 1 of 11')).toBeVisible();
});
