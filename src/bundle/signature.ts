import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { BundleSignatureStatus } from '../contract/bundle.ts';
import { BringupError, EXIT } from '../contract/errors.ts';

/** Bytes of a signature entry at the most; a true one has about 250. */
export const MAX_SIGNATURE = 4096;

const ALGORITHM = 'ed25519';

/** A new key for signing bundles, as PEM (PKCS #8). */
export function makeSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public half of a signing key: its PEM and its fingerprint. Throws BUNDLE_KEY_UNUSABLE. */
export function publicHalf(privateKey: string): { readonly publicKey: string; readonly fingerprint: string } {
  const key = createPublicKey(signingKey(privateKey));
  return { publicKey: pemOf(key), fingerprint: fingerprintOf(key) };
}

/** The fingerprint of a public key in PEM; undefined where it is no ed25519 key. */
export function publicKeyFingerprint(pem: string): string | undefined {
  try {
    const key = createPublicKey(pem);
    // createPublicKey takes a private key as well, and nobody is to pass that on.
    return pem.includes('PRIVATE') || key.asymmetricKeyType !== ALGORITHM ? undefined : fingerprintOf(key);
  } catch {
    return undefined;
  }
}

/** The signature entry for a list. Throws BUNDLE_KEY_UNUSABLE. */
export function signContents(contents: Buffer, privateKey: string): Buffer {
  const key = signingKey(privateKey);
  const entry = {
    algorithm: ALGORITHM,
    public_key: rawOf(createPublicKey(key)).toString('base64'),
    signature: sign(null, contents, key).toString('base64'),
  };
  return Buffer.from(`${JSON.stringify(entry)}\n`);
}

/** Compares a signature entry with the list it came with; `wanted` is the fingerprint that the key must have. */
export function checkSignature(
  contents: Buffer,
  entry: Buffer,
  wanted: string | undefined,
): { readonly status: BundleSignatureStatus; readonly fingerprint?: string } {
  const read = readEntry(entry);
  if (read === null || !verify(null, contents, read.key, read.signature)) return { status: 'bad' };
  const fingerprint = fingerprintOf(read.key);
  if (wanted === undefined) return { status: 'uncompared', fingerprint };
  return { status: fingerprint === wanted ? 'good' : 'other', fingerprint };
}

function readEntry(entry: Buffer): { key: KeyObject; signature: Buffer } | null {
  try {
    const data = JSON.parse(entry.toString('utf8')) as Readonly<Record<string, unknown>> | null;
    const { algorithm, public_key: publicKey, signature } = data ?? {};
    if (algorithm !== ALGORITHM || typeof publicKey !== 'string' || typeof signature !== 'string')
      return null;
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === ALGORITHM ? { key, signature: Buffer.from(signature, 'base64') } : null;
  } catch {
    return null;
  }
}

function signingKey(privateKey: string): KeyObject {
  try {
    const key = createPrivateKey(privateKey);
    if (key.asymmetricKeyType === ALGORITHM) return key;
  } catch {
    // Told below, without a word of the key.
  }
  throw new BringupError({
    code: 'BUNDLE_KEY_UNUSABLE',
    exit: EXIT.invalid,
    message: 'The key for signing is not an ed25519 key in PEM form.',
    hint: 'Make one under a new name with: bringup bundle key NAME',
  });
}

function rawOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** SHA-256 of the key in DER form (SPKI), written as SSH writes fingerprints. */
function fingerprintOf(key: KeyObject): string {
  const hash = createHash('sha256').update(rawOf(key)).digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
}
