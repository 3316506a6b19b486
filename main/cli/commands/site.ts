import type { Command } from 'commander';
import pc from 'picocolors';
import { EXIT } from '../../../src/contract/errors.ts';
import type { MigrateResult, Problem } from '../../../src/contract/api.ts';
import type { CliContext } from '../context.ts';
import { columns, print, printJson } from '../output.ts';
import { problemCounts, problemLines } from '../problems-text.ts';

/** validate, inventory, schema: the site file without touching the site. */
export function addSiteCommands(program: Command, context: CliContext): void {
  program
    .command('validate')
    .description('check a site file and show every problem with its place')
    .argument('<file>', 'the site file')
    .option('--migrate', 'first bring a file of an older version up to date; the old one is kept beside it')
    .action(async (file: string, flags: { readonly migrate?: boolean }) => {
      const client = await context.client();
      const migrated = flags.migrate === true ? await client.call('site.migrate', { file }) : undefined;
      const result = await client.call('site.validate', { file });
      if (context.json()) printJson(migrated === undefined ? result : { ...result, migrated });
      else {
        if (migrated !== undefined) print(migrationText(file, migrated));
        print(validationText(file, result.problems));
      }
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

function migrationText(file: string, { from, to, changes, backup }: MigrateResult): string {
  if (changes.length === 0) return `${file} is of the version ${to} already.`;
  const lines = changes.map(({ line, what }) => `  line ${String(line).padStart(3)}  ${what}`);
  return [`${file}: ${from} to ${to}`, ...lines, `The old file is kept as ${backup ?? ''}.`, ''].join('\n');
}

function validationText(file: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return `${pc.green('✔')} ${file}: no problem found`;
  return [...problemLines(problems, columns()), '', problemCounts(problems)].join('\n');
}
