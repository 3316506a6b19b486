import { pc } from './colors.ts';
import type { FailureRecord, Fix } from '../../src/contract/failure.ts';
import { OWNERS } from './format.ts';
import { wrapLine } from './paragraph.ts';

const LABEL_WIDTH = 8;
const MARGIN = '  ';

/** A failure record as the engineer reads it: what, where, why, whose, what now. `run` is named in the commands. */
export function failureText(record: FailureRecord, width: number, run?: string): string {
  const { why } = record;
  const head = `${pc.red('✖ failed')}  ${pc.dim(record.reference)}${why.key === null ? '' : pc.dim(`  ${why.key}`)}`;
  const rows: [string, string[]][] = [
    ['What', [pc.bold(record.what)]],
    ['Where', whereLines(record)],
    ['Why', [why.summary, ...why.chain.map((link, index) => `${index + 1}. ${link}`)]],
    [
      '',
      why.evidence
        .filter(({ text }) => text !== why.summary)
        .flatMap(({ source, text }) => evidenceLines(source, text)),
    ],
    ['Whose', [record.owner === null ? 'not known' : OWNERS[record.owner]]],
    ['Now', record.fixes.flatMap((fix) => fixLines(fix, run))],
  ];
  const body = rows
    .filter(([, lines]) => lines.length > 0)
    .map(([label, lines]) => section(label, lines, width));
  return [head, ...body].join('\n');
}

function whereLines({ where }: FailureRecord): string[] {
  const place = [where.host, where.task === undefined ? undefined : `"${where.task}"`]
    .filter(Boolean)
    .join(', ');
  const line = where.line === undefined ? '' : `:${where.line}`;
  const file = where.file === undefined ? '' : `${where.file}${line}, `;
  return [
    `stage ${where.stage}${place === '' ? '' : `, ${place}`}`,
    pc.dim(`${file}runs on ${where.runs_on}`),
  ];
}

/** One line stays beside its source; more go below it. */
function evidenceLines(source: string, text: string): string[] {
  const [first = '', ...more] = text.split('\n').filter((line) => line.trim() !== '');
  if (more.length === 0) return [`${pc.dim(`${source}:`)} ${first}`];
  return [pc.dim(`${source}:`), ...[first, ...more].map((line) => `  ${line}`)];
}

function fixLines({ title, command, action }: Fix, run: string | undefined): string[] {
  const typed = action === undefined ? undefined : commandOf(action, run);
  return [title, ...[command, typed].filter((one) => one !== undefined).map((one) => `  ${pc.cyan(one)}`)];
}

/** What the action of a fix is as a command: what a run has to be applied with, it is retried with. */
function commandOf(action: string, run: string | undefined): string | undefined {
  const [verb = '', ...flags] = action.trim().split(/\s+/);
  if (!['retry', 'resume', 'apply'].includes(verb)) return undefined;
  const typed = flags.map((flag) => (flag === '--confirm' ? '--confirm-vm-change' : flag));
  return [
    'bringup',
    verb === 'resume' ? 'resume' : 'retry',
    ...(run === undefined ? [] : [run]),
    ...typed,
  ].join(' ');
}

function section(label: string, lines: readonly string[], width: number): string {
  const room = Math.max(30, width - LABEL_WIDTH - MARGIN.length);
  return lines
    .flatMap((line) => wrapLine(line, room, /^ {2}/.test(line) ? undefined : hangOf(line)))
    .map((line, index) => (index === 0 ? pc.dim(label.padEnd(LABEL_WIDTH)) : ' '.repeat(LABEL_WIDTH)) + line)
    .map((line) => MARGIN + line)
    .join('\n');
}

/** A numbered link of the chain is set in by its number. */
function hangOf(line: string): number {
  return /^\d+\. /.exec(line)?.[0].length ?? 0;
}
