import type { Credential, CredentialStore } from '../../src/contract/ports.ts';
import { damaged, keychainError, lockedKeychain, noAnswer, noKeyring } from './keychain-errors.ts';
import { keychainState, type KeychainState } from './keychain-state.ts';

const SERVICE = 'bringup';
/** An unanswered unlock prompt of the desktop hangs the call for ever, so each call has this long, in milliseconds. */
const CALL_LIMIT_MS = 10_000;

/** The part of keytar's API that is used. */
export interface Keychain {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
  findCredentials(service: string): Promise<{ account: string; password: string }[]>;
}

export interface KeychainOptions {
  readonly limitMs?: number;
  readonly state?: () => Promise<KeychainState>;
}

/** Credentials in the OS keychain. `load` imports keytar only when it is first needed: its library may be missing. */
export function createKeychainStore(
  load: () => Promise<Keychain> = loadKeytar,
  { limitMs = CALL_LIMIT_MS, state = () => keychainState() }: KeychainOptions = {},
): CredentialStore {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = false;

  /** One call at a time, and none behind one that hangs: each of those would hold a thread that files need as well. */
  const call = <T>(work: (keychain: Keychain) => Promise<T>): Promise<T> => {
    const mine = last.then(async () => {
      if (waiting) throw noAnswer(limitMs);
      waiting = true;
      const working = load()
        .then(work)
        .finally(() => (waiting = false));
      try {
        return await withLimit(working, limitMs);
      } catch (cause) {
        throw keychainError(cause);
      }
    });
    last = mine.catch(() => undefined);
    return mine;
  };
  /** A locked keyring looks empty: what was not found there may be there. */
  const unlessLocked = async (): Promise<void> => {
    const now = await state();
    if (now === 'locked') throw lockedKeychain();
  };
  return {
    placeOf: () => 'keychain',
    get: (name) =>
      call(async (keychain) => {
        const text = await keychain.getPassword(SERVICE, name);
        if (text === null) await unlessLocked();
        return text === null ? null : read(name, text);
      }),
    set: (name, credential) =>
      call(async (keychain) => {
        if ((await state()) === 'none') throw noKeyring();
        await keychain.setPassword(SERVICE, name, JSON.stringify(credential));
      }),
    list: () =>
      call(async (keychain) => {
        await unlessLocked();
        const found = await keychain.findCredentials(SERVICE);
        return found.map((entry) => entry.account).sort();
      }),
    delete: (name) =>
      call(async (keychain) => {
        const deleted = await keychain.deletePassword(SERVICE, name);
        if (!deleted) await unlessLocked();
        return deleted;
      }),
  };
}

async function loadKeytar(): Promise<Keychain> {
  const module = (await import('keytar')) as unknown as { default?: Keychain } & Keychain;
  return module.default ?? module;
}

function read(name: string, text: string): Credential {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw damaged(name);
}

async function withLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(noAnswer(limitMs)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
