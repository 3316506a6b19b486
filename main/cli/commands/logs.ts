import type { Command } from 'commander';
import type { BringupClient } from '../../../src/contract/api.ts';
import type { RunEvent } from '../../../src/contract/events.ts';
import type { CliContext } from '../context.ts';
import { findRun } from '../find-run.ts';
import { detailText } from '../detail-text.ts';
import { eachPage } from '../event-pages.ts';
import { createLineWriter, failureSentence, plainLine } from '../lines.ts';
import { isBadResult, parseSince, passes, type LogFilter } from '../log-filter.ts';
import { columns, print, printLogLine } from '../output.ts';
import { readerGone } from '../standard-output.ts';
import { addSiteLogOptions, checkSiteFlags, printSiteLogs, type SiteLogFlags } from './site-logs.ts';

interface Flags extends LogFilter, Omit<SiteLogFlags, keyof LogFilter> {
  readonly follow?: boolean;
  readonly details?: boolean;
}

/** logs: the events of a run as plain lines, or the central logs of a site; all or those asked for, and as they come. */
export function addLogCommand(program: Command, context: CliContext): void {
  const command = program
    .command('logs')
    .description('print the events of a run as plain lines, or the central logs of a site; times are UTC')
    .argument('[run]', 'the run, or its beginning; the newest when left out')
    .option('--stage <id>', 'only this stage')
    .option('--host <name>', 'only what this host answered, or sent')
    .option('--failed', 'only failures')
    .option('--since <time>', 'only from then on: 10m, 2h, or 2026-11-21T14:05 (UTC)', (value) =>
      parseSince(value, new Date()),
    )
    .option('--details', 'what every task said, not only those that failed: command, message, output')
    .option('-f, --follow', 'go on until the run ends (--json: JSON lines)');
  addSiteLogOptions(command).action(async (name: string | undefined, flags: Flags) => {
    const { stage, failed, details } = flags;
    checkSiteFlags(name, flags, { stage, failed, details });
    if (flags.site === undefined) await printRun(context, name, flags);
    else await printSiteLogs(context, flags.site, flags);
  });
}

async function printRun(context: CliContext, name: string | undefined, flags: Flags): Promise<void> {
  const client = await context.client();
  const run = await findRun(client, name);
  const fits = (event: RunEvent): boolean => passes(event, flags);
  const show = printText(fits, flags.details === true);
  if (flags.follow === true) return follow(client, run, context.json() ? printLine(fits) : show);
  if (context.json()) return printDocument(client, run, fits);
  let shown = 0;
  const notice = await eachPage(client, run, (events) => {
    shown += events.filter(fits).length;
    events.forEach(show);
  });
  if (notice !== undefined) process.stderr.write(`${notice}\n`);
  if (shown === 0) process.stderr.write(`Nothing in run ${run} is like that.\n`);
}

/** Columns by which details stand in below the line that they belong to: those of its time. */
const DETAIL_INDENT = 10;

type Show = (event: RunEvent) => void;

function printText(fits: (event: RunEvent) => boolean, details: boolean): Show {
  const write = createLineWriter();
  return (event) => {
    // The writer learns the titles of tasks from events that are not shown, too.
    const line = event.kind === 'failure' ? failureLine(event) : write(event);
    if (line === null || !fits(event)) return;
    printLogLine(plainLine(line));
    if (event.kind !== 'host.result' || event.detail === undefined) return;
    const text = detailText(event.detail, columns(), DETAIL_INDENT);
    if (text !== '' && (details || isBadResult(event))) print(text);
  };
}

function printLine(fits: (event: RunEvent) => boolean): Show {
  return (event) => {
    if (fits(event)) process.stdout.write(`${JSON.stringify(event)}\n`);
  };
}

/** One JSON document, written in pieces: a million events are longer than the longest string. */
async function printDocument(
  client: BringupClient,
  run: string,
  fits: (event: RunEvent) => boolean,
): Promise<void> {
  let separator = '';
  process.stdout.write('{"events": [');
  const notice = await eachPage(client, run, (events) => {
    for (const event of events.filter(fits)) {
      process.stdout.write(`${separator}\n${JSON.stringify(event)}`);
      separator = ',';
    }
  });
  process.stdout.write(`\n]${notice === undefined ? '' : `, "notice": ${JSON.stringify(notice)}`}}\n`);
}

async function follow(client: BringupClient, run: string, show: Show): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = client.subscribe(run, 1, (events) => {
      events.forEach(show);
      if (events.at(-1)?.kind !== 'run.finished' && !readerGone()) return;
      queueMicrotask(() => stop());
      resolve();
    });
    process.once('SIGINT', () => {
      stop();
      resolve();
    });
  });
}

function failureLine({ at, stage, record, early }: Extract<RunEvent, { kind: 'failure' }>): string {
  const word = early === true ? 'failure seen,' : 'failure';
  return `${at.slice(11, 19)}  ${stage}: ${word} ${failureSentence(record)}`;
}
