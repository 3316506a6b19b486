import { SITE } from '../unit/site-example.ts';
import { seriousBarriers } from './barriers.ts';
import { expect } from './fixtures.ts';
import { onDisk, test, yaml } from './site-test.ts';

test.describe('parameters that are lists of objects', () => {
  const rke2 = 'parameters:\n  rke2:\n    # kept\n    install: true\n    artifacts: /srv/rke2\n';
  test.use({ text: SITE.replace(/\n +profile: gpu-dense\n.*$/m, '') + rke2 });

  test('are a form by the schema: by keyboard an entry is added, mended and taken out, the text beside it follows', async ({
    step,
    page,
    desk,
  }) => {
    const before = onDisk(desk);
    await step('parameters');
    const section = page.getByRole('button', { name: /^OpenManage Enterprise of the site/ });
    await expect(section, 'what the site does not use is folded').toHaveAttribute('aria-expanded', 'false');
    const add = page.getByRole('button', { name: 'Add an entry: Registries and their mirrors' });
    await add.press('Enter');
    const entry = page.getByRole('group', { name: 'Entry 1' });
    const name = entry.getByLabel('Registry that is meant, such as docker.io');
    await expect(name).toBeFocused();
    await expect(entry.getByRole('alert'), 'what is missing is said at its field').toHaveText('Needed here.');
    await page.keyboard.type('docker.io');
    await page.keyboard.press('Tab');
    const registry = page.getByRole('group', { name: 'docker.io' });
    await registry.getByLabel('Where it is asked for').fill('http://mirror:5000, https://b');
    await registry.getByLabel('Credential').fill('registry');
    await page.keyboard.press('Enter');
    await expect(registry.getByRole('alert')).toContainText('is "http://mirror:5000"');
    await expect(page.getByRole('button', { name: /^RKE2 cluster/ })).toContainText('1 error to mend');

    await page.getByRole('button', { name: /^RKE2 cluster/ }).press('Enter');
    await expect(add).toBeHidden();
    await page.getByRole('list', { name: 'Problems of this step' }).getByRole('button').press('Enter');
    await expect(registry.getByLabel('Where it is asked for'), 'also in a folded section').toBeFocused();
    await page.keyboard.type('https://mirror:5000');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show YAML' }).press('Enter');
    await expect(yaml(page)).toContainText('https://mirror:5000');
    await expect(page.getByText('No problem in the site file')).toBeVisible();
    expect(await seriousBarriers(page)).toEqual([]);

    await registry.getByRole('button', { name: 'Remove docker.io' }).press('Enter');
    await expect(add).toBeFocused();
    await expect.poll(() => onDisk(desk)).toBe(before);
  });
});

test.describe('a site file with nothing in it', () => {
  test.use({ text: 'apiVersion: bringup/v1\n' });

  test('says at each step what is missing there, and leads to where it is given', async ({ step, page }) => {
    await step('review');
    const rail = page.getByRole('navigation', { name: 'Prepare' });
    await expect(rail.locator('.step', { hasText: 'KVM host and VM' })).toContainText('2 errors to mend');
    await expect(rail.locator('.step', { hasText: 'Discovery' })).toContainText('waits for a file');
    await page
      .getByRole('button', { name: /mends it: the site file needs the field networks/ })
      .press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Networks and services');
    await expect(page.getByRole('button', { name: 'Add network' })).toBeFocused();
    await page.getByRole('button', { name: '5 errors: go to the first' }).press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Site details');
    await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  });
});
