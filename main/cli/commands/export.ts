import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import type { ExportResult, ReportFormat } from '../../../src/contract/api.ts';
import type { CliContext } from '../context.ts';
import { findRun } from '../find-run.ts';
import { size } from '../format.ts';
import { columns, print, printJson, usageError } from '../output.ts';
import { wrapLine } from '../paragraph.ts';
import { reportFormat } from './verify.ts';

/** export, open and report: a run in one file for somebody elsewhere, such a file looked at here, and what a run proved. */
export function addExportCommands(program: Command, context: CliContext): void {
  program
    .command('export')
    .description('write a run into one file without any secret, to be opened elsewhere')
    .argument('[run]', 'the run, or its beginning; the newest when left out')
    .option('-o, --output <file>', 'the file to write; <run>.bringup in this folder when left out')
    .action(async (name: string | undefined, { output }: { readonly output?: string }) => {
      const client = await context.client();
      const run = await findRun(client, name);
      const result = await client.call('runs.export', { run, file: output ?? `${run}.bringup` });
      if (context.json()) printJson(result);
      else print(exportText(result));
    });
  program
    .command('report')
    .description(
      'say what a run proved, as Markdown; with --output as one HTML file, or as JUnit for test tools',
    )
    .argument('[run]', 'the run, or its beginning; the newest when left out')
    .option(
      '-o, --output <file>',
      'write to this file instead: HTML for .html, JUnit for .xml, else Markdown',
    )
    .action(async (name: string | undefined, { output }: { readonly output?: string }) => {
      const client = await context.client();
      const format = reportFormat(output);
      const result = await client.call('runs.report', { run: await findRun(client, name), format });
      if (output !== undefined)
        await writeFile(output, result.text, { flag: 'wx' }).catch(notWritten(output));
      if (context.json()) printJson(result);
      else print(output === undefined ? result.text : `Wrote ${output} as ${FORMATS[format]}.`);
    });
  program
    .command('open')
    .description('open the exported run of another machine, to be looked at with show, logs and the window')
    .argument('<file>', 'what bringup export wrote')
    .action(async (file: string) => {
      const result = await (await context.client()).call('runs.open', { file });
      if (context.json()) return printJson(result);
      const what = result.own ? 'is a run of this machine already' : 'can be looked at now';
      print(`Run ${result.run}, ${result.events} events, ${what}.`);
      print(`See it with: bringup show ${result.run}`);
    });
}

const FORMATS: Readonly<Record<ReportFormat, string>> = {
  html: 'HTML',
  junit: 'JUnit XML',
  markdown: 'Markdown',
};

function notWritten(file: string): (thrown: NodeJS.ErrnoException) => never {
  return (thrown) => {
    throw usageError(
      thrown.code === 'EEXIST'
        ? `${file} is there already.`
        : `${file} cannot be written: ${thrown.code === 'ENOSPC' ? 'the disk is full' : thrown.message}.`,
      'Choose another file with --output.',
    );
  };
}

function exportText({ file, events, bytes, checked, unchecked, hidden, notice }: ExportResult): string {
  const places = hidden === 1 ? '1 place was' : `${hidden} places were`;
  const names = checked.length === 1 ? '1 credential' : `${checked.length} credentials`;
  return [
    `Wrote ${file}: ${events} events, ${size(bytes)}.`,
    checked.length === 0
      ? 'No credential is stored that the run could have used, so there was no secret to search for.'
      : `Searched for the secrets of ${names}; none is in it (${places} covered).`,
    ...(unchecked.length === 0 ? [] : [`Not stored any more, so not searched for: ${unchecked.join(', ')}.`]),
    ...(notice === undefined ? [] : [notice]),
  ]
    .flatMap((line) => wrapLine(line, columns(), 2))
    .join('\n');
}
