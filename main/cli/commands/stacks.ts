import type { Command } from 'commander';
import pc from 'picocolors';
import type { CliContext } from '../context.ts';
import { print, printJson } from '../output.ts';
import { addExplainCommand } from './explain.ts';
import { addStackExchange } from './stacks-exchange.ts';

/** stacks list|show|parameters|export|import and explain: what can be deployed, and what can go wrong. */
export function addStackCommands(program: Command, context: CliContext): void {
  const group = program.command('stacks').description('the stacks that can be deployed');
  group
    .command('list')
    .description('list the stacks with their stages')
    .action(async () => {
      const { stacks } = await (await context.client()).call('stacks.list', {});
      if (context.json()) return printJson({ stacks });
      for (const stack of stacks)
        print(
          `${pc.bold(stack.name)} ${stack.version}  ${stack.title}${stack.origin === 'imported' ? pc.dim('  imported') : ''}\n  ${stack.stages.join(', ')}`,
        );
    });
  group
    .command('show')
    .description('print a stack file')
    .argument('<name>')
    .action(async (name: string) => {
      const stack = await (await context.client()).call('stacks.show', { name });
      if (context.json()) printJson(stack);
      else print(stack.text);
    });
  group
    .command('parameters')
    .description('print the JSON Schema of what a site file can set under parameters')
    .argument('<name>')
    .action(async (name: string) => {
      const { schema } = await (await context.client()).call('stacks.parameters', { name });
      if (context.json()) return printJson({ schema });
      print(schema === null ? `The stack ${name} has no parameters.` : JSON.stringify(schema, null, 2));
    });
  addStackExchange(group, context);
  addExplainCommand(program, context);
}
