import type { Command } from 'commander';
import pc from 'picocolors';
import type { CliContext } from '../context.ts';
import { columns, print, printJson } from '../output.ts';
import { wrapLine } from '../paragraph.ts';
import { addStackExchange } from './stacks-exchange.ts';

/** stacks list|show|parameters|export|import: what can be deployed. */
export function addStackCommands(program: Command, context: CliContext): void {
  const group = program.command('stacks').description('the stacks that can be deployed');
  group
    .command('list')
    .description('list the stacks with their stages')
    .action(async () => {
      const { stacks } = await (await context.client()).call('stacks.list', {});
      if (context.json()) return printJson({ stacks });
      for (const { name, version, title, origin, stages } of stacks) {
        print(`${pc.bold(name)} ${version}  ${title}${origin === 'imported' ? pc.dim('  imported') : ''}`);
        print(wrapLine(`  ${stages.join(', ')}`, columns(), 2).join('\n'));
      }
    });
  group
    .command('show')
    .description('print a stack file')
    .argument('<name>', 'the name of the stack, as "stacks list" shows it')
    .action(async (name: string) => {
      const stack = await (await context.client()).call('stacks.show', { name });
      if (context.json()) printJson(stack);
      else print(stack.text);
    });
  group
    .command('parameters')
    .description('print the JSON Schema of what a site file can set under parameters')
    .argument('<name>', 'the name of the stack, as "stacks list" shows it')
    .action(async (name: string) => {
      const { schema } = await (await context.client()).call('stacks.parameters', { name });
      if (context.json()) return printJson({ schema });
      print(schema === null ? `The stack ${name} has no parameters.` : JSON.stringify(schema, null, 2));
    });
  addStackExchange(group, context);
}
