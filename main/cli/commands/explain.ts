import type { Command } from 'commander';
import pc from 'picocolors';
import type { Explanation } from '../../../src/contract/api.ts';
import { EXIT } from '../../../src/contract/errors.ts';
import type { CliContext } from '../context.ts';
import { columns, print, printJson } from '../output.ts';
import { wrapLine } from '../paragraph.ts';
import { readStdin } from '../prompt.ts';

/** explain: what an error text means. */
export function addExplainCommand(program: Command, context: CliContext): void {
  program
    .command('explain')
    .description('say what an error text (on standard input) means, whose it is and what to do')
    .action(async () => {
      if (process.stdin.isTTY)
        process.stderr.write('Paste the error text, then press Ctrl-D on a line of its own.\n');
      const client = await context.client();
      const explanation = await client.call('failures.explain', { text: await readStdin() });
      if (context.json()) printJson(explanation);
      else printExplanation(explanation);
      context.exit(EXIT.done);
    });
}

function printExplanation({ key, summary, owner, fixes, evidence = [], request }: Explanation): void {
  print(wrapLine(key === null ? summary : `${pc.bold(summary)}  ${pc.dim(key)}`, columns()).join('\n'));
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
