import type { RunDocument } from '../contract/api.ts';
import { countsWords, isNotNeeded, MATRIX_WORDS, spotWords, UNNEEDED } from '../contract/matrix.ts';
import type { MatrixRow, MatrixSpot, StageMatrix } from '../contract/matrix.ts';
import type { ReportSection } from './report.ts';

/** So many machines across fit on a sheet of paper; of more only what is not ok is named. */
const FIT = 8;

/** What stages tried, machine by machine: a table for each stage that tells such a thing. */
export function matrixSections(run: RunDocument): ReportSection[] {
  return run.stages.flatMap(({ title, matrix }) =>
    matrix === undefined ? [] : [matrixSection(title, matrix)],
  );
}

function matrixSection(title: string, matrix: StageMatrix): ReportSection {
  const { columns, rows, counts, left_out: more } = matrix;
  const layers = columns.filter(({ kind }) => kind === 'layer').length;
  const fits = columns.length - layers <= FIT;
  const heads = columns.map((column) => (column.kind === 'machine' ? `to ${column.title}` : column.title));
  const shown = fits ? heads : [...heads.slice(0, layers), 'to the others'];
  return {
    title: `${title}: machine by machine`,
    columns: ['Machine', ...shown],
    rows: rows.map((row) => [row.machine, ...cellsOf(row, shown.length, layers, fits, matrix)]),
    text: `Tests: ${countsWords(counts)}${more === undefined ? '' : `; ${more} more are not kept in the run`}.`,
  };
}

function cellsOf(
  { untried, spots }: MatrixRow,
  width: number,
  layers: number,
  fits: boolean,
  matrix: StageMatrix,
): string[] {
  if (untried !== undefined) return [`not tried: ${untried}`, ...Array.from({ length: width - 1 }, () => '')];
  if (fits) return spots.map(wordsOf);
  return [...spots.slice(0, layers).map(wordsOf), othersOf(spots.slice(layers), layers, matrix)];
}

function wordsOf(spot: MatrixSpot | null): string {
  if (spot === null) return '';
  const words = spotWords(spot);
  const bad = spot.status === 'failed' || spot.status === 'warn';
  const [worst] = spot.cells;
  if (!bad || worst === undefined) return words;
  const said = words === MATRIX_WORDS[spot.status] ? words : `${words} ${MATRIX_WORDS[spot.status]}`;
  return `${said}: ${worst.seen}`;
}

function othersOf(spots: readonly (MatrixSpot | null)[], layers: number, { columns }: StageMatrix): string {
  const good = spots.filter((spot) => spot?.status === 'ok').length;
  const unneeded = spots.filter((spot) => spot?.cells.every(isNotNeeded) === true).length;
  const others = spots.flatMap((spot, at) =>
    spot === null || spot.status === 'ok' || spot.cells.every(isNotNeeded)
      ? []
      : [`${columns[layers + at]?.title ?? ''}: ${wordsOf(spot)}`],
  );
  return [`${good} ok`, ...(unneeded === 0 ? [] : [`${unneeded} ${UNNEEDED}`]), ...others].join('; ');
}
