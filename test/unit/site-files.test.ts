import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSiteFile, editSiteFile, readSiteFile, writeSiteFile } from '../../src/app/site-files.ts';
import { SITE } from './site-example.ts';

const PLAYBOOKS = fileURLToPath(new URL('../../playbooks', import.meta.url));
const PORTS = {
  playbooks: PLAYBOOKS,
  exampleSite: fileURLToPath(new URL('../../assets/example-site.yaml', import.meta.url)),
};
let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-site-files-'));
  file = path.join(folder, 'site.yaml');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a site file is read with what it says, what is wrong, and a revision', async () => {
  writeFileSync(file, SITE);
  const read = await readSiteFile(file, PLAYBOOKS);
  expect(read).toMatchObject({ file, text: SITE, document: { stack: 'dell-rke2' } });
  expect(read.problems.map(({ code }) => code)).toContain('SITE_BASE_IMAGE_MISSING');
  writeFileSync(file, 'stack: [');
  expect(await readSiteFile(file, PLAYBOOKS)).toMatchObject({ text: 'stack: [', document: null, ok: false });
});

test('a text is written whatever is wrong with it, but never over another one', async () => {
  writeFileSync(file, SITE, { mode: 0o640 });
  const { revision } = await readSiteFile(file, PLAYBOOKS);
  const written = await writeSiteFile({ file, text: 'half: [', revision }, PLAYBOOKS);
  expect(written.ok).toBe(false);
  expect(statSync(file).mode & 0o777).toBe(0o640);
  await expect(writeSiteFile({ file, text: SITE, revision }, PLAYBOOKS)).rejects.toMatchObject({
    code: 'SITE_FILE_CHANGED',
  });
  expect(readFileSync(file, 'utf8')).toBe('half: [');
});

test('edits are done on the revision they were made for, or not at all', async () => {
  writeFileSync(file, SITE);
  const { revision } = await readSiteFile(file, PLAYBOOKS);
  const edits = [{ op: 'set', path: ['site', 'customer'], value: 'Umbra' }] as const;
  const after = await editSiteFile({ file, edits, revision }, PLAYBOOKS);
  expect(after.text).toBe(SITE.replace('ACME', 'Umbra'));
  await expect(editSiteFile({ file, edits, revision }, PLAYBOOKS)).rejects.toMatchObject({
    code: 'SITE_FILE_CHANGED',
  });
});

test('a new site file wants nothing but the base image, and is written over nothing', async () => {
  const target = path.join(folder, 'plant-9', 'site.yaml');
  const made = await createSiteFile({ file: target, name: 'plant-9', stack: 'dell-rke2' }, PORTS);
  expect(made.problems.map(({ code }) => code)).toEqual(['SITE_BASE_IMAGE_MISSING']);
  expect(made.document).toMatchObject({ site: { name: 'plant-9' }, hosts: [{ roles: ['rke2-server'] }] });
  await expect(
    createSiteFile({ file: target, name: 'plant-9', stack: 'dell-rke2' }, PORTS),
  ).rejects.toMatchObject({ code: 'SITE_FILE_EXISTS' });
  await expect(createSiteFile({ file, name: 'Plant 9', stack: 'dell-rke2' }, PORTS)).rejects.toMatchObject({
    code: 'SITE_NAME_INVALID',
  });
});

test('the example of a site lacks its addresses and the image, and nothing else', async () => {
  const target = path.join(folder, 'plant-9', 'site.yaml');
  const start = { file: target, name: 'plant-9', stack: 'dell-rke2', example: true };
  const made = await createSiteFile(start, PORTS);
  expect(made.text).toContain('  name: plant-9\n');
  expect(made.text.replace('name: plant-9', 'name: plant-7')).toBe(readFileSync(PORTS.exampleSite, 'utf8'));
  const open = made.text.split('\n').flatMap((line, index) => (/: <.+>/.test(line) ? [index + 1] : []));
  expect(open).toHaveLength(13);
  const image = made.text.split('\n').findIndex((line) => line.includes('path: images/')) + 1;
  expect(made.problems.map(({ line }) => line)).toEqual([...open, image].sort((a, b) => a - b));

  const text = made.text
    .replaceAll(/<such as (.+?)>/g, '$1')
    .replace('<what sha256sum prints for it>', 'ab'.repeat(32));
  const filled = await writeSiteFile({ file: target, text, revision: made.revision }, PLAYBOOKS);
  expect(filled.problems.map(({ code }) => code)).toEqual(['SITE_BASE_IMAGE_MISSING']);
});

test('the example is missed where an installation lacks it, and takes no name that a site cannot have', async () => {
  const start = { file, name: 'plant-9', stack: 'dell-rke2', example: true };
  await expect(createSiteFile(start, { playbooks: PLAYBOOKS })).rejects.toMatchObject({
    code: 'SITE_EXAMPLE_MISSING',
  });
  await expect(createSiteFile({ ...start, name: 'Plant 9' }, PORTS)).rejects.toMatchObject({
    code: 'SITE_NAME_INVALID',
  });
});

test('only files that are named as site files are read, so that no page gets a key', async () => {
  const key = path.join(folder, 'id_ed25519');
  writeFileSync(key, 'secret');
  await expect(readSiteFile(key, PLAYBOOKS)).rejects.toMatchObject({ code: 'SITE_FILE_NAME' });
});
