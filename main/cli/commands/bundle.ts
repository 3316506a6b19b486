import type { Command } from 'commander';
import cliTruncate from 'cli-truncate';
import pc from 'picocolors';
import type { BringupClient, CommandInput, CommandOutput } from '../../../src/contract/api.ts';
import type { BundleCreated, BundleKey, BundleVerified } from '../../../src/contract/bundle.ts';
import { EXIT } from '../../../src/contract/errors.ts';
import { isWhole, lookText } from '../bundle-text.ts';
import type { CliContext } from '../context.ts';
import { progressText, size } from '../format.ts';
import { columns, print, printJson } from '../output.ts';
import { wrapLine } from '../paragraph.ts';

/** How often the terminal is told how far it is, in milliseconds. */
const TOLD_EVERY_MS = 500;

interface CreateFlags {
  readonly output: string;
  readonly key?: string;
  readonly unsigned?: boolean;
}

interface VerifyFlags {
  readonly key?: string;
  readonly unsigned?: boolean;
}

/** bundle create|verify|show|key: everything a site needs offline in one signed file. */
export function addBundleCommands(program: Command, context: CliContext): void {
  const group = program.command('bundle').description('everything a site needs offline, in one signed file');
  group
    .command('create')
    .description('make a bundle of site files, folders and lists')
    .argument(
      '<source...>',
      'a site file, a folder of files for the repository, or a list (YAML with files:)',
    )
    .requiredOption('-o, --output <file>', 'the bundle to write')
    .option('--key <name>', 'sign it with this key, made by "bundle key"')
    .option('--unsigned', 'do not sign it')
    .action(async (sources: string[], { output, ...flags }: CreateFlags) => {
      const input = { sources, file: output, ...flags };
      const result = await watched(context, 'bundle.create', input);
      if (context.json()) printJson(result);
      else print(wrapped(createdText(result)));
    });
  group
    .command('verify')
    .description('read a bundle to its end and compare every file with its signed list')
    .argument('<file>', 'the bundle')
    .option('--key <key>', 'the key it must be signed with: a fingerprint (SHA256:...) or a public key file')
    .option('--unsigned', 'let a bundle without a signature pass')
    .action(async (file: string, flags: VerifyFlags) => {
      const result = await watched(context, 'bundle.verify', { file, ...flags });
      if (context.json()) printJson(result);
      else print(wrapped(verifiedText(result)));
      context.exit(result.ok ? EXIT.done : EXIT.failed);
    });
  group
    .command('show')
    .description(
      'what the bundle of a site file holds, and what its stages want that is neither in it nor here',
    )
    .argument('<site>', 'the site file')
    .action(async (file: string) => {
      const result = await (await context.client()).call('bundle.look', { file });
      if (context.json()) printJson(result);
      else print(wrapped(lookText(result)));
      context.exit(isWhole(result) ? EXIT.done : EXIT.failed);
    });
  group
    .command('key')
    .description('show the public half of a signing key; where none of that name is stored, one is made')
    .argument('<name>', 'its name among the credentials')
    .action(async (name: string) => {
      const result = await (await context.client()).call('bundle.key', { name });
      if (context.json()) printJson(result);
      else print(keyText(result));
    });
}

type Watched = 'bundle.create' | 'bundle.verify';

/** Calls, and meanwhile tells a person on standard error how far it is; Ctrl-C cancels and leaves nothing behind. */
async function watched<C extends Watched>(
  context: CliContext,
  command: C,
  input: CommandInput<C>,
): Promise<CommandOutput<C>> {
  const client = await context.client();
  const tell = !context.json() && process.stderr.isTTY;
  const timer = tell ? setInterval(() => void tellProgress(client), TOLD_EVERY_MS) : undefined;
  const stop = (): void => void client.call('bundle.cancel', {});
  process.once('SIGINT', stop);
  try {
    return await client.call(command, input);
  } finally {
    clearInterval(timer);
    process.off('SIGINT', stop);
    if (tell) process.stderr.write('\r\u001b[K');
  }
}

async function tellProgress(client: BringupClient): Promise<void> {
  const { running, what, done, total } = await client.call('bundle.progress', {});
  if (!running || what === undefined) return;
  const line = `${what}  ${progressText({ done, total, unit: 'bytes' })}`;
  process.stderr.write(`\r${pc.dim(cliTruncate(line, process.stderr.columns))}\u001b[K`);
}

function wrapped(lines: readonly string[]): string {
  return lines.flatMap((line) => wrapLine(line, columns(), 2)).join('\n');
}

function createdText({ file, bytes, sha256, files, signed, fingerprint }: BundleCreated): string[] {
  return [
    `Wrote ${file}: ${counted(files.length)}, ${size(bytes)}.`,
    `SHA-256 ${sha256}`,
    signed
      ? `Signed with the key ${fingerprint ?? ''}; a site file names it as bundle.key.`
      : pc.yellow('Not signed: a site file has to name its SHA-256 as bundle.sha256.'),
  ];
}

const SIGNATURE: Readonly<Record<BundleVerified['signature']['status'], string>> = {
  none: 'Not signed.',
  bad: 'The signature is wrong.',
  other: 'Signed with another key than the one asked for.',
  uncompared:
    'Signed; whose key it is was not compared. Say --key with the fingerprint from the back office.',
  good: 'Signed with the key asked for.',
};

function verifiedText({ ok, file, bytes, files, sha256, signature, problems }: BundleVerified): string[] {
  const key = signature.fingerprint === undefined ? '' : ` (${signature.fingerprint})`;
  return [
    ok
      ? `${pc.green('✔')} ${file}: ${counted(files.length)}, ${size(bytes)}, every one as its list says.`
      : `${pc.red('✖')} ${file}: ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}.`,
    ...(sha256 === undefined ? [] : [`  SHA-256 ${sha256}`]),
    `  ${SIGNATURE[signature.status]}${key}`,
    ...problems.flatMap(({ code, message, hint }) => [
      `${pc.red('error')}  ${message} ${pc.dim(code)}`,
      `  ${pc.cyan('now')}  ${hint}`,
    ]),
  ];
}

function counted(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

function keyText({ name, made, fingerprint, public_key }: BundleKey): string {
  const head = made ? `Made the key ${name} and stored it among the credentials.` : `The key ${name}:`;
  return `${head}\n  ${fingerprint}\n${public_key}`;
}
