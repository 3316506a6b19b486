import { BringupError } from '../../src/contract/errors.ts';
import type { Credential, CredentialStore } from '../../src/contract/ports.ts';

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

/** Credentials in the OS keychain. `load` imports keytar only when it is first needed: its library may be missing. */
export function createKeychainStore(load: () => Promise<Keychain> = loadKeytar): CredentialStore {
  const call = async <T>(work: (keychain: Keychain) => Promise<T>): Promise<T> => {
    try {
      return await withLimit(load().then(work));
    } catch (cause) {
      throw unavailable(cause);
    }
  };
  return {
    get: async (name) => {
      const text = await call((keychain) => keychain.getPassword(SERVICE, name));
      return text === null ? null : (JSON.parse(text) as Credential);
    },
    set: (name, credential) =>
      call((keychain) => keychain.setPassword(SERVICE, name, JSON.stringify(credential))),
    list: async () => {
      const found = await call((keychain) => keychain.findCredentials(SERVICE));
      return found.map((entry) => entry.account).sort();
    },
    delete: (name) => call((keychain) => keychain.deletePassword(SERVICE, name)),
  };
}

async function loadKeytar(): Promise<Keychain> {
  const module = (await import('keytar')) as unknown as { default?: Keychain } & Keychain;
  return module.default ?? module;
}

async function withLimit<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${CALL_LIMIT_MS / 1000} s; an unlock prompt may be waiting`)),
      CALL_LIMIT_MS,
    );
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(cause: unknown): BringupError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new BringupError({
    code: 'CREDENTIALS_NO_KEYCHAIN',
    message: 'The keychain of this machine cannot be used.',
    hint: 'Unlock or start the keychain (on Linux: gnome-keyring or KWallet in a desktop session), or choose the encrypted file with --credential-store file.',
    evidence: [{ source: 'keychain', text: text.split('\n')[0] ?? '' }],
    cause,
  });
}
