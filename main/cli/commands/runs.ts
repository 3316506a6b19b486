import type { Command } from 'commander';
import pc from 'picocolors';
import type { RunDocument, RunSummary } from '../../../src/contract/api.ts';
import type { CliContext } from '../context.ts';
import { clock, failureText, glyph, paint } from '../format.ts';
import { findRun } from '../find-run.ts';
import { columns, print, printJson } from '../output.ts';

/** runs, show: what was done and what came of it, from the journals. */
export function addRunCommands(program: Command, context: CliContext): void {
  program
    .command('runs')
    .description('list the runs on this machine, newest first')
    .action(async () => {
      const { runs } = await (await context.client()).call('runs.list', {});
      if (context.json()) printJson({ runs });
      else
        print(
          runs.length === 0
            ? 'No run yet. Start one with: bringup apply site.yaml'
            : runs.map(runLine).join('\n'),
        );
    });
  program
    .command('show')
    .description('show the state of a run with its failure records')
    .argument('[run]', 'the run, or its beginning; the newest when left out')
    .action(async (name: string | undefined) => {
      const client = await context.client();
      const document = await client.call('runs.show', { run: await findRun(client, name) });
      if (context.json()) printJson(document);
      else print(showText(document));
    });
}

function runLine(run: RunSummary): string {
  const status = run.interrupted === undefined ? run.status : 'left without an end';
  const from = run.opened === undefined ? '' : pc.dim(`  from ${run.opened}`);
  const stopped = run.stopped_at === undefined ? '' : ` at ${run.stopped_at}`;
  const stages = `${run.stages_done} of ${run.stages_total} stages`;
  return `${glyph(run.status)} ${run.run}  ${pc.bold(run.site)}  ${paint(run.status, status + stopped)}, ${stages}${from}`;
}

function showText(run: RunDocument): string {
  const lines = [
    `${pc.bold(run.site)}  ${run.stack}  ${pc.dim(run.run)}`,
    `${pc.dim('site file')} ${run.site_file}`,
  ];
  if (run.opened !== undefined) lines.push(`${pc.dim('opened from')} ${run.opened}`);
  if (run.notice !== undefined) lines.push(`${pc.yellow('!')} ${run.notice}`);
  for (const stage of run.stages) {
    const seconds =
      stage.started === undefined || stage.finished === undefined
        ? ''
        : clock((Date.parse(stage.finished) - Date.parse(stage.started)) / 1000);
    lines.push(
      `${glyph(stage.status)} ${stage.title.padEnd(26)} ${seconds.padStart(7)}  ${stage.status}${stage.text === undefined ? '' : `, ${stage.text}`}`,
      ...stage.warnings.map(({ text }) => pc.yellow(`  ! ${text}`)),
      ...stage.attempts.map((earlier) =>
        pc.dim(
          `  attempt ${earlier.attempt} ${earlier.status}${earlier.text === undefined ? '' : `, ${earlier.text}`}`,
        ),
      ),
    );
  }
  lines.push(`${glyph(run.status)} ${run.interrupted ?? run.text ?? run.status}`);
  const failures = run.stages.flatMap((stage) => stage.failures);
  return [...lines, ...failures.map((record) => `\n${failureText(record, columns())}`)].join('\n');
}
