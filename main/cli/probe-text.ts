import { stripVTControlCharacters } from 'node:util';
import cliTruncate from 'cli-truncate';
import { pc } from './colors.ts';
import wrapAnsi from 'wrap-ansi';
import type {
  ProbeCheck,
  ProbeResult,
  ProbeRow,
  ProbeStatus,
  VantagePoint,
} from '../../src/contract/vantage.ts';
import { OWNERS } from './format.ts';
import { paragraph } from './paragraph.ts';

/** The columns of the table; what the way back and BMCs say stands below it. */
const COLUMNS: readonly (readonly [ProbeCheck, string])[] = [
  ['service', 'service'],
  ['machine', 'ping'],
  ['size', 'full size'],
  ['gateway', 'gateway'],
  ['far-gateway', 'far side'],
  ['beside', 'beside'],
];
const WORDS: Readonly<Record<ProbeStatus, string>> = {
  ok: 'ok',
  refused: 'refused',
  timeout: 'silence',
  unreachable: 'no way',
  'no-route': 'no route',
  prohibited: 'denied',
  name: 'no name',
  tls: 'no TLS',
  'wrong-answer': 'wrong',
  'too-big': 'too big',
  down: 'down',
  unclear: 'unclear',
  'not-asked': 'not asked',
};
/** Columns for the name of a machine; with the longest words in all cells the table is 80 wide. */
const NAME_WIDTH = 13;

/** The matrix as a table of 80 columns, what stands behind each cell that is not ok, then whose leg is broken and what now. */
export function probeText(result: ProbeResult, width: number): string {
  const { verdict, points, matrix } = result;
  const columns = COLUMNS.filter(([check]) => matrix.some((row) => row.check === check));
  const asked = points.filter(({ kind }) => kind !== 'bmc');
  const cells = [
    ['from', ...columns.map(([, title]) => title)].map((title) => pc.dim(title)),
    ...asked.map((point) => [
      cliTruncate(point.label, NAME_WIDTH),
      ...columns.map(([check]) =>
        cellText(matrix.find((row) => row.from === point.id && row.check === check)),
      ),
    ]),
  ];
  const notes = matrix.filter(
    ({ status, check }) => status !== 'ok' || check === 'power' || check === 'link',
  );
  return [
    `${pc.bold(result.label)}  ${pc.dim(result.destination)}`,
    '',
    table(cells, width),
    '',
    ...notes.map((row) => noteText(row, points, width)),
    ...(notes.length === 0 ? [] : ['']),
    verdictText(result, width),
    ...(verdict.request === '' ? [] : ['', pc.dim('To send:'), wrapAnsi(verdict.request.trimEnd(), width)]),
  ].join('\n');
}

function cellText(row: ProbeRow | undefined): string {
  if (row === undefined) return pc.dim('·');
  const word = WORDS[row.status];
  if (row.status === 'ok') return pc.green(`✔ ${row.ms === undefined ? word : `${row.ms} ms`}`);
  if (row.status === 'not-asked' || row.status === 'unclear')
    return pc.dim(row.check === 'service' ? `? ${word}` : '?');
  return pc.red(`✖ ${word}`);
}

function table(rows: readonly (readonly string[])[], width: number): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  const line = (row: readonly string[], gap: number): string =>
    row
      .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell) + gap))
      .join('')
      .trimEnd();
  const sum = widths.reduce((total, one) => total + one, 0);
  const gap = sum + 2 * (widths.length - 1) <= width ? 2 : 1;
  return rows.map((row) => line(row, gap)).join('\n');
}

/** Terminals show the marks in one column, where emoji tables say two. */
function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}

function noteText(row: ProbeRow, points: readonly VantagePoint[], width: number): string {
  const label = points.find(({ id }) => id === row.from)?.label ?? row.from;
  const open = row.status === 'not-asked' || row.status === 'unclear';
  const mark = row.status === 'ok' ? pc.green('✔') : open ? pc.dim('?') : pc.red('✖');
  const text = row.status === 'not-asked' ? `not asked: ${row.text}` : `${row.to}: ${row.text}`;
  return paragraph(mark, [`${pc.bold(label)}  ${text}`], width);
}

function verdictText({ verdict }: ProbeResult, width: number): string {
  const works = verdict.key === 'works';
  return paragraph(
    works ? pc.green('✔') : pc.red('✖'),
    [
      `${verdict.summary}  ${pc.dim(verdict.key)}`,
      ...(works
        ? []
        : [`${pc.dim('whose')} ${verdict.owner === null ? 'not known' : OWNERS[verdict.owner]}`]),
      ...verdict.fixes.map(({ title }) => `${pc.cyan('now')} ${title}`),
    ],
    width,
  );
}
