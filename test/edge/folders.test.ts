import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPlaces } from '../../main/adapters/places.ts';
import { createSiteMemory } from '../../main/adapters/site-memory.ts';
import { findFile, listFolder } from '../../src/app/folders.ts';
import { listSites, rememberSite } from '../../src/app/known-sites.ts';
import type { FileMark, Place } from '../../src/contract/api.ts';

const PLAYBOOKS = new URL('../../playbooks', import.meta.url).pathname;
const TEXT = 'apiVersion: bringup/v1\nsite: {name: plant-7, customer: ACME}\n';

let root: string;
let home: string;
let places: readonly Place[];

beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'bringup-folders-')));
  home = path.join(root, 'home');
  await mkdir(path.join(home, 'plant-7', 'deep'), { recursive: true });
  await mkdir(path.join(home, '.ssh'));
  await mkdir(path.join(root, 'elsewhere'));
  for (const name of ['old.yaml', 'new.yml', 'run.bringup', 'notes.txt', '.hidden.yaml'])
    await writeFile(path.join(home, name), name);
  await utimes(path.join(home, 'old.yaml'), 1, 1);
  await writeFile(path.join(home, 'plant-7', 'deep', 'site.yaml'), TEXT);
  await writeFile(path.join(root, 'elsewhere', 'site.yaml'), TEXT);
  await symlink(path.join(root, 'elsewhere'), path.join(home, 'way-out'));
  places = [{ name: 'Home', folder: home }];
});

afterAll(() => rm(root, { recursive: true }));

describe('looking into a folder', () => {
  const names = async (kind: 'site' | 'export', folder?: string): Promise<string[]> =>
    (await listFolder(places, kind, folder)).entries.map(({ name }) => name);

  it('shows folders, then files of the kind that is looked for, newest first, nothing hidden', async () => {
    expect(await names('site')).toEqual(['plant-7', 'new.yml', 'old.yaml']);
    expect(await names('export')).toEqual(['plant-7', 'run.bringup']);
  });

  it('leads up as far as the place goes', async () => {
    expect(await listFolder(places, 'site', path.join(home, 'plant-7'))).toMatchObject({ parent: home });
    expect(await listFolder(places, 'site', home)).not.toHaveProperty('parent');
  });

  it.each([
    ['the folder above', '..'],
    ['another folder', '../elsewhere'],
    ['a folder whose name only begins like it', '../home-of-somebody-else'],
    ['a link that leads out', 'way-out'],
    ['the root', '/'],
  ])('refuses %s', async (_what, folder) => {
    await mkdir(path.join(root, 'home-of-somebody-else'), { recursive: true });
    await expect(listFolder(places, 'site', path.resolve(home, folder))).rejects.toMatchObject({
      code: 'FOLDER_OUTSIDE',
    });
  });

  it('says that a folder is gone', async () => {
    await expect(listFolder(places, 'site', path.join(home, 'gone'))).rejects.toMatchObject({
      code: 'FOLDER_UNREADABLE',
      exit: 2,
    });
  });
});

describe('finding a file that was dropped', () => {
  const mark = (text: string, name = 'site.yaml'): FileMark => ({
    name,
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  });

  it('takes the one of that name and those contents, and none outside the places', async () => {
    expect(await findFile(places, mark(TEXT))).toEqual([path.join(home, 'plant-7', 'deep', 'site.yaml')]);
  });

  it('takes none of other contents, also of the same length', async () => {
    expect(await findFile(places, mark(TEXT.replace('v1', 'v2')))).toEqual([]);
    expect(await findFile(places, mark(TEXT, 'other.yaml'))).toEqual([]);
  });
});

describe('places', () => {
  it('are home, and the folder Bringup was started in unless that is the root', async () => {
    const started = await findPlaces({ home, started: path.join(root, 'elsewhere') }, 'aix');
    expect(started).toEqual([
      { name: 'Home', folder: home },
      { name: 'elsewhere', folder: path.join(root, 'elsewhere') },
    ]);
    expect(await findPlaces({ home, started: '/' }, 'aix')).toEqual([{ name: 'Home', folder: home }]);
  });
});

describe('site files that were worked on', () => {
  it('are remembered newest first, each once, with what they say now, until they are forgotten', async () => {
    const memory = createSiteMemory(path.join(root, 'data'));
    const [first, second] = [path.join(home, 'old.yaml'), path.join(home, 'plant-7', 'deep', 'site.yaml')];
    await rememberSite(memory, 'site.read', { file: first }, new Date('2026-11-20T00:00:00Z'));
    await rememberSite(memory, 'runs.apply', { siteFile: second }, new Date('2026-11-21T00:00:00Z'));
    await rememberSite(memory, 'site.read', { file: first }, new Date('2026-11-22T00:00:00Z'));
    await rememberSite(memory, 'site.validate', { file: '/srv/only-checked.yaml' }, new Date());
    const sites = await listSites(memory, PLAYBOOKS);
    expect(sites.map(({ file, at }) => [file, at])).toEqual([
      [first, '2026-11-22T00:00:00.000Z'],
      [second, '2026-11-21T00:00:00.000Z'],
    ]);
    expect(sites[1]).toMatchObject({ site: 'plant-7', customer: 'ACME' });
    expect(sites[1]?.errors).toBeGreaterThan(0);
    expect(sites[1]?.first_error).toMatch(/^Line \d+: /);
    await rm(second);
    expect((await listSites(memory, PLAYBOOKS))[1]).toEqual({
      file: second,
      at: '2026-11-21T00:00:00.000Z',
      gone: true,
      errors: 0,
    });
    expect([await memory.forget(second), await memory.forget(second)]).toEqual([true, false]);
    expect(await memory.list()).toHaveLength(1);
  });

  it('are none where the list cannot be read, which spoils nothing', async () => {
    await mkdir(path.join(root, 'torn'));
    await writeFile(path.join(root, 'torn', 'sites.json'), '[{"file": "/srv/si');
    const memory = createSiteMemory(path.join(root, 'torn'));
    expect(await memory.list()).toEqual([]);
    await memory.remember({ file: '/srv/site.yaml', at: '2026-11-21T00:00:00Z' });
    expect(await memory.list()).toHaveLength(1);
  });
});
