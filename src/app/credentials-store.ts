import type { CredentialStoreInput, CredentialStoreState } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { BringupPorts } from './ports.ts';

/** `credentials.store`: which store is in use, after choosing one where `use` is given. The passphrase is hidden from then on. */
export async function chooseStore(
  { credentials, redactor }: BringupPorts,
  { use, passphrase }: CredentialStoreInput,
): Promise<CredentialStoreState> {
  const { choice } = credentials;
  if (choice === undefined) throw noChoice();
  if (passphrase !== undefined) redactor?.add('passphrase', { password: passphrase });
  if (use !== undefined) await choice.use(use, passphrase);
  return choice.state();
}

function noChoice(): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_NO_CHOICE',
    exit: EXIT.invalid,
    message: 'Where credentials are kept cannot be chosen here.',
    hint: 'Start Bringup itself on this machine and choose there.',
  });
}
