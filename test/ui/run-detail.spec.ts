import type { ResultDetail, RunEvent } from '../../src/contract/events.ts';
import { failedRun } from '../fixtures/journals/samples.ts';
import { seriousBarriers } from './barriers.ts';
import { expect, test } from './fixtures.ts';

const RUN = failedRun[0]?.run ?? '';
const detail: ResultDetail = {
  command: 'dhclient -v nic1',
  rc: 2,
  stdout: 'DHCPDISCOVER on nic1 to 255.255.255.255 port 67',
  stderr: 'No DHCPOFFERS received.',
  diff: '--- /etc/dhcp/dhclient.conf\n+++ /etc/dhcp/dhclient.conf\n@@ -1 +1 @@\n-timeout 300;\n+timeout 30;',
};
const journal: readonly RunEvent[] = failedRun.map((event) =>
  event.kind === 'host.result' && event.host === 'node-2' && event.status === 'failed'
    ? { ...event, detail }
    : event,
);

test.use({ journals: [[journal], { scope: 'test' }] });

test('an answer opens to command, output and changes, by keyboard', async ({ open, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(RUN);
  const button = page.getByRole('button', { name: 'Command and output of node-2' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  const shown = page.locator('.host-detail dl');
  await expect(shown).toContainText('Command, ended with 2');
  for (const text of [detail.command, detail.stdout, detail.stderr, '+timeout 30;'])
    await expect(shown).toContainText(text ?? '');
  expect(await seriousBarriers(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(shown).toHaveCount(0);
});

test.describe('a run that was asked to end early', () => {
  const until = failedRun.flatMap((event): RunEvent[] => {
    if (event.kind === 'run.started')
      return [{ ...event, choices: { until: 'preflight', left: 9 }, stages: event.stages.slice(0, 1) }];
    return 'stage' in event && event.stage === 'preflight' ? [event] : [];
  });
  const end = { kind: 'run.finished', status: 'ok', text: 'Done up to preflight, 9 stages left: 1 stage ok' };
  const ended = [...until, { seq: 0, at: failedRun.at(-1)?.at, run: RUN, ...end } as RunEvent];
  const journals = [ended.map((event, index) => ({ ...event, seq: index + 1 }))];
  test.use({ journals: [journals, { scope: 'test' }] });

  test('is not called a finished site', async ({ open, page }) => {
    await open(RUN);
    await expect(page.locator('.pane')).toContainText('Done up to KVM host preflight; 9 stages left');
    await expect(page.getByRole('banner')).toContainText('1 of 1 stages done, 9 left');
    await expect(page.getByText('The site is as its site file says')).toHaveCount(0);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(page.getByRole('dialog')).toContainText('Then the stages behind KVM host preflight follow.');
    await page.getByRole('button', { name: 'Go back' }).click();
    await page.keyboard.press('g');
    await expect(page.getByText('ok, up to preflight, 9 stages left').first()).toBeVisible();
  });
});
