import { createDecipheriv, scryptSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChosenStore } from '../../main/adapters/credentials-choice.ts';
import { createEncryptedFileStore } from '../../main/adapters/credentials-file.ts';

const PHRASE = 'four words that agree';
const SECRET = 'correct horse 7531';
/** What scrypt costs where its cost is not what is tested. */
const CHEAP = 2 ** 10;

let home: string;
let file: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-test-'));
  file = path.join(home, 'credentials.sealed');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const store = (passphrase = PHRASE) => createEncryptedFileStore(file, async () => passphrase, CHEAP);
const parts = async () => JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;

describe('the encrypted credential file', () => {
  it('keeps what was set across opening it again, and nothing in plain text', async () => {
    await store().set('kvm-host', { username: 'installer', password: SECRET });
    expect(await store().get('kvm-host')).toEqual({ username: 'installer', password: SECRET });
    const raw = await readFile(file, 'utf8');
    expect(raw).not.toContain(SECRET);
    expect(raw).not.toContain(Buffer.from(SECRET).toString('base64'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(home)).toEqual(['credentials.sealed']);
  });

  it('is AES-256-GCM under a key by scrypt with N=2^17, r=8, p=1', async () => {
    await createEncryptedFileStore(file, async () => PHRASE).set('idrac', { password: SECRET });
    const { salt, iv, tag, data } = await parts();
    const bytes = (part: string | undefined): Buffer => Buffer.from(part ?? '', 'base64');
    const key = scryptSync(PHRASE, bytes(salt), 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 });
    const opened = createDecipheriv('aes-256-gcm', key, bytes(iv)).setAuthTag(bytes(tag));
    expect(opened.update(bytes(data)).toString() + opened.final().toString()).toBe(
      JSON.stringify({ idrac: { password: SECRET } }),
    );
  });

  it('has another salt and another nonce whenever it is written', async () => {
    const one = store();
    await one.set('a', { password: SECRET });
    const before = await parts();
    await one.set('a', { password: SECRET });
    const after = await parts();
    expect([after['salt'], after['iv'], after['data']]).not.toContain(before['salt']);
    expect(after['iv']).not.toBe(before['iv']);
    expect(after['data']).not.toBe(before['data']);
  });

  it('loses nothing where several are set at once, also by another process', async () => {
    const one = store();
    const other = store();
    await Promise.all([
      one.set('a', { password: SECRET }),
      one.set('b', { password: SECRET }),
      other.list().then(() => other.set('c', { password: SECRET })),
    ]);
    expect(await store().list()).toEqual(['a', 'b', 'c']);
    expect(await one.delete('a')).toBe(true);
    expect(await one.delete('a')).toBe(false);
    expect(await store().list()).toEqual(['b', 'c']);
  });

  it('refuses a wrong passphrase, loses nothing, and takes the right one the next time', async () => {
    await store().set('idrac', { password: SECRET });
    const before = await readFile(file, 'utf8');
    const typed = ['a wrong guess', 'a wrong guess', PHRASE];
    const window = createEncryptedFileStore(file, async () => typed.shift() ?? '', CHEAP);
    await expect(window.get('idrac')).rejects.toMatchObject({ code: 'CREDENTIALS_SEALED', exit: 2 });
    await expect(window.set('other', { password: SECRET })).rejects.toMatchObject({
      code: 'CREDENTIALS_SEALED',
    });
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(await window.get('idrac')).toEqual({ password: SECRET });
  });

  it('says of a torn file that it is damaged, and of a changed one that it does not open', async () => {
    await store().set('idrac', { password: SECRET });
    const whole = await readFile(file, 'utf8');
    await writeFile(file, whole.slice(0, whole.length / 2));
    await expect(store().list()).rejects.toMatchObject({ code: 'CREDENTIALS_FILE_DAMAGED' });
    const { tag = '', ...rest } = JSON.parse(whole) as Record<string, string>;
    // A tag of four bytes could be guessed.
    const short = Buffer.from(tag, 'base64').subarray(0, 4).toString('base64');
    await writeFile(file, JSON.stringify({ ...rest, tag: short }));
    await expect(store().list()).rejects.toMatchObject({ code: 'CREDENTIALS_FILE_DAMAGED' });
    const data = Buffer.from(rest['data'] ?? '', 'base64');
    data[0] = (data[0] ?? 0) ^ 1;
    await writeFile(file, JSON.stringify({ ...rest, tag, data: data.toString('base64') }));
    await expect(store().list()).rejects.toMatchObject({ code: 'CREDENTIALS_SEALED' });
  });

  it('says so where it cannot be written, whatever the reason', async () => {
    await writeFile(path.join(home, 'no-folder'), '');
    const inNoFolder = createEncryptedFileStore(path.join(home, 'no-folder', 'c'), async () => PHRASE, CHEAP);
    await expect(inNoFolder.set('a', { password: SECRET })).rejects.toMatchObject({
      code: expect.stringMatching(/^CREDENTIALS_FILE_UN(READ|WRIT)ABLE$/) as string,
    });
  });

  it('is not made with a passphrase that protects nothing', async () => {
    await expect(store('short').set('idrac', { password: SECRET })).rejects.toMatchObject({
      code: 'CREDENTIALS_PASSPHRASE_SHORT',
    });
    expect(await readdir(home)).toEqual([]);
  });
});

describe('the choice of the store', () => {
  const keychain = createEncryptedFileStore('/nowhere/keychain', async () => {
    throw new Error('the keychain was asked');
  });

  it('is the keychain until somebody chooses the file, and stays chosen after that', async () => {
    const window = createChosenStore({ home, keychain, cost: CHEAP });
    expect(await window.choice?.state()).toEqual({
      store: 'keychain',
      file: { path: file, state: 'absent' },
    });
    await window.choice?.use('file', PHRASE);
    await window.set('idrac', { password: SECRET });
    expect(window.placeOf?.('idrac')).toBe('file');

    const later = createChosenStore({ home, keychain, cost: CHEAP });
    expect(await later.choice?.state()).toEqual({ store: 'file', file: { path: file, state: 'closed' } });
    await expect(later.get('idrac')).rejects.toMatchObject({ code: 'CREDENTIALS_CLOSED', exit: 2 });
    await expect(later.choice?.use('file', 'a wrong guess')).rejects.toMatchObject({
      code: 'CREDENTIALS_SEALED',
    });
    await later.choice?.use('file', PHRASE);
    expect((await later.choice?.state())?.file.state).toBe('open');
    expect(await later.get('idrac')).toEqual({ password: SECRET });
    expect(await readFile(path.join(home, 'credential-store'), 'utf8')).toBe('file\n');
  });

  it('named for one process counts for that one alone', async () => {
    const once = createChosenStore({
      ...{ home, keychain, store: 'file', cost: CHEAP },
      passphrase: async () => PHRASE,
    });
    await once.set('idrac', { password: SECRET });
    expect((await createChosenStore({ home, keychain, cost: CHEAP }).choice?.state())?.store).toBe(
      'keychain',
    );
  });
});
