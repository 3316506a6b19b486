import { describe, expect, it } from 'vitest';
import { createKeychainStore, type Keychain } from '../../main/adapters/credentials-keychain.ts';
import { keychainState, type KeychainState } from '../../main/adapters/keychain-state.ts';

/** A keychain of which every call does the same. */
function keychain(call: () => Promise<never>): () => Promise<Keychain> {
  return async () => ({
    getPassword: call,
    setPassword: call,
    deletePassword: call,
    findCredentials: call,
  });
}
const state = (now: KeychainState) => async () => now;

describe('the keychain', () => {
  it('says one clear thing when there is none, with the tool text as evidence', async () => {
    const store = createKeychainStore(async () => {
      throw new Error('Cannot autolaunch D-Bus without X11 $DISPLAY');
    });
    await expect(store.get('kvm-host')).rejects.toMatchObject({
      code: 'CREDENTIALS_NO_KEYCHAIN',
      hint: expect.stringContaining('bringup credentials store file') as string,
      evidence: [{ source: 'keychain', text: 'Cannot autolaunch D-Bus without X11 $DISPLAY' }],
    });
  });

  it('that never answers is given up, and nothing more waits behind the call that hangs', async () => {
    let calls = 0;
    const hang = async (): Promise<never> => {
      calls += 1;
      return new Promise<never>(() => undefined);
    };
    const store = createKeychainStore(keychain(hang), { limitMs: 20, state: state('open') });
    const all = await Promise.allSettled([store.get('a'), store.get('b'), store.set('c', {}), store.list()]);
    expect(all.map((one) => one.status === 'rejected' && (one.reason as { code: string }).code)).toEqual(
      Array(4).fill('CREDENTIALS_NO_ANSWER'),
    );
    expect(calls).toBe(1);
  });

  it('is asked for its state on Linux alone, where keytar does not tell a locked one from an empty one', async () => {
    expect(await keychainState('win32')).toBe('unknown');
    expect(await keychainState('darwin')).toBe('unknown');
  });

  it('that has no keyring yet is not asked to make one behind the engineer', async () => {
    const store = createKeychainStore(
      keychain(async () => Promise.reject(new Error('it was asked'))),
      { state: state('none') },
    );
    await expect(store.set('idrac', { password: 'x' })).rejects.toMatchObject({
      code: 'CREDENTIALS_NO_KEYRING',
    });
  });

  it('that holds something else under the name says so', async () => {
    const foreign: Keychain = {
      getPassword: async () => 'not of Bringup',
      setPassword: async () => undefined,
      deletePassword: async () => true,
      findCredentials: async () => [],
    };
    const store = createKeychainStore(async () => foreign, { state: state('open') });
    await expect(store.get('idrac')).rejects.toMatchObject({ code: 'CREDENTIALS_DAMAGED' });
  });
});
