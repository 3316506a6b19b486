import { failedRun, preflightFailedRun, runningRun, uploadingRun } from '../fixtures/journals/samples.ts';
import { expect, test } from './fixtures.ts';

const FAILED = failedRun[0]?.run ?? '';
const RUNNING = runningRun[0]?.run ?? '';

test('a watched run moves as its events arrive', async ({ open, page, service }) => {
  await open(RUNNING);
  await expect(page.getByText('Attached to KVM host')).toBeVisible();
  await expect(page.getByText('0:31 of 1:00', { exact: false }).first()).toBeVisible();
  await expect(page.locator('pre.console')).toContainText('Finished cloud-init.service');
  const stage = 'deployment-vm';
  service.push(
    RUNNING,
    { kind: 'host.result', stage, task: 'task-10', host: 'kvm-host', status: 'ok', text: 'key as expected' },
    { kind: 'stage.finished', stage, status: 'changed', counts: { changed: 7 } },
    { kind: 'stage.started', stage: 'network-services' },
    { kind: 'task.started', stage: 'network-services', task: 'n1', title: 'Install the site names' },
  );
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Network services');
  await expect(page.getByText('Attached to deployment VM')).toBeVisible();
  await expect(page.getByRole('button', { name: /Deployment VM/ })).toContainText('changed, 7 changed');
  await expect(page.getByRole('button', { name: 'Install the site names' })).toBeVisible();
});

test('a failure that arrives while watching opens its card', async ({ open, page, service }) => {
  await open(RUNNING);
  const failure = failedRun.find((event) => event.kind === 'failure');
  if (failure?.kind !== 'failure') throw new Error('the sample has no failure');
  service.push(
    RUNNING,
    { kind: 'failure', stage: 'deployment-vm', record: failure.record },
    { kind: 'stage.finished', stage: 'deployment-vm', status: 'failed' },
    { kind: 'run.finished', status: 'failed', text: '2 stages ok, 1 failed' },
  );
  await expect(page.getByText(failure.record.what)).toBeVisible();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Resume' })).toBeVisible();
});

test('the failure card answers what, where, why, whose, what now', async ({ open, page }) => {
  await open(FAILED);
  const card = page.getByRole('region', { name: 'Failure 1 of 1' });
  await expect(card).toContainText('1 of 2 hosts gets no DHCP lease');
  await expect(card).toContainText('network-services.yml:58');
  await expect(card).toContainText('Another DHCP server answers on network mgmt');
  await expect(card).toContainText('customer network');
  await expect(card).toContainText('F-3B1C, first seen 02:08');
  await card.getByRole('button', { name: 'Copy request to customer network' }).click();
  await expect(card.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Reference F-3B1C');
  await card.getByRole('button', { name: /Evidence/ }).click();
  await expect(card).toContainText('DHCPOFFER of 198.18.20.240');
});

test('the failure card fits 1280x800 unscrolled with its evidence folded', async ({ open, page }) => {
  await open(FAILED);
  const scrolls = await page.locator('.pane').evaluate((pane) => pane.scrollHeight > pane.clientHeight);
  expect(scrolls).toBe(false);
});

test('a fix lets the run go on with what it needs, after asking', async ({ open, page, service }) => {
  await open(preflightFailedRun[0]?.run);
  await expect(page.getByText('bridges virbr0 and br-storage, none named br-mgmt')).toBeVisible();
  await page.getByRole('button', { name: 'Install what is missing and run again' }).click();
  await expect(page.getByRole('dialog')).toContainText('Missing packages are installed on the KVM host');
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => service.calls).toHaveLength(1);
  const run = preflightFailedRun[0]?.run;
  expect(service.calls).toEqual([{ command: 'runs.resume', input: { run, installMissing: true } }]);
});

test('cancelling asks first, and stops at once the second time', async ({ open, page, service }) => {
  const run = uploadingRun[0]?.run;
  await open(run);
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await expect(page.getByRole('dialog')).toContainText('The running task of Upload ends first');
  await page.getByRole('button', { name: 'Keep running' }).click();
  expect(service.calls).toEqual([]);
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  await expect(page.getByText('Cancelling: the running task ends first.')).toBeVisible();
  await page.getByRole('button', { name: 'Stop now' }).click();
  await expect(page.getByRole('dialog')).toContainText('stopped in the middle of its task');
  await page.getByRole('dialog').getByRole('button', { name: 'Stop now' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(service.calls).toEqual([
    { command: 'runs.cancel', input: { run } },
    { command: 'runs.cancel', input: { run, now: true } },
  ]);
});

test('the log has the stage line by line', async ({ open, page }) => {
  await open(FAILED);
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  await expect(page.locator('.log li').first()).toContainText('Stage started');
  await expect(page.locator('.log li', { hasText: 'node-2' }).last()).toContainText(
    '1 of 2 hosts gets no DHCP lease',
  );
});

test('an upload tells rate and time left', async ({ open, page }) => {
  await open(uploadingRun[0]?.run);
  await expect(page.locator('.stage')).toContainText('198 of 488 MiB, 41 MiB/s, 0:07 left');
});

test('a run that is not there says so', async ({ open, page }) => {
  await open('20991231-000000-nowhere-0000', '.empty-page h1');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('No event of run');
});
