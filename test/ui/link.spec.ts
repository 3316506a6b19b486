import { runningRun } from '../fixtures/journals/samples.ts';
import { startServer } from '../../main/server/server.ts';
import { expect, test, RENDERER } from './fixtures.ts';

const RUNNING = runningRun[0]?.run ?? '';

test('says that contact is lost, since when, and recovers without a gap', async ({
  open,
  page,
  server,
  service,
}) => {
  await open(RUNNING);
  const port = Number(new URL(server.url).port);
  await server.close();
  await expect(page.getByText('Lost contact with Bringup', { exact: true })).toBeVisible();
  await expect(page.getByText(/This page lost contact with Bringup at 02:12/)).toBeVisible();
  await page.context().clearCookies();
  const again = await startServer({ service, dir: RENDERER, port, token: server.token });
  service.push(RUNNING, {
    kind: 'host.result',
    stage: 'deployment-vm',
    task: 'task-10',
    host: 'kvm-host',
    status: 'changed',
    text: 'answered while nobody looked',
  });
  const other = await page.context().newPage();
  await other.goto(again.url);
  await page.clock.runFor(6000);
  await expect(page.getByText('Lost contact with Bringup', { exact: true })).toBeHidden();
  await expect(page.getByText('answered while nobody looked')).toBeVisible();
  await again.close();
});
