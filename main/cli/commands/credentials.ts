import { Argument, type Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { EXIT } from '../../../src/contract/errors.ts';
import type { Credential } from '../../../src/contract/ports.ts';
import type { CliContext } from '../context.ts';
import { credentialsText, storeText, targetsText } from '../credentials-text.ts';
import { columns, print, printJson, usageError } from '../output.ts';
import { wrapLine } from '../paragraph.ts';
import { askSecret, canAsk, readStdin } from '../prompt.ts';

interface SetFlags {
  readonly username?: string;
  readonly stdin?: boolean;
  readonly keyFile?: string;
  readonly prove?: string;
  readonly accept?: readonly string[];
}

interface TestFlags {
  readonly accept?: readonly string[];
}

const ACCEPT = [
  '--accept <fingerprints...>',
  'believe machines that show these SSH host keys or BMC certificates, compared beforehand',
] as const;

/** credentials set|list|test|delete|store: names in the clear, values only ever towards the store. */
export function addCredentialCommands(program: Command, context: CliContext): void {
  const group = program
    .command('credentials')
    .description('keep passwords and keys in the OS keychain, or in an encrypted file');
  group
    .command('set')
    .description('store a credential; the password is asked for, or read from standard input')
    .argument('<name>', 'the name that the site file uses')
    .option('--username <name>', 'the account, when the site file does not name it (BMCs)')
    .option('--stdin', 'read the password from standard input')
    .option('--key-file <file>', 'store this private SSH key instead of a password')
    .option(
      '--prove <file>',
      'store it only if machines of this site file take it; until then the old one stays',
    )
    .option(...ACCEPT)
    .action(async (name: string, flags: SetFlags) => set(context, name, flags));
  group
    .command('list')
    .description('list what is stored, or which names a site file wants and which of them are missing')
    .argument('[file]', 'a site file')
    .action(async (file: string | undefined) => {
      const client = await context.client();
      const list = await client.call('credentials.list', file === undefined ? {} : { file });
      if (context.json()) printJson(list);
      else print(credentialsText(list, file, columns()));
    });
  group
    .command('test')
    .description('log in to the machines of a site file with a stored credential, once each')
    .argument('<name>', 'the name that the site file uses')
    .argument('<file>', 'the site file')
    .option(...ACCEPT)
    .action(async (name: string, file: string, { accept = [] }: TestFlags) => {
      const result = await (await context.client()).call('credentials.test', { name, file, accept });
      if (context.json()) printJson(result);
      else print(targetsText(result.targets, columns()));
      context.exit(result.ok ? EXIT.done : EXIT.connection);
    });
  group
    .command('delete')
    .description('delete a credential')
    .argument('<name>', 'its name, as "credentials list" shows it')
    .action(async (name: string) => {
      const { deleted } = await (await context.client()).call('credentials.delete', { name });
      if (context.json()) printJson({ deleted });
      else print(deleted ? `Deleted the credential ${name}.` : `There was no credential ${name}.`);
    });
  group
    .command('store')
    .description('say where credentials are kept, or choose it: the OS keychain, or an encrypted file')
    .addArgument(new Argument('[kind]', 'where from now on').choices(['keychain', 'file']))
    .action(async (use: 'keychain' | 'file' | undefined) => {
      const client = await context.client();
      const state = await client.call('credentials.store', use === undefined ? {} : { use });
      if (context.json()) printJson(state);
      else print(wrapLine(storeText(state), columns(), 2).join('\n'));
    });
}

async function set(context: CliContext, name: string, flags: SetFlags): Promise<void> {
  const credential = await readCredential(name, flags);
  const { prove: file, accept = [] } = flags;
  const result = await (
    await context.client()
  ).call('credentials.set', {
    ...{ name, credential },
    ...(file === undefined ? {} : { prove: { file, accept } }),
  });
  context.exit(result.stored ? EXIT.done : EXIT.connection);
  if (context.json()) return printJson(result);
  if (result.targets !== undefined) print(targetsText(result.targets, columns()));
  print(
    result.stored
      ? `Stored the credential ${name}.`
      : `Nothing was stored: the old value of ${name} stays. Without --prove it is replaced untried.`,
  );
}

async function readCredential(name: string, flags: SetFlags): Promise<Credential> {
  const username = flags.username === undefined ? {} : { username: flags.username };
  if (flags.keyFile !== undefined) return { ...username, privateKey: await readKey(flags.keyFile) };
  const password = flags.stdin === true ? await readStdin() : await askPassword(name);
  if (password === '')
    throw usageError('The password is empty.', 'Type it at the prompt, or pipe it in with --stdin.');
  return { ...username, password };
}

async function readKey(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw usageError(`The key file ${file} cannot be read: ${reason}.`, 'Check the path.');
  });
}

async function askPassword(name: string): Promise<string> {
  if (!canAsk())
    throw usageError('There is no terminal to ask for the password.', 'Pipe it in with --stdin.');
  return askSecret(`Password for ${name}: `);
}
