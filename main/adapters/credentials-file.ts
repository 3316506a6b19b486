import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import type { Credential, CredentialStore } from '../../src/contract/ports.ts';
import { readIfPresent, writePrivate } from './private-file.ts';

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
/** OWASP's minimum for scrypt is N=2^17, r=8, p=1; that takes 128 MiB, so maxmem is raised. */
const KDF = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };

interface Sealed {
  readonly format: 'bringup-credentials/1';
  readonly salt: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** Credentials in one file sealed with AES-256-GCM under a passphrase: the engineer's explicit choice where there is no keychain. */
export function createEncryptedFileStore(file: string, passphrase: () => Promise<string>): CredentialStore {
  let known: Promise<string> | undefined;
  const ask = (): Promise<string> => (known ??= passphrase());
  const load = async (): Promise<Record<string, Credential>> => {
    const text = await readIfPresent(file);
    return text === null ? {} : open(file, text, await ask());
  };
  const save = async (all: Record<string, Credential>): Promise<void> =>
    writePrivate(file, await seal(all, await ask()));
  return {
    get: async (name) => (await load())[name] ?? null,
    set: async (name, credential) => save({ ...(await load()), [name]: credential }),
    list: async () => Object.keys(await load()).sort(),
    delete: async (name) => {
      const { [name]: found, ...rest } = await load();
      if (found === undefined) return false;
      await save(rest);
      return true;
    },
  };
}

async function seal(all: Record<string, Credential>, passphrase: string): Promise<string> {
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await derive(passphrase, salt, 32, KDF), iv);
  const data = Buffer.concat([cipher.update(JSON.stringify(all), 'utf8'), cipher.final()]);
  const sealed: Sealed = {
    format: 'bringup-credentials/1',
    salt: salt.toString('base64'),
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return JSON.stringify(sealed) + '\n';
}

async function open(file: string, text: string, passphrase: string): Promise<Record<string, Credential>> {
  try {
    const sealed = JSON.parse(text) as Sealed;
    const bytes = (part: string): Buffer => Buffer.from(part, 'base64');
    const key = await derive(passphrase, bytes(sealed.salt), 32, KDF);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes(sealed.iv)).setAuthTag(bytes(sealed.tag));
    const plain = Buffer.concat([decipher.update(bytes(sealed.data)), decipher.final()]);
    return JSON.parse(plain.toString('utf8')) as Record<string, Credential>;
  } catch (cause) {
    throw new BringupError({
      code: 'CREDENTIALS_SEALED',
      exit: EXIT.invalid,
      message: `The credential file ${file} does not open: the passphrase is wrong or the file is damaged.`,
      hint: 'Try the passphrase again; if it is lost, delete the file and enter the credentials anew.',
      cause,
    });
  }
}
