import { SCHEMES, seriousBarriers, showIn } from './barriers.ts';
import { expect, test } from './fixtures.ts';
import { comparePicture } from './pictures.ts';

test.use({ journals: [[]] });

test('an empty Home offers an example run; its tour goes by keyboard, and comes once', async ({
  open,
  page,
  service,
}) => {
  await open();
  await page.getByRole('button', { name: 'A run that failed' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Network services');
  await expect(page.getByText('This is a rehearsal that was kept, not a site of yours')).toBeVisible();
  for (const title of ['The stages', 'The open stage', 'What, where, why, whose, what now']) {
    await expect(page.getByRole('dialog', { name: title })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Next', exact: true })).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await expect(page.getByRole('dialog', { name: 'Any moment again' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByText(/Another DHCP server answers/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /Run again|Resume|Retry|Cancel run|Skip/ })).toHaveCount(0);

  await page.reload();
  await expect(page.getByText(/Another DHCP server answers/).first()).toBeVisible();
  await expect(page.getByRole('slider')).toBeVisible();
  await expect(page.getByRole('dialog'), 'never twice').toHaveCount(0);
  await page.getByRole('button', { name: 'Leave the example' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sites and runs');
  expect(service.calls).toEqual([]);
});

test('the example that ended well is found in the list of actions too, and has no tour', async ({
  open,
  page,
}) => {
  await open();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Find an action' })).toBeFocused();
  await page.keyboard.type('example ended well');
  await page.keyboard.press('Enter');
  await expect(page.getByText('plant-1 (rehearsal)').first()).toBeVisible();
  await expect(page.getByText('Nothing has failed.')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the empty Home and the tour have no serious barrier, light and dark', async ({ open, page }) => {
  const pictures = async (name: string): Promise<void> => {
    for (const scheme of SCHEMES) {
      await showIn(page, scheme);
      await comparePicture(page, `${name}-1280x800-${scheme}`);
    }
  };
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open();
  await page.getByRole('button', { name: 'A run that failed' }).waitFor();
  expect(await seriousBarriers(page)).toEqual([]);
  await pictures('home-empty');
  await page.getByRole('button', { name: 'A run that failed' }).click();
  await page.getByRole('dialog', { name: 'The stages' }).waitFor();
  expect(await seriousBarriers(page)).toEqual([]);
  await pictures('example-tour');
});
