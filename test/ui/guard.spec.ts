import { failedRun } from '../fixtures/journals/samples.ts';
import { expect, test } from './fixtures.ts';

test('without the link the browser sees nothing', async ({ page, server }) => {
  const answer = await page.goto(new URL(server.url).origin);
  expect(answer?.status()).toBe(401);
  expect(await page.content()).toContain('TOKEN_REQUIRED');
});

test('the link leaves no token in the address, and opens Home', async ({ open, page, server }) => {
  await open();
  expect(page.url()).not.toContain(server.token);
  const cookies = await page.context().cookies();
  expect(cookies).toEqual([expect.objectContaining({ httpOnly: true, sameSite: 'Strict' })]);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});

test('fonts come from the bundle', async ({ open, page }) => {
  await open(failedRun[0]?.run);
  const fonts = await page.evaluate(() =>
    [...document.fonts]
      .filter((font) => font.status === 'loaded')
      .map((font) => font.family.replaceAll('"', '')),
  );
  expect(new Set(fonts)).toEqual(new Set(['Red Hat Text', 'Red Hat Display', 'Red Hat Mono']));
});

test('a shared run can be watched and nothing else', async ({ page, server, service }) => {
  const run = failedRun[0]?.run ?? '';
  await page.goto(server.share(run));
  await page.locator('#stage-title').waitFor();
  expect(page.url()).not.toContain('token');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Network services');
  await expect(page.getByRole('button', { name: /Run again|Resume|Retry|Cancel run/ })).toHaveCount(0);
  await page.goto(`${new URL(server.url).origin}/#/`);
  await expect(page.locator('#stage-title')).toHaveText('Network services');
  expect(service.calls).toEqual([]);
});
