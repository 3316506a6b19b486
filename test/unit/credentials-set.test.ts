import { execa } from 'execa';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setCredential } from '../../src/app/credentials-set.ts';
import type { Credential } from '../../src/contract/ports.ts';
import { laptopPorts } from '../edge/laptop-ports.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-keys-'));
  const make = (name: string, phrase: string) =>
    execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', phrase, '-f', path.join(folder, name)]);
  await Promise.all([make('plain', ''), make('sealed', 'a passphrase')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

/** Stores one value over what is there; gives what is stored then. */
async function set(
  name: string,
  credential: Credential,
  before?: Credential,
): Promise<Credential | undefined> {
  const stored = new Map(before === undefined ? [] : [[name, before]]);
  const credentials = {
    get: async (asked: string) => stored.get(asked) ?? null,
    set: async (asked: string, value: Credential) => void stored.set(asked, value),
    list: async () => [...stored.keys()],
    delete: async () => false,
  };
  await setCredential(laptopPorts(folder, {}, { credentials }), { name, credential });
  return stored.get(name);
}

describe('storing a credential', () => {
  it('keeps the user name that was stored with the old value, unless another is given', async () => {
    const before = { username: 'root', password: 'old-password' };
    expect(await set('idrac', { password: 'new-password' }, before)).toEqual({
      ...{ username: 'root', password: 'new-password' },
    });
    expect(await set('idrac', { username: 'admin', password: 'new-password' }, before)).toEqual({
      ...{ username: 'admin', password: 'new-password' },
    });
  });

  it('stores nothing that was left empty in a form', async () => {
    expect(await set('node', { username: '', password: '', privateKey: key('plain') })).toEqual({
      privateKey: key('plain'),
    });
    await expect(set('node', { username: 'admin', password: '' })).rejects.toMatchObject({
      ...{ code: 'CREDENTIALS_EMPTY', exit: 2 },
    });
  });

  it.each([
    ['a key with a passphrase of its own', 'sealed', 'CREDENTIALS_KEY_ENCRYPTED'],
    ['the public half', 'plain.pub', 'CREDENTIALS_KEY_PUBLIC'],
  ])('refuses %s, which no login could use', async (_, file, code) => {
    await expect(set('node', { privateKey: key(file) })).rejects.toMatchObject({ code, exit: 2 });
  });

  it('refuses what is no key, and a name that no site file can write', async () => {
    await expect(set('node', { privateKey: 'ssh-me-in' })).rejects.toMatchObject({
      code: 'CREDENTIALS_KEY_INVALID',
    });
    for (const name of ['', 'Idrac', 'a b', '../x', 'a//b', 'a'.repeat(65)]) {
      await expect(set(name, { password: 'long-enough' })).rejects.toMatchObject({
        code: 'CREDENTIALS_NAME',
      });
    }
    expect(await set('plant-7/idrac', { password: 'long-enough' })).toEqual({ password: 'long-enough' });
  });
});
