import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { create, Header, list } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeSigningKey,
  publicHalf,
  publicKeyFingerprint,
  readBundle,
  writeBundle,
  type BundleSource,
} from '../../src/bundle/index.ts';
import { entry, joined, partsOf } from './bundle-parts.ts';

const FILES: Readonly<Record<string, string>> = {
  'firmware/BIOS_X.EXE': 'bios '.repeat(300),
  'firmware/Catalog.xml': '<Manifest/>',
  'rke2/sha256sum-amd64.txt': '',
  'rke2/install.sh': 'echo\n',
};
const PRIVATE = makeSigningKey();
const { fingerprint: KEY, publicKey: PUBLIC } = publicHalf(PRIVATE);
let folder: string;
let whole: Buffer;

const sources = (): BundleSource[] =>
  Object.keys(FILES).map((name) => ({ path: name, kind: 'file', from: path.join(folder, 'in', name) }));

/** Reads these bytes as a bundle. */
async function read(bytes: Buffer, options: Parameters<typeof readBundle>[1] = {}) {
  const file = path.join(folder, 'given.bundle');
  writeFileSync(file, bytes);
  return readBundle(file, options);
}

const codes = async (bytes: Buffer, options?: Parameters<typeof readBundle>[1]) =>
  (await read(bytes, options)).problems.map(({ code, place }) => `${code} ${place}`);

/** The bundle with some of its entries replaced; undefined takes one out. */
const rebuilt = (changes: Readonly<Record<string, Buffer | undefined>>) => joined(whole, changes);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-bundle-unit-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(path.join(folder, 'in', name, '..'), { recursive: true });
    writeFileSync(path.join(folder, 'in', name), text);
  }
  await writeBundle(path.join(folder, 'whole.bundle'), sources(), { privateKey: PRIVATE });
  whole = readFileSync(path.join(folder, 'whole.bundle'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a bundle that was made', () => {
  it('is a tar that any program reads, the list first', async () => {
    const names: string[] = [];
    await list({
      file: path.join(folder, 'whole.bundle'),
      strict: true,
      onReadEntry: (one) => names.push(one.path),
    });
    expect(names).toEqual(['contents.json', 'signature.json', ...Object.keys(FILES).sort()]);
    const text = partsOf(whole).get('contents.json')?.subarray(512).toString().replaceAll('\0', '') ?? '';
    const [first] = (JSON.parse(text) as { files: unknown[] }).files;
    expect(first).toEqual({
      path: 'firmware/BIOS_X.EXE',
      size: 1500,
      sha256: createHash('sha256').update('bios '.repeat(300)).digest('hex'),
      kind: 'file',
    });
  });

  it('proves right, with the place of every file in it and the key it is signed with', async () => {
    const { problems, files, sha256, signature } = await read(whole, { key: KEY });
    expect(problems).toEqual([]);
    expect(signature).toEqual({ status: 'good', fingerprint: KEY });
    expect(sha256).toBe(createHash('sha256').update(whole).digest('hex'));
    for (const { path: name, offset, size } of files)
      expect(whole.toString('utf8', offset, offset + size)).toBe(FILES[name]);
    expect(files).toHaveLength(4);
    expect((await read(whole)).signature.status).toBe('uncompared');
  });

  it('is the same again from the same files in any order, and at any time', async () => {
    const again = path.join(folder, 'again.bundle');
    const written = await writeBundle(again, sources().reverse(), { privateKey: PRIVATE });
    expect(readFileSync(again).equals(whole)).toBe(true);
    expect(written).toMatchObject({ bytes: whole.length, sha256: (await read(whole)).sha256 });
  });

  it('tells how far it is, in bytes read and then written', async () => {
    const told: string[] = [];
    await writeBundle(path.join(folder, 'told.bundle'), sources(), {
      onProgress: ({ what, done, total }) => told.push(`${what} ${done}/${total}`),
    });
    expect(told.slice(0, 1)).toEqual(['reading 1500/1516']);
    expect(told).toEqual(expect.arrayContaining(['reading 1516/1516', 'writing 1500/1516']));
    expect(told.at(-1)).toBe('writing 1516/1516');
  });
});

