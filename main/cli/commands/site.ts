import type { Command } from 'commander';
import pc from 'picocolors';
import { EXIT } from '../../../src/contract/errors.ts';
import type { Problem } from '../../../src/contract/api.ts';
import type { CliContext } from '../context.ts';
import { print, printJson } from '../output.ts';

/** validate, inventory, schema: the site file without touching the site. */
export function addSiteCommands(program: Command, context: CliContext): void {
  program
    .command('validate')
    .description('check a site file and show every problem with its place')
    .argument('<file>', 'the site file')
    .action(async (file: string) => {
      const result = await (await context.client()).call('site.validate', { file });
      if (context.json()) printJson(result);
      else print(validationText(file, result.problems));
      context.exit(result.ok ? EXIT.done : EXIT.invalid);
    });
  program
    .command('inventory')
    .description('print the Ansible inventory of a site file')
    .argument('<file>', 'the site file')
    .action(async (file: string) => {
      const { yaml } = await (await context.client()).call('site.inventory', { file });
      if (context.json()) printJson({ yaml });
      else print(yaml);
    });
  program
    .command('schema')
    .description('print the JSON Schema of the site file')
    .action(async () => {
      printJson((await (await context.client()).call('site.schema', {})).schema);
    });
}

function validationText(file: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return `${pc.green('✔')} ${file}: no problem found`;
  const lines = problems.map((problem) => {
    const mark = problem.severity === 'error' ? pc.red('error  ') : pc.yellow('warning');
    const hint = problem.hint === undefined ? '' : `\n        ${pc.cyan(problem.hint)}`;
    return `${mark} ${problem.file}:${problem.line}:${problem.column} ${pc.dim(problem.code)}\n        ${problem.message}${hint}`;
  });
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  return [...lines, '', `${errors} errors, ${problems.length - errors} warnings`].join('\n');
}
