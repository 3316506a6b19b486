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
