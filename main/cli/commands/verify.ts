import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ReportFormat } from '../../../src/contract/api.ts';
import { exitCode, showToEnd, watchStyle } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { fingerprint } from '../fingerprint.ts';
import { print, usageError } from '../output.ts';
import { addSkipOptions, skipsOf, type SkipFlags } from '../skips.ts';

interface Flags extends SkipFlags {
  readonly acceptHostKey?: string;
  readonly html?: string;
  readonly junit?: string;
  readonly plain?: boolean;
}

/** verify: the acceptance test of every stage once more, with reports of it for people and for test tools. */
export function addVerifyCommand(program: Command, context: CliContext): void {
  const command = program
    .command('verify')
    .description(
      'try again whether a site still is as it was set up: the acceptance test of each stage, alone',
    )
    .argument('<file>', 'the site file')
    .option('--html <file>', 'write a report to be read and printed')
    .option('--junit <file>', 'write the results as JUnit XML for test tools')
    .option('--accept-host-key <fingerprint>', 'accept this SSH host key of the KVM host', fingerprint)
    .option('--plain', 'plain lines even on a terminal');
  addSkipOptions(command).action(async (file: string, flags: Flags) => {
    const client = await context.client();
    const { acceptHostKey, html, junit } = flags;
    const begun = await client.call('runs.apply', {
      ...{ siteFile: file, verify: true, ...skipsOf(flags) },
      ...(acceptHostKey === undefined ? {} : { acceptHostKey }),
    });
    const watched = await showToEnd(client, begun, watchStyle(context, flags.plain));
    for (const [format, output] of [
      ['html', html],
      ['junit', junit],
    ] as const) {
      if (output === undefined) continue;
      const { text } = await client.call('runs.report', { run: begun.run, format });
      await writeReport(output, text, begun.run);
      if (!context.json()) print(`Wrote ${output}.`);
    }
    context.exit(exitCode(watched));
  });
}

/** The form of a report by the name of its file. */
export function reportFormat(output: string | undefined): ReportFormat {
  if (output === undefined) return 'markdown';
  if (/\.html?$/i.test(output)) return 'html';
  return /\.xml$/i.test(output) ? 'junit' : 'markdown';
}

/** Writes a report anew; throws a usage error where it cannot, with the way to get it all the same. */
async function writeReport(output: string, text: string, run: string): Promise<void> {
  await writeFile(output, text).catch((thrown: NodeJS.ErrnoException) => {
    throw usageError(
      `${output} cannot be written: ${thrown.message}.`,
      `The run is kept; write its report elsewhere: bringup report ${run} --output FILE`,
    );
  });
}
