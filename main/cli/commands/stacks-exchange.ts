import type { Command } from 'commander';
import pc from 'picocolors';
import type { StackArchiveSummary } from '../../../src/contract/api.ts';
import { BringupError, EXIT } from '../../../src/contract/errors.ts';
import type { CliContext } from '../context.ts';
import { size } from '../format.ts';
import { columns, print, printJson } from '../output.ts';
import { wrapLine } from '../paragraph.ts';
import { askYes, canAsk } from '../prompt.ts';

interface ImportFlags {
  readonly replace?: boolean;
  readonly yes?: boolean;
}

/** stacks export|import: a stack with all that it uses as one file. */
export function addStackExchange(group: Command, context: CliContext): void {
  group
    .command('export')
    .description('write a stack with its playbooks, roles, modules and failure texts into one file')
    .argument('<name>', 'the name of the stack, as "stacks list" shows it')
    .requiredOption('-o, --output <file>', 'the stack archive to write')
    .action(async (name: string, { output }: { readonly output: string }) => {
      const result = await (await context.client()).call('stacks.export', { name, file: output });
      if (context.json()) return printJson(result);
      print(`Wrote ${result.file}: ${name} ${result.version}, ${result.files} files, ${size(result.bytes)}.`);
      print(`SHA-256 ${result.sha256}`);
    });
  group
    .command('import')
    .description('take in a stack archive; its playbooks will run with the credentials of your sites')
    .argument('<file>', 'what stacks export wrote')
    .option('--replace', 'put it in the place of an imported stack of that name')
    .option('--yes', 'agree to what the file holds without being asked')
    .action(async (file: string, { replace, yes }: ImportFlags) => {
      const client = await context.client();
      const found = await client.call('stacks.inspect', { file });
      if (yes !== true) await agree(found);
      const { sha256 } = found;
      const result = await client.call('stacks.import', {
        ...{ file, sha256 },
        ...(replace === undefined ? {} : { replace }),
      });
      if (context.json()) return printJson(result);
      print(`${result.replaced ? 'Replaced' : 'Imported'} ${result.name} ${result.version}.`);
      print(`A site file names it with: stack: ${result.name}`);
    });
}

/** Tells what the file is and asks; what nobody can be asked about is refused. */
async function agree(found: StackArchiveSummary): Promise<void> {
  if (!canAsk()) throw notAgreed(`Nobody can be asked whether ${found.file} is to be imported.`);
  const text = summaryText(found).flatMap((line) => wrapLine(line, columns(), 2));
  process.stderr.write(`${text.join('\n')}\n`);
  if (!(await askYes(`Import ${found.name}?`))) throw notAgreed(`${found.file} was not imported.`);
}

function summaryText({
  name,
  version,
  title,
  files,
  sha256,
  stages,
  existing,
}: StackArchiveSummary): string[] {
  const places = { 'kvm-host': 'the KVM host', 'deployment-vm': 'the deployment VM' };
  return [
    `${pc.bold(name)} ${version}  ${title}: ${files} files`,
    `SHA-256 ${sha256}`,
    ...stages.map(({ id, runs_on }) => `  ${id}  on ${places[runs_on]}`),
    ...(existing === 'imported' ? [`There is an imported stack ${name} already.`] : []),
    pc.yellow(
      'A stack is code: its playbooks will run as root at your sites, with the credentials of their site files. ' +
        'Import it only from somebody you trust, and compare the SHA-256 with what they tell you another way.',
    ),
  ];
}

function notAgreed(message: string): BringupError {
  return new BringupError({
    code: 'STACK_IMPORT_NOT_AGREED',
    exit: EXIT.invalid,
    message,
    hint: 'Look at its SHA-256 and where it comes from, then say --yes.',
  });
}
