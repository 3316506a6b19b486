import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { findRun } from '../find-run.ts';
import { matricesText } from '../matrix-text.ts';
import { columns, print, printJson } from '../output.ts';
import { resultDetails } from '../result-details.ts';
import { runsText, showText } from '../run-text.ts';

/** runs, show: what was done and what came of it, from the journals. */
export function addRunCommands(program: Command, context: CliContext): void {
  program
    .command('runs')
    .description('list the runs on this machine, newest first')
    .action(async () => {
      const { runs } = await (await context.client()).call('runs.list', {});
      if (context.json()) printJson({ runs });
      else print(runsText(runs, columns()));
    });
  program
    .command('show')
    .description('show the state of a run with its failure records')
    .argument('[run]', 'the run, or its beginning; the newest when left out')
    .option('--details', 'also what the hosts said to every task; without it, to failed ones')
    .action(async (name: string | undefined, { details }: { readonly details?: boolean }) => {
      const client = await context.client();
      const document = await client.call('runs.show', { run: await findRun(client, name) });
      if (context.json()) printJson(document);
      else {
        const said = await resultDetails(client, document, details === true, columns());
        const matrices = matricesText(document, columns(), details === true);
        const parts = [matrices, said].filter((part) => part !== '');
        print(showText(document, columns(), parts.join('\n\n')));
      }
    });
}
