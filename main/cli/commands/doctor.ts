import type { Command } from 'commander';
import pc from 'picocolors';
import type { DoctorResult } from '../../../src/contract/api.ts';
import { EXIT } from '../../../src/contract/errors.ts';
import type { CheckResult } from '../../../src/contract/events.ts';
import type { CliContext } from '../context.ts';
import { paragraph } from '../paragraph.ts';
import { columns, print, printJson } from '../output.ts';

const MARKS: Readonly<Record<CheckResult['status'], string>> = {
  ok: pc.green('✔'),
  warning: pc.yellow('!'),
  failed: pc.red('✖'),
  skipped: pc.dim('–'),
};

/** doctor: what Bringup needs of this machine, what it found, and what to do about the rest. */
export function addDoctorCommand(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('check what Bringup needs of this machine; nothing at a site is touched')
    .action(async () => {
      const result = await (await context.client()).call('app.doctor', {});
      if (context.json()) printJson(result);
      else print(doctorText(result, columns()));
      context.exit(result.ok ? EXIT.done : EXIT.failed);
    });
}

/** Each check in a line, with its remedy below where it needs one. */
export function doctorText({ checks }: DoctorResult, width: number): string {
  const room = Math.max(...checks.map(({ title }) => title.length));
  const lines = checks.map(({ status, title, seen, remedy }) => {
    const now = remedy === undefined ? [] : [`${pc.cyan('now')} ${remedy}`];
    return paragraph(MARKS[status], [`${title.padEnd(room)}  ${seen}`, ...now], width);
  });
  const failed = checks.filter(({ status }) => status === 'failed').length;
  const warned = checks.filter(({ status }) => status === 'warning').length;
  const end =
    failed > 0
      ? `${failed} of ${checks.length} must be mended before a run.`
      : warned > 0
        ? 'Bringup can work here; look at what is marked with !.'
        : 'All that Bringup needs is here.';
  return [...lines, '', end].join('\n');
}
