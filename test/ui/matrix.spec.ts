import { matrixRun } from '../fixtures/journals/matrix.ts';
import { failedRun } from '../fixtures/journals/samples.ts';
import { seriousBarriers, showIn } from './barriers.ts';
import { expect, test } from './fixtures.ts';
import { comparePicture } from './pictures.ts';

const SMALL = '20261121-020405-plant-7-aaaa';
const WIDE = '20261121-030405-plant-7-bbbb';
const EMPTY = '20261121-040405-plant-7-cccc';
const empty = matrixRun(EMPTY, 3).filter(
  (event) => event.kind !== 'host.result' || event.cells === undefined,
);

test.use({ journals: [[matrixRun(SMALL, 4), matrixRun(WIDE, 32), empty, failedRun], { scope: 'test' }] });

test('who reaches whom: a failed cell opens what was seen and the failure, by keyboard alone', async ({
  open,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(SMALL);
  await page.keyboard.press('m');
  const grid = page.getByRole('grid', { name: 'Matrix of Network tests' });
  await expect(grid).toBeVisible();
  await expect(page.getByText(/^\d+ tests: \d+ ok, 9 failed, 3 not tried$/)).toBeVisible();
  await expect(grid.getByRole('row', { name: /^node-3/ })).toContainText(
    'not tried: has no operating system yet',
  );
  await expect(grid.getByRole('button', { name: '0.20 ms, ok: deploy to kvm-host' })).toHaveText('0.20 ms');
  // One cell takes the Tab key: the worst one. The others are reached from it by arrow keys.
  expect(await grid.locator('button[tabindex="0"]').count()).toBe(1);
  const worst = grid.getByRole('button', { name: 'Packet size, failed: deploy to node-2' });
  await worst.focus();
  await page.keyboard.press('ArrowDown');
  const below = grid.getByRole('button', { name: 'Packet size, failed: kvm-host to node-2' });
  await expect(below).toBeFocused();
  await page.keyboard.press('Enter');
  const detail = page.getByRole('region', { name: 'kvm-host to node-2' });
  await expect(detail).toContainText('The way to node-2 takes packets of 1400 bytes');
  await expect(detail.getByRole('row', { name: /Packet size/ })).toContainText('failed 1400 bytes pass');
  await expect(detail.getByRole('row', { name: /Latency/ })).toContainText('ok');
  expect(await seriousBarriers(page)).toEqual([]);
  await detail.getByRole('button', { name: 'Close' }).click();
  await expect(detail).toHaveCount(0);
  await expect(below).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(detail).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(detail).toHaveCount(0);
  await page.getByRole('button', { name: 'Latency' }).click();
  await expect(grid.getByRole('columnheader', { name: 'DNS' })).toHaveCount(0);
  await expect(grid.getByRole('button', { name: '0.21 ms, ok: deploy to node-1' })).toHaveText('0.21 ms');
});

test('the row of the laptop has its ways, and says of those that no run needs that they are not needed', async ({
  open,
  page,
}) => {
  await open(SMALL);
  await page.keyboard.press('m');
  const grid = page.getByRole('grid', { name: 'Matrix of Network tests' });
  const first = grid.locator('tbody tr').first();
  await expect(first).toHaveAccessibleName(/^laptop/);
  await expect(first.getByRole('button', { name: '1.34 ms, ok: laptop to kvm-host' })).toBeVisible();
  await expect(first.getByRole('button', { name: 'not needed: laptop to node-3' })).toHaveText('not needed');
  await first.getByRole('button', { name: 'ok: laptop, BMCs' }).click();
  const detail = page.getByRole('region', { name: 'laptop, BMCs' });
  await expect(detail.getByRole('row', { name: /node-1, 10\.20\.1\.11:443/ })).toContainText(
    'ok TCP 443 open in 2.10 ms',
  );
  await expect(detail.getByRole('row', { name: /node-3/ })).toHaveText(
    /^BMC ?not needed from here: no answer on TCP port 443/,
  );
  await expect(page.getByText(/bringup probe/)).toHaveCount(0);
  expect(await seriousBarriers(page)).toEqual([]);
});

test('32 servers stay in a scroll area of their own, whose heads stay', async ({ open, page }) => {
  await open(WIDE);
  await page.keyboard.press('m');
  const area = page.locator('.matrix-scroll');
  // What is wrong is in sight at once.
  await expect(area.getByRole('button', { name: 'Packet size, failed: deploy to node-2' })).toBeInViewport({
    ratio: 0.9,
  });
  await area.evaluate((element) => element.scrollTo({ top: 600, left: 900 }));
  const [frame, head, name] = await Promise.all(
    [area, area.locator('thead th').last(), area.locator('tbody th').last()].map(async (one) =>
      one.boundingBox(),
    ),
  );
  expect(name?.x).toBeCloseTo(frame?.x ?? Number.NaN, 0);
  expect(head?.y).toBeLessThan((frame?.y ?? Number.NaN) + 60);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await page.locator('#stage-search').fill('node-17');
  await expect(area.locator('tbody tr')).toHaveCount(1);
});

test('health is told by layer, and a stage without a matrix says so', async ({ open, page }) => {
  await open(SMALL);
  await page.keyboard.press('m');
  await page.keyboard.press('j');
  const grid = page.getByRole('grid', { name: 'Matrix of Health of every layer' });
  await expect(grid.getByRole('columnheader')).toHaveText([
    ...['host', 'Hardware', 'Firmware', 'BIOS', 'System', 'Services', 'Node', 'Certificates', 'Disk', 'Time'],
  ]);
  await grid.getByRole('button', { name: 'Disk space, failed: node-4, Disk' }).click();
  await expect(page.getByRole('region', { name: 'node-4, Disk' })).toContainText('/var is 97 % full');
  await expect(grid.getByRole('button', { name: 'warning: node-2, Time' })).toBeVisible();
  expect(await seriousBarriers(page)).toEqual([]);
  await page.goto(page.url().replace(SMALL, EMPTY));
  await expect(page.locator('#stage-title')).toHaveText('Network tests');
  await page.keyboard.press('m');
  await expect(page.getByText('This run keeps no matrix of the stage.')).toBeVisible();
});

for (const [width, height, run, name] of [
  [1280, 800, SMALL, 'matrix-network'],
  [1920, 1080, WIDE, 'matrix-network-wide'],
] as const) {
  test(`${name} fits a window of ${width}x${height} and is as in its pictures`, async ({ open, page }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(run);
    await page.keyboard.press('m');
    await page.getByRole('button', { name: 'Packet size, failed: deploy to node-2' }).click();
    await expect(page.getByRole('region', { name: 'deploy to node-2' })).toBeVisible();
    for (const scheme of ['light', 'dark'] as const) {
      await showIn(page, scheme);
      await comparePicture(page, `${name}-${width}x${height}-${scheme}`);
    }
  });
}
