import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { SITE } from '../unit/site-example.ts';
import { PICTURED_SCHEMES, seriousBarriers, showIn } from './barriers.ts';
import { expect } from './fixtures.ts';
import { comparePicture } from './pictures.ts';
import { onDisk, test, yaml } from './site-test.ts';

/** 200 % zoom of the smallest window, and the two windows of the pictures. */
const SIZES = [
  [640, 400],
  [1920, 1080],
  [1280, 800],
] as const;

const saved = (page: Page) => expect(page.locator('.attachment').first()).toContainText(/^Saved/);

test('a field changes its own words in the file and nothing else, and undo brings them back', async ({
  step,
  page,
  desk,
}) => {
  const before = onDisk(desk);
  await step('site');
  await page.getByLabel('Customer').fill('Umbra');
  await page.keyboard.press('Enter');
  await expect.poll(() => onDisk(desk)).toBe(before.replace('customer: ACME', 'customer: Umbra'));
  await expect(yaml(page)).toContainText('customer: Umbra');
  await page.keyboard.press('Control+z');
  await expect.poll(() => onDisk(desk)).toBe(before);
  await expect(page.getByLabel('Customer')).toHaveValue('ACME');
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => onDisk(desk)).toContain('customer: Umbra');
});

test('typed YAML is saved and fills the form; a fault in it stops the form and says its line', async ({
  step,
  page,
  desk,
}) => {
  await step('site');
  await yaml(page).click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# typed above');
  await page.keyboard.press('Enter');
  await expect.poll(() => onDisk(desk)).toMatch(/^# typed above\n# A site/);
  await page.keyboard.type('stack: [');
  await expect(page.getByText('The form waits until the text is valid YAML again.')).toBeVisible();
  await expect(page.getByLabel('Customer')).toBeDisabled();
  await expect(page.getByRole('list', { name: 'Problems of this step' })).toContainText('line 2');
  await page.getByRole('list', { name: 'Problems of this step' }).getByRole('button').first().press('Enter');
  await expect(yaml(page)).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(page.getByLabel('Customer')).toHaveValue('ACME');
});

test.describe('a site file with faults', () => {
  const faulty = SITE.replace('gateway: 10.20.0.1,', 'gateway: 10.20.9.1,')
    .replace('address: 10.20.1.12', 'address: 10.20.1.11')
    .replace('"02:00:5E:00:00:12"', '"02:00:5E:00:00"');
  test.use({ text: faulty });

  test('each problem leads to the field that mends it, also the one in a host’s interfaces', async ({
    step,
    page,
  }) => {
    await step('site');
    await expect(page.locator('.step', { hasText: 'Networks and services' })).toContainText(
      '1 error to mend',
    );
    await step('networks');
    await page.getByRole('button', { name: /gateway 10.20.9.1 is outside/ }).press('Enter');
    await expect(page.getByRole('textbox', { name: 'Gateway' }).first()).toBeFocused();
    await page.keyboard.type('10.20.0.1');
    await page.keyboard.press('Enter');
    await expect(page.locator('.step', { hasText: 'Networks and services' })).toContainText('2 networks');
    await step('hosts');
    await page.getByRole('button', { name: /10.20.1.11/ }).press('Enter');
    await expect(page.getByRole('textbox', { name: 'BMC address of node-2' })).toBeFocused();
    await page.getByRole('button', { name: /mac must be/ }).press('Enter');
    await expect(page.getByRole('group', { name: 'nic2' }).getByLabel('MAC address')).toBeFocused();
  });
});

test('the steps go by keyboard alone, and the file remembers where it was left', async ({ step, page }) => {
  await step('site');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Networks and services');
  await page.locator('.step button[aria-current]').focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Review');
  await expect(page.locator('.step button[tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press('Alt+ArrowUp');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('KVM host and VM');
  const kept = await page.evaluate(() => localStorage.getItem('bringup.steps'));
  expect(kept).toContain('machines');
});

test('a table from a spreadsheet shows what it will do, and takes only what is right', async ({
  step,
  page,
  desk,
}) => {
  await step('hosts');
  await page.getByRole('button', { name: 'Paste a table' }).press('Enter');
  const rows = [
    ['Hostname', 'Service Tag', 'Role', 'iDRAC IP', 'iDRAC password', 'MAC', 'NIC2 IP'],
    ['node-2', 'NEW1235', 'rke2-agent', '10.20.1.12', 'calvin', '', ''],
    ['node-3', 'ABC1236', 'rke2-server', '10.20.1.13', 'calvin', '02-00-5E-00-00-31', '10.20.0.33'],
    ['node 4', 'ABC1237', 'rke2-server', '10.20.1.300', 'calvin', '', ''],
  ];
  await page
    .getByRole('textbox', { name: 'Paste the rows here' })
    .fill(rows.map((row) => row.join('\t')).join('\n'));
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('1 new, 1 changed, 0 as they are');
  await expect(dialog).toContainText('1 row with an error, not taken');
  await expect(dialog).toContainText('iDRAC password: left out');
  await dialog.getByRole('button', { name: 'Take 2 hosts' }).press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect.poll(() => onDisk(desk)).toContain('02:00:5E:00:00:31');
  const text = onDisk(desk);
  expect(text).toContain('serial: NEW1235');
  expect(text).toContain('# first of the rack');
  expect(text).not.toContain('calvin');
  expect(text).not.toContain('node 4');
  await page.keyboard.press('Control+z');
  await expect.poll(() => onDisk(desk)).not.toContain('node-3');
});

test.describe('500 hosts', () => {
  const many = Array.from(
    { length: 500 },
    (_, index) => `  - {name: host-${index + 1}, serial: S${index + 1}, roles: [rke2-agent]}\n`,
  );
  test.use({ text: SITE.replace(/hosts:\n[^]*$/, `hosts:\n${many.join('')}`) });

  test('only those in sight are drawn; many are changed at once and undone at once', async ({
    step,
    page,
    desk,
  }) => {
    const before = onDisk(desk);
    await step('hosts');
    await expect(page.getByRole('textbox', { name: 'Name of host-1', exact: true })).toBeVisible();
    expect(await page.locator('.host-table tbody tr').count()).toBeLessThan(60);
    await page.getByRole('textbox', { name: 'Filter hosts' }).fill('host-49');
    await expect(page.getByText('11 of 500')).toBeVisible();
    await page.getByRole('checkbox', { name: 'Pick all hosts' }).press('Space');
    await page.getByRole('combobox', { name: 'Field to set' }).selectOption('bmc_credential');
    await page.getByRole('textbox', { name: 'Value', exact: true }).fill('idrac');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Set BMC credential of 11 hosts.')).toBeVisible();
    expect(onDisk(desk).match(/credential: idrac/g)).toHaveLength(11);
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await expect.poll(() => onDisk(desk)).toBe(before);
    await page.getByRole('textbox', { name: 'Filter hosts' }).fill('');
    await page.getByRole('textbox', { name: 'Name of host-1', exact: true }).focus();
    for (let row = 1; row < 25; row++) await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('textbox', { name: 'Name of host-25', exact: true })).toBeFocused();
  });
});

test('a credential is given, is never sent back, and is missing no more', async ({ step, page, desk }) => {
  await step('credentials');
  await expect(page.locator('.step', { hasText: 'Credentials' })).toContainText('2 of 3 missing');
  await page.getByRole('textbox', { name: 'Password' }).focus();
  await page.keyboard.type('correct horse battery');
  const answers: string[] = [];
  page.on('response', (response) => {
    void response.text().then(
      (body) => answers.push(body),
      () => undefined,
    );
  });
  await page.keyboard.press('Enter');
  await expect(page.getByText('kvm-host is stored. Test it before a run needs it.')).toBeVisible();
  expect(desk.stored.get('kvm-host')).toEqual({ password: 'correct horse battery' });
  await expect(page.locator('.step', { hasText: 'Credentials' })).toContainText('1 of 3 missing');
  expect(answers.join('')).not.toContain('correct horse');
  expect(await page.locator('input[type=password]').inputValue()).toBe('');
});

test('without a keychain the page says so and explains the encrypted file', async ({ step, page, desk }) => {
  desk.loseKeychain();
  await step('credentials');
  await expect(page.getByRole('alert').first()).toContainText('No keychain answers on this machine.');
  await expect(page.getByLabel('Passphrase')).toBeVisible();
});

test('a change from outside is taken over, and where both changed neither is lost', async ({
  step,
  page,
  desk,
}) => {
  await step('site');
  const first = onDisk(desk);
  writeFileSync(desk.file, first.replace('customer: ACME', 'customer: Elsewhere'));
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(page.getByText(/Another program changed the site file/)).toBeVisible();
  await expect(page.getByLabel('Customer')).toHaveValue('Elsewhere');

  const theirs = onDisk(desk).replace('Hall 3', 'Hall 4');
  writeFileSync(desk.file, theirs);
  await page.getByLabel('Customer').fill('Mine');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The site file was changed by another program')).toBeVisible();
  expect(onDisk(desk)).toBe(theirs);
  await page.getByRole('button', { name: 'Take it and repeat the change' }).press('Enter');
  await expect.poll(() => onDisk(desk)).toBe(theirs.replace('Elsewhere', 'Mine'));
  await saved(page);
});

test('every step fits its window and has no serious barrier, light and dark', async ({ step, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const name of ['site', 'networks', 'hosts', 'credentials']) {
    await step(name);
    await page
      .locator(name === 'credentials' ? '.plain-table' : '[data-path]')
      .first()
      .waitFor();
    if (['site', 'networks'].includes(name)) await yaml(page).waitFor();
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      for (const scheme of width > 640 ? PICTURED_SCHEMES : []) {
        await showIn(page, scheme);
        await comparePicture(page, `wizard-${name}-${width}x${height}-${scheme}`);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${name}: pixels wider than the window`).toBeLessThanOrEqual(0);
    }
    expect(await page.locator('.pf-m-primary:visible').count(), `${name}: primary buttons`).toBeLessThan(2);
    expect(await seriousBarriers(page), name).toEqual([]);
  }
});