describe('a bundle is not made, and nothing is left behind,', () => {
  const failing = async (given: readonly BundleSource[], options = {}, name = 'bad.bundle') => {
    const out = path.join(folder, 'out');
    mkdirSync(out, { recursive: true });
    const done = writeBundle(path.join(out, name), given, options).then(
      () => 'written',
      (error: { code?: string }) => error.code,
    );
    const code = await done;
    expect(readdirSync(out), String(code)).toEqual([]);
    return code;
  };
  const one = (): BundleSource => ({
    path: 'x',
    kind: 'file',
    from: path.join(folder, 'in/rke2/install.sh'),
  });

  it('of what cannot be read, or is not what was expected', async () => {
    expect(await failing([{ ...one(), from: path.join(folder, 'nothing') }])).toBe(
      'BUNDLE_SOURCE_UNREADABLE',
    );
    expect(await failing([{ ...one(), from: folder }])).toBe('BUNDLE_SOURCE_UNREADABLE');
    const expect_ = { sha256: 'ab'.repeat(32), by: 'deployment_vm.base_image' };
    expect(await failing([{ ...one(), expect: expect_ }])).toBe('BUNDLE_SOURCE_CHECKSUM');
    expect(await failing([])).toBe('BUNDLE_EMPTY');
  });

  it('under a name that some file system or the bundle itself does not take', async () => {
    for (const name of [
      '../x',
      '/x',
      'C:x',
      'a//b',
      'a/./b',
      'contents.json',
      'a\nb',
      'ä',
      'a '.padEnd(300, 'x'),
    ])
      expect(await failing([{ ...one(), path: name }]), name).toBe('BUNDLE_PATH');
    const other = { ...one(), path: 'X', from: path.join(folder, 'in/firmware/Catalog.xml') };
    expect(await failing([one(), other])).toBe('BUNDLE_PATH_TWICE');
  });

  it('when it is cancelled, or a file changes meanwhile', async () => {
    expect(await failing(sources(), { signal: AbortSignal.abort() })).toBe('CANCELLED');
    const live = path.join(folder, 'live');
    writeFileSync(live, 'before');
    const onProgress = ({ what }: { what?: string }) =>
      what === 'reading' && writeFileSync(live, 'behind, longer');
    expect(await failing([{ ...one(), from: live }], { onProgress })).toBe('BUNDLE_SOURCE_CHANGED');
  });

  it('with a key of another kind, or over a file that is there', async () => {
    expect(await failing(sources(), { privateKey: PUBLIC })).toBe('BUNDLE_KEY_UNUSABLE');
    const there = path.join(folder, 'whole.bundle');
    await expect(writeBundle(there, sources())).rejects.toMatchObject({ code: 'BUNDLE_EXISTS' });
    expect(readFileSync(there).equals(whole)).toBe(true);
  });
});

