import { test as base, type Page } from '@playwright/test';
import { startServer } from '../../main/server/server.ts';
import { startSshd } from '../edge/remote-sshd.ts';
import { PICTURED_SCHEMES, seriousBarriers, showIn } from './barriers.ts';
import { withoutComplaints } from './complaints.ts';
import { expect, RENDERER } from './fixtures.ts';
import { comparePicture } from './pictures.ts';
import { openLaptop, startRack, type Laptop, type LaptopOptions, type Rack } from './rack.ts';

interface Fixtures {
  options: LaptopOptions;
  laptop: Laptop;
  /** Opens a step of the wizard on the laptop's site file. */
  step: (name: string) => Promise<void>;
  /** Fails the test on script errors and on what the content policy refuses. */
  quiet: undefined;
}

const test = base.extend<Fixtures, { rack: Rack }>({
  rack: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures' names from this pattern
    async ({}, use, { workerIndex }) => {
      const rack = await startRack(workerIndex);
      await use(rack);
      await rack.close();
    },
    { scope: 'worker' },
  ],
  options: [{ pinned: true }, { option: true }],
  laptop: async ({ rack, options }, use) => {
    const laptop = await openLaptop(rack, options);
    await use(laptop);
    await laptop.close();
  },
  step: async ({ page, laptop }, use) => {
    const server = await startServer({ service: laptop.service, dir: RENDERER });
    await page.goto(server.url);
    await page.waitForURL((url) => url.pathname === '/');
    await use(async (name) => {
      await page.goto(`${new URL(server.url).origin}/#/sites/${encodeURIComponent(laptop.file)}/${name}`);
      await page.locator('.step-main').waitFor();
      await page.evaluate(() => document.fonts.ready);
    });
    await server.close();
  },
  quiet: [({ page }, use) => withoutComplaints(page, () => use(undefined)), { auto: true }],
});

const siteText = async ({ service, file }: Laptop): Promise<string> =>
  (await service.call('site.read', { file })).text;

const picture = (page: Page, name: string): Promise<void> => comparePicture(page, `wizard-${name}`);

const pane = (page: Page) => page.locator('.hw-pane');

test.describe('first contact', () => {
  test.use({ options: {} });
  test('certificates are compared one by one, by keyboard alone, before anything is read', async ({
    page,
    step,
    rack,
  }) => {
    await step('discovery');
    await expect(page.getByText('not run yet')).toBeVisible();
    await page.getByRole('button', { name: 'Discover all hosts' }).press('Enter');
    await expect(page.getByRole('heading', { name: '6 certificates to compare' })).toBeVisible();
    const sha256 = rack.bmcs.machines[0]?.certificate?.sha256 ?? '';
    await expect(page.locator('.certificates')).toContainText(sha256.slice(0, 4));
    await expect(page.getByRole('button', { name: 'Pin it and read the machine' })).toBeDisabled();
    await page.getByRole('checkbox', { name: 'Compared on node-1' }).press(' ');
    await picture(page, 'first-contact-1280x800-light');
    await page.getByRole('button', { name: 'Pin it and read the machine' }).press('Enter');
    await expect(page.getByRole('row', { name: /node-1/ })).toContainText('7KQ4T83');
    await expect(page.getByRole('heading', { name: '5 certificates to compare' })).toBeVisible();
    await expect(page.getByRole('row', { name: /node-2/ })).toContainText('nobody has confirmed it yet');
  });
});

test('discovery says who was found, who is missing and why, and who is a stranger', async ({
  page,
  step,
}) => {
  await step('discovery');
  await page.getByRole('button', { name: 'Discover all hosts' }).click();
  await expect(page.locator('#stage').getByText('4 of 6 found')).toBeVisible();
  const row = (name: string | RegExp) => page.getByRole('row', { name });
  await expect(row(/node-5/)).toContainText('does not let root in with the stored password');
  await expect(row(/node-6/)).toContainText('refuses connections');
  await expect(row(/stranger/)).toContainText('F8Z2W03');
  await expect(pane(page)).toContainText('node-6 was not found');
  await expect(pane(page).getByRole('button', { name: 'Open credentials' })).toBeVisible();

  await page.getByRole('button', { name: 'node-1', exact: true }).press('Enter');
  await expect(pane(page).getByRole('heading', { name: 'node-1' })).toBeVisible();
  await pane(page)
    .getByRole('button', { name: /^Network ports/ })
    .press('Enter');
  await expect(pane(page)).toContainText('leaf1:Ethernet1');
  await picture(page, 'machine-1280x800-light');
  await pane(page).getByRole('button', { name: 'Show raw resources' }).press('Enter');
  await pane(page).getByLabel('Filter by URI').fill('/redfish/v1/Systems/System.Embedded.1');
  await expect(pane(page).locator('summary').first()).toContainText('/redfish/v1/Systems/System.Embedded.1');

  await pane(page).getByRole('button', { name: 'Check node-1 again' }).click();
  await expect(row(/node-1/)).toContainText('7KQ4T83');
  await expect(page.locator('#stage').getByText('4 of 6 found'), 'the others stay known').toBeVisible();
});

