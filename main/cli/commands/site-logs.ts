import { InvalidArgumentError, Option, type Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BringupClient, LogPage, LogQuestion, LogRecord } from '../../../src/contract/api.ts';
import { LOG_SEVERITIES, LOG_SOURCES, type LogSeverity, type LogSource } from '../../../src/contract/logs.ts';
import type { CliContext } from '../context.ts';
import { plainLine } from '../lines.ts';
import { parseSince } from '../log-filter.ts';
import { printJson, printLogLine, usageError } from '../output.ts';
import { readerGone } from '../standard-output.ts';

/** What `logs --site` takes beside what it shares with `logs RUN`. */
export interface SiteLogFlags {
  readonly site?: string;
  readonly host?: string;
  readonly source?: LogSource;
  readonly severity?: LogSeverity;
  readonly text?: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly limit?: number;
  readonly follow?: boolean;
}

const USUAL = 200;
/** Messages that one answer holds at the most. */
const PAGE = 1000;
/** Between two questions while following. */
const PAUSE_MS = 2000;
/** Looked back over what was told already: a machine's file may be written a moment after another's. */
const LATE_MS = 10_000;

/** The options of `logs --site`. */
export function addSiteLogOptions(command: Command): Command {
  return command
    .option(
      '--site <file>',
      'the central logs of this site instead, from its deployment VM; --json: newest first',
    )
    .addOption(
      new Option('--source <kind>', 'with --site: only from this kind of sender').choices(LOG_SOURCES),
    )
    .addOption(
      new Option('--severity <name>', 'with --site: this severity and worse').choices(LOG_SEVERITIES),
    )
    .option('--text <text>', 'with --site: only with this in program or text, in any case')
    .option('--until <time>', 'with --site: only up to then, as with --since', (value) =>
      parseSince(value, new Date()),
    )
    .option('--limit <n>', `with --site: the newest so many, ${USUAL} when left out`, count);
}

/** Refuses options of the one kind of logs beside the other. Throws USAGE. */
export function checkSiteFlags(run: string | undefined, flags: SiteLogFlags, ofRun: object): void {
  const given = Object.entries(ofRun).find(([, value]) => value !== undefined)?.[0];
  if (flags.site !== undefined && (run !== undefined || given !== undefined)) {
    const what = run === undefined ? `--${String(given)}` : `the run ${run}`;
    throw usageError(`--site does not go with ${what}.`, 'A run has its own log: bringup logs RUN');
  }
  const { source, severity, text, until, limit } = flags;
  const only = Object.entries({ source, severity, text, until, limit }).find(
    ([, value]) => value !== undefined,
  );
  if (flags.site === undefined && only !== undefined)
    throw usageError(`--${only[0]} goes with --site.`, 'Name the site file: bringup logs --site site.yaml');
}

/** Prints the central logs of a site: the newest that fit, oldest first, and with `follow` what comes then. */
export async function printSiteLogs(context: CliContext, file: string, flags: SiteLogFlags): Promise<void> {
  const client = await context.client();
  const { host, source, severity, text, since, until, limit = USUAL } = flags;
  const question: LogQuestion = {
    file,
    ...(host === undefined ? {} : { host }),
    ...(source === undefined ? {} : { source }),
    ...(severity === undefined ? {} : { severity }),
    ...(text === undefined ? {} : { text }),
    ...(since === undefined ? {} : { since: since.toISOString() }),
    ...(until === undefined ? {} : { until: until.toISOString() }),
  };
  const { records, more, back_to: backTo } = await collect(client, question, limit);
  if (context.json() && flags.follow !== true) {
    printJson({ records, more, ...(backTo === undefined ? {} : { back_to: backTo }) });
    return;
  }
  const show = context.json()
    ? (record: LogRecord) => void process.stdout.write(`${JSON.stringify(record)}\n`)
    : (record: LogRecord) => printLogLine(lineOf(record));
  [...records].reverse().forEach(show);
  if (more && backTo !== undefined && !context.json())
    process.stderr.write(`Older ones than ${backTo} were left out; see more with --limit or --until.\n`);
  if (flags.follow === true) await follow(client, question, records, show);
}

/** Pages until there are so many, or no more. */
async function collect(
  client: BringupClient,
  question: LogQuestion,
  limit: number,
): Promise<Omit<LogPage, 'site' | 'senders'>> {
  const records: LogRecord[] = [];
  for (let before: LogPage['before']; ;) {
    const page = await client.call('logs.search', {
      ...question,
      limit: Math.min(PAGE, limit - records.length),
      ...(before === undefined ? {} : { before }),
    });
    records.push(...page.records);
    before = page.before;
    if (!page.more || before === undefined || records.length >= limit) return { ...page, records };
  }
}

async function follow(
  client: BringupClient,
  question: LogQuestion,
  first: readonly LogRecord[],
  show: (record: LogRecord) => void,
): Promise<void> {
  const told = new Set(first.map(({ id }) => id));
  let newest = first[0]?.at ?? question.since ?? new Date().toISOString();
  while (!readerGone()) {
    await sleep(PAUSE_MS);
    const since = new Date(Date.parse(newest) - LATE_MS).toISOString();
    const { records } = await collect(client, { ...question, since }, Number.POSITIVE_INFINITY);
    const fresh = [...records].reverse().filter(({ id }) => !told.has(id));
    fresh.forEach((record) => {
      told.add(record.id);
      show(record);
    });
    newest = records[0]?.at ?? newest;
  }
}

function lineOf({ at, host, severity, program, text }: LogRecord): string {
  const [day = '', time = ''] = utcOf(at).split('T');
  const date = utcOf(new Date()).startsWith(day) ? '' : `${day} `;
  const grave = LOG_SEVERITIES.slice(0, 5).some((name) => name === severity) ? `${severity}: ` : '';
  return plainLine(
    `${date}${time.slice(0, 8)}  ${host}  ${program === '' ? '' : `${program}: `}${grave}${text}`,
  );
}

/** As in the log of a run; the deployment VM writes the time of its own zone. */
function utcOf(at: string | Date): string {
  return new Date(at).toISOString();
}

function count(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It is a whole number from 1 on.');
}
