import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEncryptedFileStore } from '../../main/adapters/credentials-file.ts';
import { createKeychainStore } from '../../main/adapters/credentials-keychain.ts';
import { withLabCredentials } from '../../main/adapters/credentials.ts';
import { createHostKeyFile } from '../../main/adapters/host-keys.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-test-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('the encrypted credential file', () => {
  const secret = 'correct horse 7531';

  it('keeps what was set across opening it again, and nothing in plain text', async () => {
    const file = path.join(home, 'credentials.sealed');
    await createEncryptedFileStore(file, async () => 'phrase').set('kvm-host', {
      username: 'installer',
      password: secret,
    });
    expect(await createEncryptedFileStore(file, async () => 'phrase').get('kvm-host')).toEqual({
      username: 'installer',
      password: secret,
    });
    const raw = await readFile(file, 'utf8');
    expect(raw).not.toContain(secret);
    expect(raw).not.toContain(Buffer.from(secret).toString('base64'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('refuses a wrong passphrase and a damaged file alike, losing nothing', async () => {
    const file = path.join(home, 'credentials.sealed');
    await createEncryptedFileStore(file, async () => 'phrase').set('idrac', { password: secret });
    const before = await readFile(file, 'utf8');
    const wrong = createEncryptedFileStore(file, async () => 'guess');
    await expect(wrong.get('idrac')).rejects.toMatchObject({ code: 'CREDENTIALS_SEALED', exit: 2 });
    await expect(wrong.set('other', { password: 'x' })).rejects.toMatchObject({ code: 'CREDENTIALS_SEALED' });
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('lists and deletes by name', async () => {
    const store = createEncryptedFileStore(path.join(home, 'c'), async () => 'phrase');
    await store.set('b', { password: '1' });
    await store.set('a', { password: '2' });
    expect(await store.list()).toEqual(['a', 'b']);
    expect(await store.delete('a')).toBe(true);
    expect(await store.delete('a')).toBe(false);
  });
});

describe('the keychain', () => {
  it('says one clear thing when there is none, with the tool text as evidence', async () => {
    const store = createKeychainStore(async () => {
      throw new Error('Cannot autolaunch D-Bus without X11 $DISPLAY');
    });
    await expect(store.get('kvm-host')).rejects.toMatchObject({
      code: 'CREDENTIALS_NO_KEYCHAIN',
      hint: expect.stringContaining('--credential-store file'),
      evidence: [{ source: 'keychain', text: 'Cannot autolaunch D-Bus without X11 $DISPLAY' }],
    });
  });
});

describe('lab credentials', () => {
  it('come from the lab and never reach the keychain', async () => {
    const store = createEncryptedFileStore(path.join(home, 'c'), async () => 'phrase');
    const both = withLabCredentials(store, async () => ({
      'lab/node': { username: 'admin', password: 'pw' },
    }));
    expect(await both.get('lab/node')).toEqual({ username: 'admin', password: 'pw' });
    await expect(both.set('lab/node', { password: 'x' })).rejects.toMatchObject({
      code: 'CREDENTIALS_LAB_NAME',
    });
    expect(await both.list()).toEqual([]);
  });
});

describe('pinned host keys', () => {
  it('survive a restart, can be removed, and a damaged file is named', async () => {
    await createHostKeyFile(home).set('10.0.0.1:22', 'SHA256:abc');
    const again = createHostKeyFile(home);
    expect(await again.get('10.0.0.1:22')).toBe('SHA256:abc');
    expect(await again.delete('10.0.0.1:22')).toBe(true);
    expect(await again.get('10.0.0.1:22')).toBeNull();
  });
});
