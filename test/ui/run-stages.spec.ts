import { wholeStackRun } from '../fixtures/journals/whole-stack.ts';
import { expect, test } from './fixtures.ts';

test.use({ journals: [[wholeStackRun], { scope: 'test' }] });

test('fifteen stages are in sight at once, and where they are not, the one that counts is', async ({
  open,
  page,
}) => {
  await open(wholeStackRun[0]?.run);
  const rail = page.getByRole('navigation', { name: 'Stages' });
  await expect(rail.getByRole('button')).toHaveCount(15);
  await expect(rail.getByRole('button', { name: 'Firmware' })).toHaveAttribute('aria-current', 'step');
  for (const title of ['KVM host preflight', 'Health of every layer'])
    await expect(rail.getByRole('button', { name: title })).toBeInViewport({ ratio: 0.95 });

  await page.setViewportSize({ width: 1280, height: 500 });
  await page.reload();
  await expect(rail.getByRole('button', { name: 'Firmware' })).toBeInViewport({ ratio: 0.95 });
  await rail.getByRole('button', { name: 'Firmware' }).press('End');
  await expect(rail.getByRole('button', { name: 'Health of every layer' })).toBeInViewport({ ratio: 0.95 });
  await page.keyboard.press('Home');
  await expect(rail.getByRole('button', { name: 'KVM host preflight' })).toBeInViewport({ ratio: 0.95 });
});
