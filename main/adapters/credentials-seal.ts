import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { Credential } from '../../src/contract/ports.ts';

export type Credentials = Readonly<Record<string, Credential>>;

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
/** OWASP's minimum for scrypt is N=2^17, r=8, p=1; that takes 128 MiB, so maxmem is raised. */
export const COST = 2 ** 17;
const KDF = { r: 8, p: 1, maxmem: 256 * 2 ** 20 };
const CIPHER = 'aes-256-gcm';
const FORMAT = 'bringup-credentials/1';
/** Bytes. Node would take a tag of four bytes as well, which can be guessed. */
const SIZES = { salt: 16, iv: 12, tag: 16 } as const;

interface Sealed {
  readonly format: typeof FORMAT;
  readonly salt: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** Seals credentials under a passphrase by AES-256-GCM; salt and nonce are new each time. Returns one line of JSON. */
export async function seal(all: Credentials, passphrase: string, cost = COST): Promise<string> {
  const salt = randomBytes(SIZES.salt);
  const iv = randomBytes(SIZES.iv);
  const key = await derive(passphrase, salt, 32, { ...KDF, N: cost });
  const cipher = createCipheriv(CIPHER, key, iv);
  const data = Buffer.concat([cipher.update(JSON.stringify(all), 'utf8'), cipher.final()]);
  const sealed: Sealed = {
    format: FORMAT,
    salt: salt.toString('base64'),
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return `${JSON.stringify(sealed)}\n`;
}

/** `damaged` is no file of ours, or a part of one; `wrong` does not open with this passphrase. */
export type Opened = { readonly all: Credentials } | { readonly fault: 'damaged' | 'wrong' };

/** The reverse of seal; never rejects because of what the text holds. */
export async function unseal(text: string, passphrase: string, cost = COST): Promise<Opened> {
  const parts = partsOf(text);
  if (parts === undefined) return { fault: 'damaged' };
  const { salt, iv, tag, data } = parts;
  const key = await derive(passphrase, salt, 32, { ...KDF, N: cost });
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: SIZES.tag }).setAuthTag(tag);
  try {
    const plain = Buffer.concat([decipher.update(data), decipher.final()]);
    return { all: JSON.parse(plain.toString('utf8')) as Credentials };
  } catch {
    return { fault: 'wrong' };
  }
}

type Parts = Readonly<Record<'salt' | 'iv' | 'tag' | 'data', Buffer>>;

function partsOf(text: string): Parts | undefined {
  let sealed: Partial<Record<keyof Sealed, unknown>>;
  try {
    sealed = JSON.parse(text) as typeof sealed;
  } catch {
    return undefined;
  }
  if (sealed?.format !== FORMAT) return undefined;
  const bytes = (name: keyof Parts): Buffer => {
    const part = sealed[name];
    return Buffer.from(typeof part === 'string' ? part : '', 'base64');
  };
  const parts = { salt: bytes('salt'), iv: bytes('iv'), tag: bytes('tag'), data: bytes('data') };
  const whole = parts.salt.length === SIZES.salt && parts.iv.length === SIZES.iv;
  return whole && parts.tag.length === SIZES.tag ? parts : undefined;
}
