import type { RunSummary } from '../../src/contract/api.ts';
import { BringupError } from '../../src/contract/errors.ts';
import { MATRIX, retriedRun, staleRun } from '../fixtures/journals/retried.ts';
import { failedRun, runningRun } from '../fixtures/journals/samples.ts';
import { seriousBarriers } from './barriers.ts';
import { expect, test } from './fixtures.ts';

const RETRIED = retriedRun[0]?.run ?? '';
const FAILED = failedRun[0]?.run ?? '';
const RUNNING = runningRun[0]?.run ?? '';
const summary = (run: string, more: Partial<RunSummary>): RunSummary => ({
  ...{ run, site: 's', stack: 's', status: 'running', started: '', stages_done: 0, stages_total: 4 },
  ...more,
});

test.use({ journals: [[failedRun, retriedRun, runningRun], { scope: 'test' }] });

test('a stage is tried again by keyboard alone, and the page goes on with it', async ({
  open,
  page,
  service,
}) => {
  await open(RETRIED);
  await page.getByRole('button', { name: 'Retry', exact: true }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('radio', { name: 'Failed hosts only, 1 of 3 hosts' })).toBeChecked();
  // The dialog takes the focus when it has opened.
  await expect(dialog.locator(':focus')).toHaveCount(1);
  await dialog.getByRole('radio', { name: 'Failed hosts only' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: 'From the failed task on' })).toBeChecked();
  await dialog.getByRole('button', { name: 'Retry' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  expect(service.calls).toEqual([
    { command: 'runs.retry', input: { run: RETRIED, stage: 'network-services', fromTask: true } },
  ]);
  service.push(
    RETRIED,
    { kind: 'run.resumed', reason: 'stage network-services is retried' },
    { kind: 'stage.started', stage: 'network-services', attempt: 3, from_task: 'Take a DHCP lease' },
    { kind: 'task.started', stage: 'network-services', task: 'n9', title: 'Take a DHCP lease' },
  );
  await expect(page.getByText('This attempt began at task "Take a DHCP lease".')).toBeVisible();
  await expect(page.getByRole('button', { name: 'This is attempt 3; 2 earlier attempts' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Cancel run' })).toBeVisible();
});

test('a way to retry that is not open says why', async ({ open, page }) => {
  await open(FAILED);
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('radio', { name: 'From the failed task on' })).toBeDisabled();
  await expect(dialog).toContainText('later tasks of this stage need what earlier ones found out');
});

test('a stage is skipped only with a reason', async ({ open, page, service }) => {
  await open(FAILED);
  await page.getByRole('button', { name: 'Skip this stage' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('recorded as overridden, with your reason');
  await expect(dialog.getByRole('button', { name: 'Skip this stage' })).toBeDisabled();
  await dialog.getByLabel('Reason').fill('the customer serves DHCP');
  await dialog.getByRole('button', { name: 'Skip this stage' }).click();
  const skip = [{ stage: 'network-services', reason: 'the customer serves DHCP' }];
  await expect.poll(() => service.calls).toEqual([{ command: 'runs.resume', input: { run: FAILED, skip } }]);
});

test('a refusal stays in the dialog, with its remedy', async ({ open, page, service }) => {
  service.answers['runs.resume'] = () => {
    const hint = 'Wait until it ends.';
    throw new BringupError({ code: 'SITE_LOCKED', message: 'Another Bringup works on this site.', hint });
  };
  await open(FAILED);
  await page.getByRole('button', { name: 'Resume from here' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(
    'Stages that are done stay as they are; Network services is carried out again.',
  );
  await dialog.getByRole('button', { name: 'Resume' }).click();
  await expect(dialog).toContainText('Another Bringup works on this site. Wait until it ends.');
});

test('a run whose process is gone can be resumed', async ({ open, page, service }) => {
  service.answers['runs.list'] = () => ({ runs: [summary(RUNNING, { interrupted: 'Bringup ended.' })] });
  await open(RUNNING);
  await expect(page.getByText('Run interrupted')).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('dialog')).toContainText('Deployment VM may still run at the site');
});

test('a run from an export is only looked at, moment by moment', async ({ open, page, service }) => {
  service.answers['runs.list'] = () => ({
    runs: [summary(FAILED, { status: 'failed', opened: 'plant-7.bringup' })],
  });
  await open(FAILED);
  await expect(page.getByText('Read from plant-7.bringup, read-only')).toBeVisible();
  await expect(page.getByRole('button', { name: /Retry|Resume|Skip|Run again/ })).toHaveCount(0);
  const slider = page.getByRole('slider');
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(page.getByText('You look at an earlier moment.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('KVM host preflight');
  await page.keyboard.press('End');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Network services');
  await expect(page.getByRole('region', { name: 'Failure 1 of 1' })).toBeVisible();
});

test('the replay of a finished run shows what was known then', async ({ open, page }) => {
  await open(FAILED);
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: 'Replay this run' }).click();
  const slider = page.getByRole('slider');
  await slider.focus();
  await page.keyboard.press('PageDown');
  await expect(slider).toHaveAttribute('aria-valuetext', /^02:0\d:\d\d, /);
  await expect(page.getByRole('button', { name: 'Resume' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Close replay' }).click();
  await expect(slider).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Resume from here' })).toBeVisible();
});

test('the matrix says who reaches what, and is probed again', async ({ open, page, service }) => {
  const asked: unknown[] = [];
  service.answers['vantage.probe'] = (input) => {
    asked.push(input);
    const matrix = MATRIX.matrix.map((row) => ({ ...row, status: 'ok' as const, text: 'answered' }));
    return {
      ...MATRIX,
      site: 'quay-9',
      matrix,
      verdict: { ...MATRIX.verdict, summary: 'All reach it.', legs: [] },
    };
  };
  await open(RETRIED);
  const matrix = page.getByRole('region', { name: 'Who can reach what' });
  await expect(
    matrix.getByRole('img', { name: 'deployment VM to 198.18.20.12:22/ssh: no answer. no answer in 3 s' }),
  ).toBeVisible();
  const cell = await matrix.locator('td').first().boundingBox();
  expect(Math.min((cell?.width ?? 0) / 28, (cell?.height ?? 0) / 34)).toBeGreaterThanOrEqual(1);
  await expect(matrix).toContainText('nic1 has no link');
  await matrix.getByRole('button', { name: 'Probe again' }).click();
  await expect(matrix).toContainText('All reach it.');
  expect(asked).toEqual([{ run: RETRIED, reference: 'F-9D02' }]);
});

test.describe('a stale and an overridden stage', () => {
  test.use({ journals: [staleRun] });
  test('say why', async ({ open, page }) => {
    await open(staleRun[0]?.run);
    await expect(page.getByText('agreed with J. Doe')).toBeVisible();
    await page.getByRole('button', { name: /Deployment VM/ }).click();
    await expect(page.getByText('Its result no longer stands')).toBeVisible();
    await expect(page.getByText('deployment_vm.memory_mib: 4096, now 8192')).toBeVisible();
  });
});

test('attempts, matrix, dialog and replay have no serious barrier, light and dark', async ({
  open,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(RETRIED);
  await page.getByRole('button', { name: /earlier attempt/ }).click();
  expect(await seriousBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: 'Replay this run' }).click();
  expect(await seriousBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Close replay' }).click();
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await page.getByRole('dialog').waitFor();
  expect(await seriousBarriers(page)).toEqual([]);
});
