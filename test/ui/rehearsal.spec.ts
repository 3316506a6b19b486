import { expect, test, type Page } from '@playwright/test';
import { startServer } from '../../main/server/server.ts';
import { SCHEMES, seriousBarriers, showIn } from './barriers.ts';
import { RENDERER } from './fixtures.ts';
import { openFreshLaptop } from './fresh-laptop.ts';
import { comparePicture } from './pictures.ts';

/** Opens Home of a laptop on its first day, with the real application service behind it. */
async function onFreshLaptop(page: Page, look: () => Promise<void>): Promise<void> {
  const laptop = openFreshLaptop();
  const server = await startServer({ service: laptop.service, dir: RENDERER });
  try {
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Sites and runs' }).waitFor();
    await look();
  } finally {
    await server.close();
    await laptop.close();
  }
}

test('by keyboard alone: a rehearsal with a fault, its failure, and how it goes on', async ({ page }) => {
  await onFreshLaptop(page, async () => {
    await page.getByRole('button', { name: 'Rehearse', exact: true }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Rehearse a run' });
    await expect(dialog.getByLabel('Fault to put in')).toBeFocused();
    await expect(dialog.getByRole('option', { name: 'The deployment VM does not boot' })).toBeAttached();
    await page.keyboard.type('The deployment VM does');
    await expect(dialog.getByLabel('Fault to put in')).toHaveValue('vm-no-boot');
    await page.keyboard.press('Tab');
    await page.keyboard.press('End');
    await expect(dialog.getByLabel('Pace of the recorded stages')).toHaveValue('max');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Start the rehearsal' }).press('Enter');

    await expect(page.getByText('plant-1 (rehearsal)').first()).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Deployment VM');
    await expect(
      page.getByText('Hardware virtualisation is offered on the KVM host but executes nothing.').first(),
    ).toBeVisible();

    // Gone on with although nobody mended it, it fails in the same way.
    const failure = page.getByRole('region', { name: 'Failure 1 of' });
    await failure.getByRole('button', { name: 'Resume', exact: true }).press('Enter');
    const ask = page.getByRole('dialog', { name: 'Resume this run?' });
    await ask.getByLabel('The fault stays this time').press('Space');
    await ask.getByRole('button', { name: 'Resume' }).press('Enter');
    await expect(page.getByText(/This is attempt 2/).first()).toBeVisible();
    await expect(
      page.getByText('Hardware virtualisation is offered on the KVM host but executes nothing.').first(),
    ).toBeVisible();

    await page.getByRole('link', { name: 'Sites', exact: true }).press('Enter');
    await expect(page.getByText('plant-1 (rehearsal)').first()).toBeVisible();
    await page.getByRole('button', { name: /^Resume 2/ }).press('Enter');
    await expect(page.getByText('Nothing: this was a rehearsal, and nothing was set up.')).toBeVisible();
  });
});

test('the dialog of a rehearsal has no serious barrier, light and dark', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await onFreshLaptop(page, async () => {
    await page.getByRole('button', { name: 'Rehearse', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Rehearse a run' });
    await expect(dialog.getByRole('option', { name: 'The deployment VM does not boot' })).toBeAttached();
    expect(await seriousBarriers(page)).toEqual([]);
    for (const scheme of SCHEMES) {
      await showIn(page, scheme);
      await comparePicture(page, `home-rehearse-1280x800-${scheme}`);
    }
  });
});