describe('what was done to a bundle is told with its place:', () => {
  const CATALOG = 'firmware/Catalog.xml';

  it('a file that is changed, missing, extra, renamed or there twice', async () => {
    const other = entry({ path: CATALOG }, '<Manifest!>');
    expect(await codes(rebuilt({ [CATALOG]: other }))).toEqual([`BUNDLE_FILE_CHANGED ${CATALOG}`]);
    expect(await codes(rebuilt({ [CATALOG]: undefined }))).toEqual([`BUNDLE_FILE_MISSING ${CATALOG}`]);
    expect(await codes(rebuilt({ more: entry({ path: 'more' }, 'x') }))).toEqual(['BUNDLE_FILE_EXTRA more']);
    const renamed = { [CATALOG]: undefined, more: entry({ path: 'Catalog.xml' }, FILES[CATALOG]) };
    expect(await codes(rebuilt(renamed))).toEqual(['BUNDLE_FILE_RENAMED Catalog.xml']);
    const twice = rebuilt({ more: entry({ path: CATALOG }, FILES[CATALOG]) });
    expect(await codes(twice)).toEqual([`BUNDLE_FILE_TWICE ${CATALOG}`]);
  });

  it('an entry that is no file, or would be unpacked elsewhere', async () => {
    const added = (head: object, content?: string) => codes(rebuilt({ more: entry(head, content) }));
    expect(await added({ path: 'l', type: 'SymbolicLink', linkpath: '/etc' })).toEqual(['BUNDLE_LINK l']);
    expect(await added({ path: 'l', type: 'Link', linkpath: CATALOG })).toEqual(['BUNDLE_LINK l']);
    expect(await added({ path: '../evil' }, 'x')).toEqual(['BUNDLE_PATH_ESCAPE ../evil']);
    expect(await added({ path: '/etc/evil' }, 'x')).toEqual(['BUNDLE_PATH_ESCAPE /etc/evil']);
    expect(await added({ path: 'd/', type: 'Directory' })).toEqual(['BUNDLE_ENTRY d/']);
    expect(await added({ path: 'd', mode: 0o4755 }, 'x')).toEqual(['BUNDLE_ENTRY d']);
    expect(await added({ path: 'a\u001b[2Jb' }, 'x'), 'a name that clears the screen').toEqual([
      'BUNDLE_FILE_EXTRA a?[2Jb',
    ]);
  });

  it('a signature that is none, another or of another key', async () => {
    const bare = rebuilt({ 'signature.json': undefined });
    expect(await codes(bare)).toEqual(['BUNDLE_UNSIGNED signature.json']);
    expect(await codes(bare, { unsigned: true })).toEqual([]);
    expect(await codes(bare, { unsigned: true, key: KEY }), 'leave given, but a key is wanted').toEqual([
      'BUNDLE_UNSIGNED signature.json',
    ]);
    const stranger = publicHalf(makeSigningKey()).fingerprint;
    expect(await codes(whole, { key: stranger })).toEqual(['BUNDLE_KEY signature.json']);
    const text = entry({ path: 'signature.json' }, '{"algorithm":"none"}');
    expect(await codes(rebuilt({ 'signature.json': text }))).toEqual(['BUNDLE_SIGNATURE signature.json']);
    const list_ = partsOf(whole).get('contents.json') ?? Buffer.alloc(0);
    const size = new Header(list_).size ?? 0;
    const changed = list_.toString('utf8', 512, 512 + size).replace('"kind":"file"', '"kind":"rke2"');
    const forged = rebuilt({ 'contents.json': entry({ path: 'contents.json' }, changed) });
    expect(await codes(forged)).toEqual(['BUNDLE_SIGNATURE signature.json']);
  });

  it('an archive that is cut anywhere, or goes on behind its end', async () => {
    for (let end = 0; end < whole.length; end += 97) {
      const found = await codes(whole.subarray(0, end));
      expect(found[0], `cut at ${end}`).toMatch(end < 512 ? /^BUNDLE_FORMAT / : /^BUNDLE_CUT /);
    }
    expect(await codes(Buffer.concat([whole, Buffer.alloc(1)]))).toEqual([
      `BUNDLE_TRAILING byte ${whole.length}`,
    ]);
  });

  it('a list that promises what cannot be', async () => {
    const sha256 = 'ab'.repeat(32);
    const one = { path: 'a', size: 0, sha256, kind: 'file' };
    const listed = async (...files: object[]) => {
      const bytes = entry({ path: 'contents.json' }, JSON.stringify({ bundle: 1, files }));
      return (await read(Buffer.concat([bytes, Buffer.alloc(1024)]), { unsigned: true })).problems[0]
        ?.message;
    };
    expect(await listed(one)).toBe('a is in the list and not in the bundle.');
    expect(await listed(one, { ...one, path: 'A' })).toContain('one name on some file systems');
    expect(await listed(one, { ...one, path: 'a/b' })).toContain('both a file and the folder of a/b');
    expect(await listed({ ...one, path: '../a' })).toContain('it leads out of the bundle');
    expect(await listed({ ...one, size: 2 ** 52 })).toContain('larger than any disk');
    for (const [field, value] of Object.entries({ size: -1, sha256: 'x', kind: 'k', path: 7 }))
      expect(await listed({ ...one, [field]: value }), field).toMatch(
        /^The list of the bundle cannot be used: file 1/,
      );
  });

  it('whatever byte is another one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ bits;
        expect((await read(bytes, { key: KEY })).problems, `byte ${at}`).not.toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('also in bytes that were never a bundle', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4096 }), async (bytes) => {
        expect((await read(Buffer.from(bytes))).problems[0]).toMatchObject({ code: 'BUNDLE_FORMAT' });
      }),
      { numRuns: 50 },
    );
    await create({ file: path.join(folder, 'other.tar'), cwd: folder }, ['in']);
    expect(await codes(readFileSync(path.join(folder, 'other.tar')))).toEqual(['BUNDLE_FORMAT byte 0']);
    await expect(readBundle(path.join(folder, 'nothing'))).rejects.toMatchObject({
      code: 'BUNDLE_UNREADABLE',
    });
    await expect(readBundle(folder)).rejects.toMatchObject({ code: 'BUNDLE_UNREADABLE' });
  });
});

describe('a key', () => {
  it('is known by the fingerprint of its public half, which is no secret', () => {
    expect(publicKeyFingerprint(PUBLIC)).toBe(KEY);
    expect(KEY).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(publicKeyFingerprint(PRIVATE), 'a private key is not passed on').toBeUndefined();
    expect(publicKeyFingerprint('no key')).toBeUndefined();
  });
});

it('a bundle that was only listed is told by names and sizes, without reading its files', async () => {
  const found = await read(whole, { key: KEY, listOnly: true });
  expect(found.problems).toEqual([]);
  expect(found.files).toHaveLength(4);
  expect(found.contents).toBe((await read(whole)).contents);
  expect(statSync(path.join(folder, 'given.bundle')).size).toBe(found.bytes);
  expect(await codes(whole.subarray(0, -3000), { listOnly: true })).toEqual([
    expect.stringMatching(/^BUNDLE_CUT /),
  ]);
});
