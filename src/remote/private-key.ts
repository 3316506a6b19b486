import ssh2, { type ParsedKey } from 'ssh2';
import { BringupError, EXIT } from '../contract/errors.ts';

/**
 * Refuses what could not be used as a private key later: CREDENTIALS_KEY_ENCRYPTED, CREDENTIALS_KEY_PUBLIC,
 * CREDENTIALS_KEY_INVALID (exit 2).
 */
export function checkPrivateKey(text: string): void {
  const key = parse(text);
  if (key instanceof Error) {
    if (/passphrase|encrypted/i.test(key.message)) {
      throw refused(
        'CREDENTIALS_KEY_ENCRYPTED',
        'The private key has a passphrase of its own, which Bringup cannot ask for during a run.',
        'Make a copy without one (ssh-keygen -p -N "" -f COPY) and store that: the keychain protects it.',
      );
    }
    throw refused(
      'CREDENTIALS_KEY_INVALID',
      'This is not a private SSH key in OpenSSH, PEM or PuTTY format.',
      'Choose the file without .pub, such as id_ed25519, or make a pair with: ssh-keygen -t ed25519',
    );
  }
  if (!key.isPrivateKey()) {
    throw refused(
      'CREDENTIALS_KEY_PUBLIC',
      'This is the public half of an SSH key; logging in takes the private half.',
      'Choose the file of the same name without .pub.',
    );
  }
}

/** ssh2 gives a list for files that may hold several keys, which its types leave out. */
function parse(text: string): ParsedKey | Error {
  const parsed = ssh2.utils.parseKey(text) as ParsedKey | Error | readonly ParsedKey[];
  return 'length' in parsed ? (parsed[0] ?? new Error('no key')) : parsed;
}

function refused(code: string, message: string, hint: string): BringupError {
  return new BringupError({ code, exit: EXIT.invalid, message, hint });
}
