import path from 'node:path';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import type { CredentialChoice, CredentialStore, CredentialStoreState } from '../../src/contract/ports.ts';
import { createEncryptedFileStore, type AskPassphrase } from './credentials-file.ts';
import { createKeychainStore } from './credentials-keychain.ts';
import { readIfPresent, writePrivate } from './private-file.ts';

type Store = CredentialStoreState['store'];

export interface ChoiceOptions {
  /** Folder in which Bringup keeps its data. */
  readonly home: string;
  /** Named for this process alone; without it what was chosen on this machine, else the keychain. */
  readonly store?: Store;
  /** How a passphrase is asked for; a window has none and gives it by `choice.use`. */
  readonly passphrase?: AskPassphrase;
  readonly keychain?: CredentialStore;
  /** Of scrypt; smaller only in tests. */
  readonly cost?: number;
}

/**
 * The store that the engineer has chosen: the keychain, or the encrypted file, never one in place of the other by
 * itself. `choice.use` remembers the choice in `credential-store`, which holds the word alone.
 */
export function createChosenStore({ home, ...options }: ChoiceOptions): CredentialStore {
  const file = path.join(home, 'credentials.sealed');
  const choiceFile = path.join(home, 'credential-store');
  const keychain = options.keychain ?? createKeychainStore();
  let unlocked = false;
  let named = options.store;
  const ask: AskPassphrase = async (purpose) => {
    if (options.passphrase === undefined) throw closed(file);
    return options.passphrase(purpose);
  };
  let sealed = createEncryptedFileStore(file, ask, options.cost);
  const chosen = async (): Promise<Store> =>
    named ?? ((await readIfPresent(choiceFile))?.trim() === 'file' ? 'file' : 'keychain');
  const current = async (): Promise<CredentialStore> => ((await chosen()) === 'file' ? sealed : keychain);
  let place: Store = named ?? 'keychain';

  const choice: CredentialChoice = {
    state: async () => {
      place = await chosen();
      const absent = (await readIfPresent(file)) === null;
      return { store: place, file: { path: file, state: absent ? 'absent' : unlocked ? 'open' : 'closed' } };
    },
    use: async (store, passphrase) => {
      if (store === 'file' && (passphrase ?? options.passphrase) !== undefined) {
        const next = createEncryptedFileStore(
          file,
          passphrase === undefined ? ask : () => Promise.resolve(passphrase),
          options.cost,
        );
        await next.open();
        sealed = next;
        unlocked = true;
      }
      await writePrivate(choiceFile, `${store}\n`);
      named = undefined;
      place = store;
    },
  };
  const through = async <T>(work: (store: CredentialStore) => Promise<T>): Promise<T> => {
    place = await chosen();
    const result = await work(await current());
    if (place === 'file') unlocked = true;
    return result;
  };
  return {
    choice,
    placeOf: () => place,
    get: (name) => through((store) => store.get(name)),
    set: (name, credential) => through((store) => store.set(name, credential)),
    list: () => through((store) => store.list()),
    delete: (name) => through((store) => store.delete(name)),
  };
}

function closed(file: string): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_CLOSED',
    exit: EXIT.invalid,
    message: `Credentials are kept in the encrypted file ${file}, and its passphrase was not given yet.`,
    hint: 'Type the passphrase; it is kept in memory until Bringup ends.',
  });
}
