import { BringupError, EXIT } from '../../src/contract/errors.ts';
import type { Credential, CredentialStore } from '../../src/contract/ports.ts';

const LAB_PREFIX = 'lab/';

/**
 * The engineer's store, with the lab's throwaway credentials (`lab/...`) read from the lab's own file, so that trying
 * the lab needs no keychain and leaves nothing in one.
 */
export function withLabCredentials(
  store: CredentialStore,
  readLab: () => Promise<Readonly<Record<string, Credential>>>,
): CredentialStore {
  return {
    ...(store.choice === undefined ? {} : { choice: store.choice }),
    placeOf: (name) => (name.startsWith(LAB_PREFIX) ? 'lab' : (store.placeOf?.(name) ?? 'keychain')),
    get: async (name) => (name.startsWith(LAB_PREFIX) ? ((await readLab())[name] ?? null) : store.get(name)),
    set: async (name, credential) => {
      refuseLab(name);
      await store.set(name, credential);
    },
    list: async () => store.list(),
    delete: async (name) => {
      refuseLab(name);
      return store.delete(name);
    },
  };
}

function refuseLab(name: string): void {
  if (!name.startsWith(LAB_PREFIX)) return;
  throw new BringupError({
    code: 'CREDENTIALS_LAB_NAME',
    exit: EXIT.invalid,
    message: `The name ${name} belongs to the lab, which makes and removes its own credentials.`,
    hint: 'Choose a name that does not start with "lab/".',
  });
}
