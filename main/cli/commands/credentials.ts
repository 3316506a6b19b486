import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import type { Credential } from '../../../src/contract/ports.ts';
import type { CliContext } from '../context.ts';
import { print, printJson, usageError } from '../output.ts';
import { askSecret, canAsk, readStdin } from '../prompt.ts';

interface SetFlags {
  readonly username?: string;
  readonly stdin?: boolean;
  readonly keyFile?: string;
}

/** credentials set|list|delete: names in the clear, values only ever towards the store. */
export function addCredentialCommands(program: Command, context: CliContext): void {
  const group = program.command('credentials').description('keep passwords and keys in the OS keychain');
  group
    .command('set')
    .description('store a credential; the password is asked for, or read from standard input')
    .argument('<name>', 'the name that the site file uses')
    .option('--username <name>', 'the account, when the site file does not name it')
    .option('--stdin', 'read the password from standard input')
    .option('--key-file <file>', 'store this private SSH key instead of a password')
    .action(async (name: string, flags: SetFlags) => {
      const credential = await readCredential(name, flags);
      await (await context.client()).call('credentials.set', { name, credential });
      if (context.json()) printJson({ stored: true });
      else print(`Stored the credential ${name}.`);
    });
  group
    .command('list')
    .description('list the names of stored credentials')
    .action(async () => {
      const { names } = await (await context.client()).call('credentials.list', {});
      if (context.json()) printJson({ names });
      else print(names.length === 0 ? 'No credential is stored.' : names.join('\n'));
    });
  group
    .command('delete')
    .description('delete a credential')
    .argument('<name>')
    .action(async (name: string) => {
      const { deleted } = await (await context.client()).call('credentials.delete', { name });
      if (context.json()) printJson({ deleted });
      else print(deleted ? `Deleted the credential ${name}.` : `There was no credential ${name}.`);
    });
}

async function readCredential(name: string, flags: SetFlags): Promise<Credential> {
  const username = flags.username === undefined ? {} : { username: flags.username };
  if (flags.keyFile !== undefined) return { ...username, privateKey: await readFile(flags.keyFile, 'utf8') };
  const password = flags.stdin === true ? await readStdin() : await askPassword(name);
  if (password === '')
    throw usageError('The password is empty.', 'Type it at the prompt, or pipe it in with --stdin.');
  return { ...username, password };
}

async function askPassword(name: string): Promise<string> {
  if (!canAsk())
    throw usageError('There is no terminal to ask for the password.', 'Pipe it in with --stdin.');
  return askSecret(`Password for ${name}: `);
}