test('a seen MAC goes into the site file without touching the rest, and comes out again', async ({
  page,
  step,
  laptop,
}) => {
  await laptop.service.call('hardware.discover', { file: laptop.file });
  const before = await siteText(laptop);
  await step('cabling');
  await expect(pane(page)).toContainText('node-3: nic1 and nic2 are swapped.');
  await expect(page.getByRole('row', { name: /^nic1 other MAC/ })).toContainText('02:00:5e:00:01:41');
  await page.getByRole('button', { name: 'Take 02:00:5e:00:01:14, node-4 nic1' }).press('Enter');
  await expect(page.getByText('02:00:5e:00:01:14 of node-4 nic1 is in the site file now.')).toBeVisible();
  await expect.poll(() => siteText(laptop)).toBe(before.replace('02:00:5e:00:01:41', '02:00:5e:00:01:14'));
  await expect(pane(page), 'no other discovery is needed').not.toContainText('mac_mistyped');
  await page.locator('#stage').getByRole('button', { name: 'Undo', exact: true }).press('Enter');
  await expect.poll(() => siteText(laptop)).toBe(before);
});

test('a tie is decided with a reason on record, and given back to discovery', async ({
  page,
  step,
  laptop,
}) => {
  await laptop.service.call('hardware.discover', { file: laptop.file });
  await step('profiles');
  await expect(page.getByText('3 of 6 hosts need a decision')).toBeVisible();
  await page.getByRole('button', { name: 'node-2', exact: true }).press('Enter');
  await pane(page).getByRole('radio', { name: 'acme-green' }).press(' ');
  await expect(pane(page).getByRole('button', { name: 'Use acme-green' })).toBeDisabled();
  await pane(page).getByLabel('Reason, kept in the record of the run').fill('It stands in the green row.');
  await page.keyboard.press('Enter');
  await expect(page.getByText('2 of 6 hosts need a decision')).toBeVisible();
  await expect(pane(page)).toContainText('It stands in the green row.');
  expect(await siteText(laptop)).toContain('profile_reason: It stands in the green row.');
  await pane(page).getByRole('button', { name: 'Let discovery choose' }).press('Enter');
  await expect(page.getByText('3 of 6 hosts need a decision')).toBeVisible();
  expect(await siteText(laptop)).not.toContain('profile_reason');

  await page.getByRole('button', { name: 'node-1', exact: true }).press('Enter');
  await expect(pane(page)).toContainText('it goes before control-plane');
  await expect(pane(page).getByRole('table', { name: 'Rules of compute' })).toContainText('memory.total_gib');
});

test('requirements show the value seen, and a parameter is checked as it is set', async ({
  page,
  step,
  laptop,
}) => {
  await laptop.service.call('hardware.discover', { file: laptop.file });
  await step('compatibility');
  await expect(page.getByText('2 of 6 hosts are not known')).toBeVisible();
  const first = page.getByRole('row', { name: /^node-1/ });
  await expect(first).toContainText('x86_64');
  await expect(first.getByRole('img', { name: 'pass' })).toHaveCount(5);
  await page.getByRole('button', { name: 'node-1' }).press('Enter');
  await expect(pane(page)).toContainText('RKE2 needs 4 GB of memory.');

  await step('parameters');
  const attempts = page.getByLabel('Attempts to reach the deployment VM after it was started', {
    exact: true,
  });
  await expect(attempts).toHaveAttribute('placeholder', '40');
  await attempts.fill('9000');
  await attempts.press('Enter');
  await expect(page.locator('.parameter').first()).toContainText('Must be at most 400');
  await attempts.fill('80');
  await attempts.press('Enter');
  await expect.poll(() => siteText(laptop)).toContain('deployment_vm_wait_attempts: 80');
  await page.getByRole('button', { name: /^Use the default of/ }).press('Enter');
  await expect.poll(() => siteText(laptop)).not.toContain('deployment_vm_wait_attempts');
});

