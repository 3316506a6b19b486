import { usageError } from './output.ts';
import { askSecret, canAsk } from './prompt.ts';

/** Asks for the passphrase of the credential file; twice where it makes the file, since a slip would seal it for good. */
export async function askPassphrase(purpose: 'open' | 'make'): Promise<string> {
  if (!canAsk()) {
    throw usageError(
      'There is no terminal to ask for the passphrase of the credential file.',
      'Name a file that holds it with --passphrase-file, for instance /dev/fd/3.',
    );
  }
  if (purpose === 'open') return askSecret('Passphrase of the credential file: ');
  const first = await askSecret('New passphrase for the credential file: ');
  if ((await askSecret('The same again: ')) === first) return first;
  throw usageError('The two passphrases differ; nothing was stored.', 'Try again.');
}
