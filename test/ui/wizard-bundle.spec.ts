import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { startServer } from '../../main/server/server.ts';
import { makeSigningKey, publicHalf, writeBundle } from '../../src/bundle/index.ts';
import { changed } from '../unit/site-example.ts';
import { seriousBarriers } from './barriers.ts';
import { expect, RENDERER } from './fixtures.ts';
import { openDesk, type SiteDesk } from './site-desk.ts';

const RKE2 = 'parameters: {rke2: {install: true, artifacts: rke2/v1}}\n';
const TEXT = `${changed('  dhcp: {mode', '  repository: {mode: managed}\n  dhcp: {mode')}${RKE2}`;
const privateKey = makeSigningKey();
const { fingerprint } = publicHalf(privateKey);

const test = base.extend<{ desk: SiteDesk }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures' names from this pattern
  desk: async ({}, use) => {
    const desk = openDesk(TEXT);
    const folder = path.dirname(desk.file);
    const content = path.join(folder, 'content');
    writeFileSync(content, 'content');
    mkdirSync(path.join(folder, 'from-the-office'));
    const names = ['install.sh', 'rke2.linux-amd64.tar.gz', 'rke2-images.linux-amd64.tar.zst'];
    const sources = names.map((name) => ({ kind: 'rke2', path: `rke2/v1/${name}`, from: content }) as const);
    await writeBundle(path.join(folder, 'from-the-office', 'plant-7.bundle'), sources, { privateKey });
    await use(desk);
    await desk.close();
  },
});

test('the bundle is chosen, believed and held against what the stages want, with the keyboard alone', async ({
  page,
  desk,
}) => {
  const server = await startServer({ service: desk.service, dir: RENDERER });
  await page.goto(server.url);
  await page.waitForURL((url) => url.pathname === '/');
  await page.goto(`${new URL(server.url).origin}/#/sites/${encodeURIComponent(desk.file)}/machines`);
  const bundle = page.getByRole('region', { name: 'Bundle' });
  await expect(bundle.getByText('no bundle is named')).toBeVisible();
  const row = (name: string) => bundle.getByRole('row', { name: new RegExp(`^${name}`) });
  await expect(row('images/debian-12.qcow2')).toContainText('beside the site file');
  await expect(row('rke2/v1')).toContainText('missing: it belongs into the bundle');

  await bundle.getByRole('button', { name: 'Choose the bundle' }).press('Enter');
  const picker = page.getByRole('dialog', { name: 'Choose the bundle' });
  await picker.getByRole('button', { name: 'from-the-office' }).press('Enter');
  await picker.getByRole('button', { name: /plant-7\.bundle/ }).press('Enter');
  await expect(picker).toHaveCount(0);
  await expect(bundle.getByText('Nobody has said yet whose bundle this is')).toBeVisible();
  await expect(row('rke2/v1')).toContainText('in the bundle, without sha256sum-amd64.txt');
  await bundle.getByRole('button', { name: 'I compared it: use this key' }).press('Enter');
  await expect(bundle.getByText('The list of the bundle is right')).toBeVisible();
  await expect(bundle.getByLabel('Key')).toHaveValue(fingerprint);
  expect(readFileSync(desk.file, 'utf8')).toMatch(/bundle:\s.*from-the-office\/plant-7\.bundle/);
  expect(await seriousBarriers(page)).toEqual([]);

  const file = bundle.getByRole('textbox', { name: 'Bundle' });
  await file.fill('from-the-office/plant-8.bundle');
  await file.press('Enter');
  await expect(bundle.getByText('There is no bundle at from-the-office/plant-8.bundle.')).toBeVisible();
  await expect(bundle.getByText('BUNDLE_UNREADABLE')).toBeVisible();
  await file.fill('site.yaml');
  await file.press('Enter');
  await expect(bundle.getByText('BUNDLE_FORMAT')).toBeVisible();
  await server.close();
});
