import { BringupError, EXIT } from '../contract/errors.ts';
import type { Credential, CredentialStore } from '../contract/ports.ts';
import { SHORTEST_SECRET } from './secret-forms.ts';

/** Names of the credentials that a site, or a part of one, refers to: the values of all `credential` fields. */
export function credentialNames(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const found = Object.entries(part).flatMap(([key, value]: [string, unknown]) =>
    key === 'credential' && typeof value === 'string' ? [value] : credentialNames(value),
  );
  return [...new Set(found)];
}

/**
 * Reads the credentials of a site once before its run, so that their values are known to the redactor from the first
 * event on. One that is missing is told by the stage that needs it.
 */
export async function learnSecrets(credentials: CredentialStore, site: unknown): Promise<void> {
  for (const name of credentialNames(site)) {
    await credentials.get(name).catch((thrown: unknown) => {
      if (!(thrown instanceof BringupError)) throw thrown;
    });
  }
}

/** Refuses a password that could not be kept out of a log: every sentence holds it. */
export function checkCredential({ password }: Credential): void {
  if (password === undefined || password === '' || password.length >= SHORTEST_SECRET) return;
  throw new BringupError({
    code: 'CREDENTIALS_TOO_SHORT',
    exit: EXIT.invalid,
    message: `A password of fewer than ${SHORTEST_SECRET} characters cannot be kept out of logs: hiding it would hide half of every word.`,
    hint: 'Give the account a longer password first.',
  });
}
