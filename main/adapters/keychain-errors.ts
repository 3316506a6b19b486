import { BringupError } from '../../src/contract/errors.ts';

const OTHERWISE =
  'On a machine without a usable keychain choose the encrypted file: bringup credentials store file';

/** Turns what keytar threw into its sentence: CREDENTIALS_LOCKED, CREDENTIALS_NO_KEYRING or CREDENTIALS_NO_KEYCHAIN. */
export function keychainError(cause: unknown): BringupError {
  if (cause instanceof BringupError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/locked collection|is locked|prompt was dismissed|user interaction is not allowed/i.test(text))
    return lockedKeychain(text, cause);
  if (/does not exist at path/i.test(text)) return noKeyring(text, cause);
  return new BringupError({
    code: 'CREDENTIALS_NO_KEYCHAIN',
    message: 'The keychain of this machine cannot be used.',
    hint: 'Start the keychain (on Linux: gnome-keyring or KWallet in a desktop session), or choose the encrypted file: bringup credentials store file',
    ...proof(text),
    cause,
  });
}

/** It is there and gives nothing out. */
export function lockedKeychain(text = 'the default keyring is locked', cause?: unknown): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_LOCKED',
    message: 'The keychain of this machine is locked, so nothing can be read from it or stored in it.',
    hint: `Unlock it and try again (Linux desktop: open "Passwords and Keys"; over SSH: gnome-keyring-daemon --unlock, which reads the password from standard input). ${OTHERWISE}`,
    ...proof(text),
    cause,
  });
}

/** The service runs and has nothing to keep values in, as on a machine where nobody has logged in to a desktop yet. */
export function noKeyring(text = 'no default keyring', cause?: unknown): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_NO_KEYRING',
    message: 'The keychain service runs, but this user has no keyring in it yet.',
    hint: `Log in to the desktop once with a password, or make a default keyring in "Passwords and Keys". ${OTHERWISE}`,
    ...proof(text),
    cause,
  });
}

/** It has not answered in time; its prompt may be answered later. */
export function noAnswer(limitMs: number): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_NO_ANSWER',
    message: `The keychain of this machine did not answer within ${Math.round(limitMs / 1000)} s.`,
    hint: `It probably asks for its password in a window of its own: answer it and try again. ${OTHERWISE}`,
  });
}

/** An entry that something else has written. */
export function damaged(name: string): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_DAMAGED',
    message: `What the keychain holds for ${name} was not written by Bringup and cannot be read.`,
    hint: `Store it anew: bringup credentials set ${name}`,
  });
}

function proof(text: string): { evidence: { source: string; text: string }[] } {
  return { evidence: [{ source: 'keychain', text: text.split('\n')[0] ?? '' }] };
}
