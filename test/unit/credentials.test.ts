import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEncryptedFileStore } from '../../main/adapters/credentials-file.ts';
import { withLabCredentials } from '../../main/adapters/credentials.ts';
import { createHostKeyFile } from '../../main/adapters/host-keys.ts';

const PHRASE = 'four words that agree';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-test-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('lab credentials', () => {
  it('come from the lab and never reach the keychain', async () => {
    const store = createEncryptedFileStore(path.join(home, 'c'), async () => PHRASE);
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
  it('that are set side by side are all kept', async () => {
    const store = createHostKeyFile(home);
    const keys = Array.from({ length: 20 }, (_, index) => `10.0.0.${index}:22`);
    await Promise.all(keys.map((key) => store.set(key, `SHA256:${key}`)));
    expect(await Promise.all(keys.map((key) => store.get(key)))).toEqual(keys.map((key) => `SHA256:${key}`));
  });

  it('survive a restart, can be removed, and a damaged file is named', async () => {
    await createHostKeyFile(home).set('10.0.0.1:22', 'SHA256:abc');
    const again = createHostKeyFile(home);
    expect(await again.get('10.0.0.1:22')).toBe('SHA256:abc');
    expect(await again.delete('10.0.0.1:22')).toBe(true);
    expect(await again.get('10.0.0.1:22')).toBeNull();
  });
});
