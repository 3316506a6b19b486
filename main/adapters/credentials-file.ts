import { BringupError, EXIT } from '../../src/contract/errors.ts';
import type { CredentialStore } from '../../src/contract/ports.ts';
import { lockFile } from './credentials-lock.ts';
import { COST, seal, unseal, type Credentials } from './credentials-seal.ts';
import { readIfPresent, writePrivate } from './private-file.ts';
import { createTurns } from './turns.ts';

/** A passphrase that is asked for: `make` where there is no file yet, so that it is typed twice. */
export type AskPassphrase = (purpose: 'open' | 'make') => Promise<string>;

/** NIST SP 800-63B asks for eight characters of a secret that a person remembers. */
const SHORTEST = 8;

/** `open` proves the passphrase of the file that is there, or makes an empty one. */
export interface EncryptedFileStore extends CredentialStore {
  open(): Promise<void>;
}

/**
 * Credentials in one file sealed under a passphrase: the engineer's explicit choice where there is no keychain. `cost`
 * is scrypt's, and smaller only in tests.
 */
export function createEncryptedFileStore(file: string, ask: AskPassphrase, cost = COST): EncryptedFileStore {
  let known: string | undefined;
  let opened: { readonly text: string; readonly all: Credentials } | undefined;
  const inTurn = createTurns();
  const load = async (): Promise<{ text: string | null; all: Credentials }> => {
    const text = await readFrom(file);
    if (text === null) return { text, all: {} };
    if (opened?.text === text) return opened;
    const passphrase = (known ??= await ask('open'));
    const found = await unseal(text, passphrase, cost);
    if ('all' in found) {
      opened = { text, all: found.all };
      return opened;
    }
    // Asked for again the next time, by a window that stays open.
    known = undefined;
    throw found.fault === 'damaged' ? damaged(file) : sealed(file);
  };
  const change = async (next: (all: Credentials) => Credentials | null): Promise<boolean> => {
    // A person may take her time with the passphrase: it is asked for before anybody else is kept waiting.
    const { text } = await load();
    const passphrase = (known ??= text === null ? strong(await ask('make')) : await ask('open'));
    const release = await writing(file, lockFile(file));
    try {
      const changed = next((await load()).all);
      if (changed === null) return false;
      const written = await seal(changed, passphrase, cost);
      await writing(file, writePrivate(file, written));
      opened = { text: written, all: changed };
      return true;
    } finally {
      await release();
    }
  };
  return {
    placeOf: () => 'file',
    open: () =>
      inTurn(async () => {
        if ((await load()).text === null) await change((all) => all);
      }),
    get: (name) => inTurn(async () => own((await load()).all, name) ?? null),
    set: (name, credential) =>
      inTurn(async () => {
        await change((all) => ({ ...all, [name]: credential }));
      }),
    list: () => inTurn(async () => Object.keys((await load()).all).sort()),
    delete: (name) =>
      inTurn(async () =>
        change((all) => {
          const { [name]: found, ...rest } = all;
          return found === undefined ? null : rest;
        }),
      ),
  };
}

function own(all: Credentials, name: string): Credentials[string] | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

/** Refuses a passphrase that would not protect the file. */
function strong(passphrase: string): string {
  if (passphrase.length >= SHORTEST) return passphrase;
  throw new BringupError({
    code: 'CREDENTIALS_PASSPHRASE_SHORT',
    exit: EXIT.invalid,
    message: `The passphrase of the credential file needs at least ${SHORTEST} characters.`,
    hint: 'Take four words that do not belong together, and keep them where you keep other passwords.',
  });
}

async function readFrom(file: string): Promise<string | null> {
  return readIfPresent(file).catch((cause: unknown) => {
    throw new BringupError({
      ...{
        code: 'CREDENTIALS_FILE_UNREADABLE',
        message: `The credential file ${file} cannot be read.`,
        cause,
      },
      hint: 'Make sure that it belongs to you and not to root: ls -l',
      evidence: [{ source: file, text: textOf(cause) }],
    });
  });
}

/** Rejects with CREDENTIALS_FILE_UNWRITABLE for what the disk or the folder refuses. */
async function writing<T>(file: string, work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    if (cause instanceof BringupError) throw cause;
    throw new BringupError({
      code: 'CREDENTIALS_FILE_UNWRITABLE',
      message: `The credential file ${file} cannot be written; what was stored before is untouched.`,
      hint: 'Make room on the disk, or make its folder writable for you, and store the credential again.',
      evidence: [{ source: file, text: textOf(cause) }],
      cause,
    });
  });
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function sealed(file: string): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_SEALED',
    exit: EXIT.invalid,
    message: `The credential file ${file} does not open with this passphrase.`,
    hint: 'Try again. Nobody can open it without the passphrase: if it is lost, delete the file and enter the credentials anew.',
  });
}

function damaged(file: string): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_FILE_DAMAGED',
    exit: EXIT.invalid,
    message: `${file} is not a whole credential file of Bringup: it was cut off or changed.`,
    hint: 'Put a copy of it back, or move it away and enter the credentials anew.',
  });
}
