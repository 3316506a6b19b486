import type { Command } from 'commander';
import pc from 'picocolors';
import type { BringupClient, RunDocument, RunSummary } from '../../../src/contract/api.ts';
import type { CliContext } from '../context.ts';
import { clock, failureText, glyph, paint } from '../format.ts';
import { createLineWriter } from '../lines.ts';
import { columns, print, printJson, usageError } from '../output.ts';

/** runs, show, logs: what was done and what came of it, from the journals. */
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
  program
    .command('logs')
    .description('print every event of a run as plain lines')
    .argument('[run]', 'the run, or its beginning; the newest when left out')
    .action(async (name: string | undefined) => {
      const client = await context.client();
      const { events } = await client.call('runs.events', { run: await findRun(client, name) });
      if (context.json()) return printJson({ events });
      const write = createLineWriter();
      for (const event of events) {
        const line = write(event);
        if (line !== null) print(line);
      }
    });
}

async function findRun(client: BringupClient, name: string | undefined): Promise<string> {
  const { runs } = await client.call('runs.list', {});
  const found = runs.filter((entry) => name === undefined || entry.run.startsWith(name));
  const first = found[0];
  if (first === undefined) {
    throw usageError(
      name === undefined
        ? 'There is no run on this machine yet.'
        : `There is no run that begins with ${name}.`,
      'See the runs with: bringup runs',
    );
  }
  if (name !== undefined && found.length > 1 && first.run !== name)
    throw usageError(`${found.length} runs begin with ${name}.`, 'Give more of its name; see: bringup runs');
  return first.run;
}

function runLine(run: RunSummary): string {
  const status = run.interrupted === undefined ? run.status : 'left without an end';
  const stopped = run.stopped_at === undefined ? '' : ` at ${run.stopped_at}`;
  const stages = `${run.stages_done} of ${run.stages_total} stages`;
  return `${glyph(run.status)} ${run.run}  ${pc.bold(run.site)}  ${paint(run.status, status + stopped)}, ${stages}`;
}

function showText(run: RunDocument): string {
  const lines = [
    `${pc.bold(run.site)}  ${run.stack}  ${pc.dim(run.run)}`,
    `${pc.dim('site file')} ${run.site_file}`,
  ];
  for (const stage of run.stages) {
    const seconds =
      stage.started === undefined || stage.finished === undefined
        ? ''
        : clock((Date.parse(stage.finished) - Date.parse(stage.started)) / 1000);
    lines.push(
      `${glyph(stage.status)} ${stage.title.padEnd(26)} ${seconds.padStart(7)}  ${stage.status}${stage.text === undefined ? '' : `, ${stage.text}`}`,
    );
  }
  lines.push(`${glyph(run.status)} ${run.interrupted ?? run.text ?? run.status}`);
  const failures = run.stages.flatMap((stage) => stage.failures);
  return [...lines, ...failures.map((record) => `\n${failureText(record, columns())}`)].join('\n');
}
