import { stripVTControlCharacters } from 'node:util';
import cliTruncate from 'cli-truncate';
import { countsWords, MATRIX_WORDS, probeTitle } from '../../src/contract/matrix.ts';
import type {
  MatrixCell,
  MatrixColumn,
  MatrixSpot,
  MatrixStatus,
  StageMatrix,
} from '../../src/contract/matrix.ts';
import type { RunDocument } from '../../src/contract/api.ts';
import { starsOf, type MatrixStar } from './matrix-stars.ts';
import { pc } from './colors.ts';
import { paragraph } from './paragraph.ts';

/** Columns of a terminal for the name of a machine. */
const NAME_WIDTH = 13;
/** So many tests that are not ok are told below the table. */
const NOTES = 12;
const MARKS: Readonly<Record<MatrixStatus, string>> = {
  ok: pc.green('✔'),
  warn: pc.yellow('!'),
  failed: pc.red('✖'),
  'not-tried': pc.dim('–'),
};

/** Up to so many machines a table stands without being asked for. */
const FEW = 12;

/** The matrices of a run, each below the title of its stage; empty where it has none. `whole` shows long tables too. */
export function matricesText(run: RunDocument, width: number, whole: boolean): string {
  return run.stages
    .flatMap(({ title, matrix }) => (matrix === undefined ? [] : [matrixText(title, matrix, width, whole)]))
    .join('\n\n');
}

/**
 * A stage's matrix in the width of a terminal: a sign for each cell, machines across by the number of their row, in blocks
 * where they are too many; then what is not ok, in words.
 */
function matrixText(title: string, matrix: StageMatrix, width: number, whole: boolean): string {
  const { rows, columns, counts, left_out: more } = matrix;
  const layers = columns.filter(({ kind }) => kind === 'layer');
  const machines = columns.filter(({ kind }) => kind === 'machine');
  const bad = rows.flatMap(({ spots }) => spots.flatMap((spot) => spot?.cells ?? [])).filter(isBad);
  const notes = starsOf(bad);
  const asked = rows.filter(({ untried }) => untried !== undefined);
  return [
    `${pc.bold(`Matrix of ${title}`)}  ${countsWords(counts)}${more === undefined ? '' : `, ${more} more not kept`}`,
    ...(whole || rows.length <= FEW
      ? [
          ...blocks(matrix, layers, width, ({ title: name }) => name),
          ...blocks(matrix, machines, width, (column) => String(placeOf(matrix, column))),
        ]
      : [pc.dim(`A table of ${rows.length} machines: bringup show --details`)]),
    ...asked.map(({ machine, untried }) => `${MARKS['not-tried']} ${machine} not tried: ${untried ?? ''}`),
    ...notes.slice(0, NOTES).map((note) => noteText(note, width)),
    ...(notes.length > NOTES ? [pc.dim(`${notes.length - NOTES} more in the window or with --json`)] : []),
  ].join('\n');
}

function isBad({ status }: MatrixCell): boolean {
  return status === 'failed' || status === 'warn';
}

/** The table in as many parts, one below the other, as the width takes. */
function blocks(
  { rows, columns, probes }: StageMatrix,
  shown: readonly MatrixColumn[],
  width: number,
  head: (column: MatrixColumn) => string,
): string[] {
  const numbered = probes.length > 0;
  const label = (at: number, name: string): string =>
    cliTruncate(
      numbered ? `${String(at + 1).padStart(String(rows.length).length)} ${name}` : name,
      NAME_WIDTH,
    );
  const corner = pc.dim((shown[0]?.kind === 'machine' ? 'from \\ to' : 'machine').padEnd(NAME_WIDTH));
  const tables: string[] = [];
  for (let first = 0; first < shown.length;) {
    const part = fitting(shown.slice(first), width, head);
    first += part.length;
    const widths = part.map((column) => Math.max(2, head(column).length));
    const line = (name: string, cells: readonly string[]): string =>
      `${pad(name, NAME_WIDTH)} ${cells.map((cell, at) => pad(cell, widths[at] ?? 2)).join(' ')}`.trimEnd();
    tables.push(
      [
        line(
          corner,
          part.map((column) => pc.dim(head(column))),
        ),
        ...rows.map(({ machine, spots }, at) =>
          line(
            label(at, machine),
            part.map((column) => signOf(spots[columns.indexOf(column)])),
          ),
        ),
      ].join('\n'),
    );
  }
  return tables;
}

function fitting(
  columns: readonly MatrixColumn[],
  width: number,
  head: (column: MatrixColumn) => string,
): readonly MatrixColumn[] {
  let used = NAME_WIDTH;
  const count = columns.findIndex((column) => (used += Math.max(2, head(column).length) + 1) > width);
  return count < 0 ? columns : columns.slice(0, Math.max(1, count));
}

function signOf(spot: MatrixSpot | null | undefined): string {
  return spot === null || spot === undefined ? pc.dim('·') : MARKS[spot.status];
}

/** Machines across are told by the number of their row: names would take the width of the table. */
function placeOf({ rows }: StageMatrix, { title }: MatrixColumn): number {
  return rows.findIndex(({ machine }) => machine === title) + 1;
}

function noteText({ cell, ways }: MatrixStar, width: number): string {
  const { status, probe, at, seen, wanted } = cell;
  const place = at === undefined ? '' : ` (${at})`;
  const said = `${probeTitle(probe)} ${MATRIX_WORDS[status]}: ${seen}${wanted === undefined ? '' : `; wanted ${wanted}`}`;
  return paragraph(MARKS[status], [`${pc.bold(ways)}${place}  ${said}`], width);
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stripVTControlCharacters(text).length));
}
