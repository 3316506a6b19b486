import type { Command } from 'commander';
import type { HardwareInput } from '../../../src/contract/api.ts';
import { EXIT } from '../../../src/contract/errors.ts';
import type { CliContext } from '../context.ts';
import { compatText, matchText } from '../match-text.ts';
import { columns, print, printJson } from '../output.ts';
import { planText } from '../plan-text.ts';

interface HardwareFlags {
  readonly hardware?: string;
}

/** match, compat, plan: what follows from a site file and the hardware that was discovered; nothing is executed. */
export function addPlanCommands(program: Command, context: CliContext): void {
  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<file>', 'the site file')
      .option(
        '--hardware <file>',
        'what `discover --json` printed; the newest discovery of the site when left out',
      );

  command('match', 'say which hardware profile each host gets, and why').action(
    async (file: string, flags: HardwareFlags) => {
      const result = await (await context.client()).call('hardware.match', input(file, flags));
      if (context.json()) printJson(result);
      else print(matchText(result, columns()));
      context.exit(result.hosts.every((host) => host.status === 'matched') ? EXIT.done : EXIT.failed);
    },
  );
  command('compat', 'say whether the applications of the stack fit each host').action(
    async (file: string, flags: HardwareFlags) => {
      const result = await (await context.client()).call('hardware.compat', input(file, flags));
      if (context.json()) printJson(result);
      else print(compatText(result, columns()));
      const fit = result.hosts.every((host) => host.status === 'pass' || host.status === 'warn');
      context.exit(fit ? EXIT.done : EXIT.failed);
    },
  );
  command('plan', 'show what apply would do, on which hosts and why').action(
    async (file: string, flags: HardwareFlags) => {
      const plan = await (await context.client()).call('plan.show', input(file, flags));
      if (context.json()) printJson(plan);
      else print(planText(plan, columns(), file));
      context.exit(plan.ready ? EXIT.done : EXIT.failed);
    },
  );
}

function input(file: string, { hardware }: HardwareFlags): HardwareInput {
  return hardware === undefined ? { file } : { file, hardware };
}
