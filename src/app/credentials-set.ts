import type { CredentialSetInput, CredentialSetResult } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { Credential } from '../contract/ports.ts';
import { checkPrivateKey } from '../remote/index.ts';
import { testCredential } from './credentials-test.ts';
import type { BringupPorts } from './ports.ts';
import { checkCredential } from './secrets.ts';

/** As the site file's schema has it: what is stored under another name could never be used. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}(\/[a-z0-9][a-z0-9._-]{0,63}){0,3}$/;

/**
 * `credentials.set`: stores a value. The user name stored before stays where none is given. With `prove` the value is
 * kept back until machines of a site file have taken it and none has refused it; until then the old one stays. Rejects
 * with CREDENTIALS_NAME, CREDENTIALS_EMPTY, CREDENTIALS_TOO_SHORT, CREDENTIALS_KEY_* (exit 2).
 */
export async function setCredential(
  ports: BringupPorts,
  { name, credential: given, prove }: CredentialSetInput,
): Promise<CredentialSetResult> {
  checkCredentialName(name);
  const credential = checkValue(await keepUsername(ports, name, given));
  ports.redactor?.add(name, credential);
  if (prove === undefined) {
    await ports.credentials.set(name, credential);
    return { stored: true };
  }
  const { targets } = await testCredential(ports, { name, ...prove }, credential);
  const proven = targets.some(({ ok }) => ok) && !targets.some(({ refused }) => refused);
  if (proven) await ports.credentials.set(name, credential);
  return { stored: proven, targets };
}

async function keepUsername(ports: BringupPorts, name: string, given: Credential): Promise<Credential> {
  const { username, ...secret } = given;
  const kept = username || (await ports.credentials.get(name))?.username;
  return kept === undefined ? secret : { username: kept, ...secret };
}

/** Only what is known, and nothing empty: the input comes from a window. */
function checkValue({ username, password, privateKey }: Credential): Credential {
  if (!password && !privateKey) {
    throw new BringupError({
      code: 'CREDENTIALS_EMPTY',
      exit: EXIT.invalid,
      message: 'Neither a password nor a private key is given.',
      hint: 'Type the password, or choose the file of the private key.',
    });
  }
  const credential: Credential = {
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(privateKey ? { privateKey } : {}),
  };
  checkCredential(credential);
  if (credential.privateKey !== undefined) checkPrivateKey(credential.privateKey);
  return credential;
}

/** Throws CREDENTIALS_NAME for what a site file could never name. */
export function checkCredentialName(name: string): void {
  if (NAME.test(name)) return;
  throw new BringupError({
    code: 'CREDENTIALS_NAME',
    exit: EXIT.invalid,
    message: `"${name.slice(0, 80)}" cannot be a credential's name.`,
    hint: 'Use lower-case letters, digits, dots, dashes and underscores, parts separated by /, such as plant-7/idrac.',
  });
}
