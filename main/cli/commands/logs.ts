import type { Command } from 'commander';
import type { BringupClient } from '../../../src/contract/api.ts';
import type { RunEvent } from '../../../src/contract/events.ts';
import type { CliContext } from '../context.ts';
import { findRun } from '../find-run.ts';
import { createLineWriter, failureSentence } from '../lines.ts';
import { parseSince, passes, type LogFilter } from '../log-filter.ts';
import { printLogLine } from '../output.ts';

/** Events that are asked for at once. */
const PAGE = 100_000;

interface Flags extends LogFilter {
  readonly follow?: boolean;
}

/** logs: the events of a run as plain lines, all or those asked for, and (with --follow) as they come. */
export function addLogCommand(program: Command, context: CliContext): void {
  program
    .command('logs')
    .description('print the events of a run as plain lines')
    .argument('[run]', 'the run, or its beginning; the newest when left out')
    .option('--stage <id>', 'only this stage')
    .option('--host <name>', 'only what this host answered')
    .option('--failed', 'only failures')
    .option('--since <time>', 'only from then on: 10m, 2h, or 2026-11-21T14:05', (value) =>
      parseSince(value, new Date()),
    )
    .option('-f, --follow', 'go on until the run ends (--json: JSON lines)')
    .action(async (name: string | undefined, flags: Flags) => {
      const client = await context.client();
      const run = await findRun(client, name);
      const fits = (event: RunEvent): boolean => passes(event, flags);
      if (flags.follow === true)
        return follow(client, run, context.json() ? printLine(fits) : printText(fits));
      if (context.json()) return printDocument(client, run, fits);
      const show = printText(fits);
      const notice = await eachPage(client, run, (events) => events.forEach(show));
      if (notice !== undefined) process.stderr.write(`${notice}\n`);
    });
}

type Show = (event: RunEvent) => void;

function printText(fits: (event: RunEvent) => boolean): Show {
  const write = createLineWriter();
  return (event) => {
    // The writer learns the titles of tasks from events that are not shown, too.
    const line = event.kind === 'failure' ? failureLine(event) : write(event);
    if (line !== null && fits(event)) printLogLine(plain(line));
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

async function eachPage(
  client: BringupClient,
  run: string,
  onEvents: (events: readonly RunEvent[]) => void,
): Promise<string | undefined> {
  for (let from = 1; ;) {
    const { events, more, notice } = await client.call('runs.events', { run, from, limit: PAGE });
    onEvents(events);
    const last = events.at(-1);
    if (!more || last === undefined) return notice;
    from = last.seq + 1;
  }
}

async function follow(client: BringupClient, run: string, show: Show): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = client.subscribe(run, 1, (events) => {
      events.forEach(show);
      if (events.at(-1)?.kind !== 'run.finished') return;
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

/** A line for a terminal: machines at the site are quoted in it, and what they say carries nothing out here. */
function plain(line: string): string {
  return line.replaceAll(/(?![\t\n])\p{Cc}/gu, '');
}
