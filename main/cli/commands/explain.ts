import type { Command } from 'commander';
import pc from 'picocolors';
import type { Explanation } from '../../../src/contract/api.ts';
import { EXIT } from '../../../src/contract/errors.ts';
import type { CliContext } from '../context.ts';
import { print, printJson } from '../output.ts';
import { readStdin } from '../prompt.ts';

/** explain: what an error text means. */
export function addExplainCommand(program: Command, context: CliContext): void {
  program
    .command('explain')
    .description('say what an error text (on standard input) means, whose it is and what to do')
    .action(async () => {
      const client = await context.client();
      const explanation = await client.call('failures.explain', { text: await readStdin() });
      if (context.json()) printJson(explanation);
      else printExplanation(explanation);
      context.exit(EXIT.done);
    });
}

function printExplanation({ key, summary, owner, fixes, evidence = [], request }: Explanation): void {
  print(key === null ? 'The cause is not known to the catalogue.' : `${pc.bold(summary)}  ${pc.dim(key)}`);
  if (key !== null) print(`whose: ${owner ?? 'not known'}`);
  for (const { title, command } of fixes) {
    print(`now:   ${title}${command === undefined ? '' : `\n       ${pc.cyan(command)}`}`);
  }
  for (const { source, text } of evidence) {
    print(pc.dim(`seen:  ${source}`));
    for (const line of text.split('\n')) print(`       ${line}`);
  }
  if (request !== undefined) print(`\n${pc.dim('to send to the owner:')}\n${request}`);
}
