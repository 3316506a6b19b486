import { InvalidArgumentError } from 'commander';

/** A host key's fingerprint as an option; without the padding that some tools print. */
export function fingerprint(value: string): string {
  if (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(value)) return value.replace(/=$/, '');
  throw new InvalidArgumentError('It is written SHA256: and 43 characters, as ssh-keygen -l prints it.');
}
