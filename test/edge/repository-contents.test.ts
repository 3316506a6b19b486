import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { causeOf } from './service-cause.ts';
import { callModule } from './playbooks-ansible.ts';

const FILES = { 'Catalog.xml': '<Manifest/>', 'firmware/BIOS_X.EXE': 'bios '.repeat(1000) };
let folder: string;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function writeBundle(files: Record<string, string>): void {
  rmSync(join(folder, 'bundle'), { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) write(`bundle/${path}`, text);
  const entries = Object.entries(files).map(([path, text]) => ({
    ...{ path, size: text.length, sha256: sha256(text) },
  }));
  write('bundle/contents.json', JSON.stringify({ files: entries }));
}

const lay = (changes: Record<string, unknown> = {}) =>
  callModule('bringup_repository_contents', {
    root: join(folder, 'root'),
    source: join(folder, 'bundle'),
    record: join(folder, 'record.json'),
    ...{ quota_gib: 1, reserve_gib: 0, ...changes },
  });
const served = (path: string): string => readFileSync(join(folder, 'root', path), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bringup-contents-'));
  writeBundle(FILES);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the files of a repository', () => {
  it('are laid in once, follow the bundle, and leave alone what others put there', async () => {
    expect(await lay()).toMatchObject({ changed: true, hashed: 2 });
    expect(served('firmware/BIOS_X.EXE')).toBe(FILES['firmware/BIOS_X.EXE']);
    expect(served('SHA256SUMS')).toContain(`${sha256('<Manifest/>')}  Catalog.xml\n`);
    expect(await lay(), 'nothing is read again').toMatchObject({ changed: false, hashed: 0 });

    write('root/notes.txt', 'of a person');
    writeBundle({ 'Catalog.xml': '<Manifest version="2"/>' });
    const next = await lay();
    expect(next).toMatchObject({ copied: ['Catalog.xml'], removed: ['firmware/BIOS_X.EXE'] });
    expect(served('Catalog.xml')).toContain('version="2"');
    expect([existsSync(join(folder, 'root/firmware/BIOS_X.EXE')), served('notes.txt')]).toEqual([
      ...[false, 'of a person'],
    ]);
  });

  it('are none without a bundle, which is said, and the list is valid all the same', async () => {
    expect(await lay({ source: '' })).toMatchObject({
      ...{ changed: true, sample: [] },
      msg: expect.stringContaining('names no bundle'),
    });
    expect(JSON.parse(served('contents.json'))).toEqual({ files: [] });
    expect(await lay({ source: '' })).toMatchObject({ changed: false });
    expect(await lay({ source: '', verify: true })).toMatchObject({ changed: false, sample: [] });
  });

  it('can be listed by SHA256SUMS alone', async () => {
    unlinkSync(join(folder, 'bundle/contents.json'));
    const lines = Object.entries(FILES).map(([path, text]) => `${sha256(text)}  ${path}\n`);
    write('bundle/SHA256SUMS', lines.join(''));
    expect(await lay()).toMatchObject({ changed: true, hashed: 2 });
  });

  it.each([
    [
      'is missing',
      () => unlinkSync(join(folder, 'bundle/Catalog.xml')),
      'REPOSITORY_MISSING',
      'repository.file_missing',
    ],
    [
      'is cut short',
      () => write('bundle/Catalog.xml', '<Mani'),
      'REPOSITORY_CORRUPT',
      'repository.corrupted',
    ],
    [
      'has another content',
      () => write('bundle/Catalog.xml', '<manifest/>'),
      'REPOSITORY_CORRUPT',
      'repository.corrupted',
    ],
  ])('name the one that %s in the bundle, and the others are laid in', async (_, damage, code, key) => {
    damage();
    const found = await lay();
    expect(found).toMatchObject({ failed: true, code, bad: [{ path: 'Catalog.xml' }] });
    expect(causeOf(found)).toBe(key);
    expect(existsSync(join(folder, 'root/Catalog.xml'))).toBe(false);
    expect(served('firmware/BIOS_X.EXE')).toBe(FILES['firmware/BIOS_X.EXE']);
  });

  it('are refused before the first of them where the quota or the disk is too small', async () => {
    const quota = await lay({ quota_gib: 0.000001 });
    expect(quota).toMatchObject({ code: 'REPOSITORY_QUOTA', needed_bytes: 5011, quota_bytes: 1073 });
    expect(causeOf(quota)).toBe('repository.quota');
    const disk = await lay({ reserve_gib: 1_000_000 });
    expect(disk).toMatchObject({ code: 'REPOSITORY_DISK_FULL' });
    expect(causeOf(disk)).toBe('repository.disk_full');
    expect(existsSync(join(folder, 'root'))).toBe(false);
  });

  it('never leave their folder, whatever the manifest says', async () => {
    for (const path of ['../evil', '/etc/evil', 'a/../../evil', 'contents.json', 'a//b']) {
      const files = [{ path, size: 1, sha256: sha256('x') }];
      write('bundle/contents.json', JSON.stringify({ files }));
      const refused = await lay();
      expect(refused, path).toMatchObject({ code: 'REPOSITORY_MANIFEST' });
      expect(causeOf(refused)).toBe('repository.manifest');
    }
  });
});
