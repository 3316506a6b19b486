import { BringupError, EXIT } from '../contract/errors.ts';

/** The error for a name that is wanted and not stored. */
export function missingCredential(name: string): BringupError {
  return new BringupError({
    code: 'CREDENTIAL_MISSING',
    exit: EXIT.invalid,
    message: `No credential ${name} is stored.`,
    hint: `Store it with: bringup credentials set ${name}`,
  });
}