test('preflight runs alone: first contact is confirmed, then every check is shown, and the run is on record', async ({
  page,
  rack,
}) => {
  const sshd = await startSshd();
  const laptop = await openLaptop(rack, {
    ...{ pinned: true, clean: true, nodes: [1] },
    kvmHost: {
      ...{ port: sshd.port, user: sshd.user },
      credential: { username: sshd.user, password: sshd.password },
    },
  });
  const server = await startServer({ service: laptop.service, dir: RENDERER });
  try {
    await page.goto(server.url);
    await page.waitForURL((url) => url.pathname === '/');
    await page.goto(`${new URL(server.url).origin}/#/sites/${encodeURIComponent(laptop.file)}/machines`);
    await page.getByRole('button', { name: 'Check the KVM host' }).press('Enter');
    await expect(pane(page)).toContainText(await sshd.fingerprint());
    await page.getByRole('button', { name: 'It is the same, accept it' }).press('Enter');
    await expect(pane(page).getByText(/\d+ of \d+ checks failed/)).toBeVisible();
    await expect(pane(page)).toContainText('no-such-br');
    await picture(page, 'preflight-1280x800-light');
    const { runs } = await laptop.service.call('runs.list', {});
    expect(runs.map(({ until }) => until)).toEqual(['kvm-host-preflight', 'kvm-host-preflight']);
    await page.reload();
    await expect(pane(page).getByText(/\d+ of \d+ checks failed/), 'it is still known').toBeVisible();
  } finally {
    await server.close();
    await laptop.close();
    await sshd.stop();
  }
});

test('what stands in the way leads to the step that mends it', async ({ page, step, laptop }) => {
  await laptop.service.call('hardware.discover', { file: laptop.file });
  await step('review');
  await expect(page.getByText('6 things stand in the way')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Go', exact: true })).toBeDisabled();
  await page.getByRole('button', { name: /mends it: acme-blue and acme-green/ }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Profiles');
  await expect(pane(page).getByRole('heading', { name: 'node-2' })).toBeVisible();
  await step('review');
  await page.getByRole('button', { name: /mends it: No credential kvm-host is stored/ }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Credentials');
});

test.describe('a rack as its site file says', () => {
  test.use({ options: { pinned: true, clean: true, nodes: [1, 2] } });
  test('goes from review to its run, agreed to what it may destroy', async ({ page, step, laptop }) => {
    await laptop.service.call('hardware.discover', { file: laptop.file });
    await step('review');
    await expect(page.getByText('nothing stands in the way')).toBeVisible();
    await page.getByRole('checkbox', { name: 'I agree to this in Deployment VM' }).press(' ');
    await page.getByRole('button', { name: 'Go', exact: true }).press('Enter');
    await page.waitForURL(/#\/runs\//);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('KVM host preflight');
    const [run] = (await laptop.service.call('runs.list', {})).runs;
    const { events } = await laptop.service.call('runs.events', { run: run?.run ?? '' });
    expect(events[0]).toMatchObject({ kind: 'run.started', choices: { confirm: true } });
  });
});

/** Two tests, so that the longest of all does not run on alone. */
const STEPS = [
  ['discovery', 'cabling', 'profiles', 'compatibility'],
  ['parameters', 'machines', 'review'],
] as const;
for (const steps of STEPS) {
  test(`${steps.join(', ')}: each fits its window and has no serious barrier, light and dark`, async ({
    page,
    step,
    laptop,
  }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await laptop.service.call('hardware.discover', { file: laptop.file });
    for (const name of steps) {
      await step(name);
      await page.locator('.step-main.hw > :nth-child(2)').first().waitFor();
      // The rail learns of other steps after the page.
      await expect(page.locator('.rail .step:not(:has(.step-line))')).toHaveCount(0);
      for (const [width, height] of [
        // 200 % zoom of the smallest window.
        [640, 400],
        [1920, 1080],
        [1280, 800],
      ] as const) {
        await page.setViewportSize({ width, height });
        for (const scheme of width > 640 ? PICTURED_SCHEMES : []) {
          await showIn(page, scheme);
          await picture(page, `${name}-${width}x${height}-${scheme}`);
        }
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${name}: pixels wider than the window`).toBeLessThanOrEqual(0);
      }
      expect(await page.locator('.pf-m-primary:visible').count(), `${name}: primary buttons`).toBeLessThan(2);
      expect(await seriousBarriers(page), name).toEqual([]);
    }
  });
}
