import type {
  CredentialList,
  CredentialsQuery,
  StoredCredential,
  WantedCredential,
} from '../contract/api.ts';
import { BringupError } from '../contract/errors.ts';
import type { Credential, CredentialPlace, CredentialStore } from '../contract/ports.ts';
import { credentialUses, misfit, type NamedUse } from './credentials-uses.ts';
import { openSiteFile } from './site.ts';

/** `credentials.list`: what is stored, by name and kind, and which names a site file wants. Never a value. */
export async function listCredentials(
  store: CredentialStore,
  { file }: CredentialsQuery,
): Promise<CredentialList> {
  const uses = file === undefined ? [] : credentialUses((await openSiteFile(file)).draft ?? {});
  const names = await store.list();
  const credentials: StoredCredential[] = [];
  for (const name of names) {
    const credential = await store.get(name);
    if (credential !== null) credentials.push(describe(store, name, credential));
  }
  const list = { store: placeOf(store, ''), names, credentials };
  if (file === undefined) return list;
  const wanted = [...new Set(uses.map(({ name }) => name))].map(async (name) =>
    want(
      store,
      name,
      uses.filter((use) => use.name === name),
    ),
  );
  return { ...list, wanted: await Promise.all(wanted) };
}

async function want(
  store: CredentialStore,
  name: string,
  places: readonly NamedUse[],
): Promise<WantedCredential> {
  const uses = places.map(({ name: _name, ...use }) => use);
  const credential = await ofLab(store, name);
  if (typeof credential === 'string') return { name, uses, problem: credential };
  if (credential === null) return { name, uses };
  const problem = misfit(credential, uses);
  const stored = describe(store, name, credential);
  return { name, uses, stored, ...(problem === undefined ? {} : { problem }) };
}

/** The lab's credentials are gone with the lab: that is said of their names and does not spoil the list. */
async function ofLab(store: CredentialStore, name: string): Promise<Credential | string | null> {
  try {
    return await store.get(name);
  } catch (thrown) {
    if (thrown instanceof BringupError && placeOf(store, name) === 'lab') return thrown.message;
    throw thrown;
  }
}

function describe(store: CredentialStore, name: string, credential: Credential): StoredCredential {
  const { username, password, privateKey } = credential;
  const kind = privateKey === undefined ? 'password' : password === undefined ? 'key' : 'both';
  return { name, kind, store: placeOf(store, name), ...(username === undefined ? {} : { username }) };
}

function placeOf(store: CredentialStore, name: string): CredentialPlace {
  return store.placeOf?.(name) ?? 'keychain';
}
