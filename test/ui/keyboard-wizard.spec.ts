import { test } from '@playwright/test';
import { startServer } from '../../main/server/server.ts';
import { expect, RENDERER } from './fixtures.ts';
import { openFreshLaptop } from './fresh-laptop.ts';
import { keyboardOf } from './keyboard-walk.ts';
import { startRack } from './rack.ts';

test('a site goes from an empty Home through every step to its run by keyboard alone', async ({ page }, {
  workerIndex,
}) => {
  const rack = await startRack(workerIndex + 50);
  const laptop = openFreshLaptop();
  const server = await startServer({ service: laptop.service, dir: RENDERER });
  const { press, fill, tabTo } = keyboardOf(page);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const field = (name: string | RegExp) => page.getByLabel(name, { exact: true });
  const heading = page.getByRole('heading', { level: 1 });
  const next = async (title: string): Promise<void> => {
    await press(button(`Next: ${title}`));
    await expect(heading).toHaveText(title);
    await expect(heading, 'the new step has the focus').toBeFocused();
  };
  const first = (name: string) => field(name).first();
  try {
    await page.goto(server.url);
    await page.waitForURL((url) => url.pathname === '/');
    await press(page.getByRole('main').getByRole('button', { name: 'New site' }));
    await expect(field('Name of the site')).toBeFocused();
    await page.keyboard.type('plant-7');
    await press(button('Create site file'));

    await expect(heading).toHaveText('Site details');
    await expect(page.getByRole('main'), 'the wizard has the focus').toBeFocused();
    await fill(field('Customer'), 'ACME');
    await fill(field('DNS domain'), 'plant7.acme.example');
    await next('Networks and services');
    await fill(first('Addresses (CIDR)'), `${rack.prefix}.0.0/24`);
    await fill(first('Gateway'), `${rack.prefix}.0.1`);
    await fill(field('Addresses (CIDR)').nth(1), `${rack.prefix}.1.0/24`);
    await fill(field('Gateway').nth(1), `${rack.prefix}.1.1`);

    await next('Hosts and BMCs');
    await press(button('Paste a table'));
    await expect(field('Paste the rows here')).toBeFocused();
    await page.keyboard.insertText(spreadsheet(rack.prefix));
    await press(button('Take 2 hosts'));
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(field('Serial of node-2')).toHaveValue('7KQ5T83');

    await next('Credentials');
    for (const [name, user] of [['kvm-host'], ['bmc', rack.bmcs.machines[0]?.login?.username], ['node']]) {
      await press(button(name ?? ''));
      if (user !== undefined) await fill(field('User'), user);
      await fill(field('Password'), rack.bmcs.machines[0]?.login?.password ?? '');
      await expect(page.getByText(`${name ?? ''} is stored.`)).toBeVisible();
    }
    await expect(page.locator('.step', { hasText: 'Credentials' })).toContainText('3 of 3 stored');

    await next('Discovery');
    await press(button(/^Open the step that mends it: The address .* of the KVM host/));
    await expect(first('Address')).toBeFocused();
    await page.keyboard.type(`${rack.prefix}.0.5`);
    await page.keyboard.press('Enter');
    await fill(field('Address').nth(1), `${rack.prefix}.0.10`);
    for (let step = 0; step < 5; step++) await page.keyboard.press('Alt+ArrowUp');
    await expect(heading).toHaveText('Discovery');
    await press(field('Dialled from'), 'ArrowDown');
    await tabTo(button('Discover all hosts'), true);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: '2 certificates to compare' })).toBeVisible();
    await press(page.getByRole('checkbox', { name: 'Compared on node-1' }), 'Space');
    await press(page.getByRole('checkbox', { name: 'Compared on node-2' }), 'Space');
    await press(button('Pin 2 and read the machines'));
    await expect(page.locator('#stage').getByText('2 of 2 found')).toBeVisible();

    await next('Cabling');
    await next('Profiles');
    await next('Compatibility');
    await next('Stack parameters');
    await next('KVM host and VM');
    await next('Review');
    await expect(page.getByText('nothing stands in the way')).toBeVisible();
    await press(page.getByRole('checkbox', { name: 'I agree to this in Deployment VM' }), 'Space');
    await press(button('Go'));
    await page.waitForURL(/#\/runs\//);
    await expect(heading).toHaveText('KVM host preflight');
  } finally {
    await server.close();
    await laptop.close();
    await rack.close();
  }
});

/** Two hosts as a spreadsheet copies them. */
function spreadsheet(prefix: string): string {
  const rows = [1, 2].map((number) => [
    ...[`node-${number}`, `7KQ${number + 3}T83`, number === 1 ? 'rke2-server' : 'rke2-agent'],
    ...[`${prefix}.1.1${number}`, 'bmc', 'installer', 'node'],
    ...['nic1', `02:00:5e:00:01:1${number}`, 'mgmt', `${prefix}.0.1${number}`, `leaf1:Ethernet${number}`],
  ]);
  const header = [
    ...['Hostname', 'Service Tag', 'Role', 'iDRAC IP', 'iDRAC credential', 'SSH user', 'SSH credential'],
    ...['NIC1 name', 'NIC1 MAC', 'NIC1 network', 'NIC1 IP', 'NIC1 switch port'],
  ];
  return [header, ...rows].map((row) => row.join('\t')).join('\n');
}
