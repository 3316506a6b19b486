import type { FailureRecord } from '../../src/contract/failure.ts';
import type { MatrixColumn, MatrixRow, MatrixSpot, StageMatrix } from '../../src/contract/matrix.ts';
import type { Query } from './query.ts';

/** What is drawn of a matrix: all columns, or one probe between the machines alone. */
export interface MatrixView {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
}

/** Narrows a matrix down to one probe, and to the machines that a search finds by name or by how a test came out. */
export function viewOf(matrix: StageMatrix, probe: string | undefined, query?: Query): MatrixView {
  const rows = query === undefined ? matrix.rows : matrix.rows.filter((row) => isFound(row, query));
  if (probe === undefined) return { columns: matrix.columns, rows };
  const all = rows.map(({ spots, ...row }) => ({ ...row, spots: spots.map((spot) => ofProbe(spot, probe)) }));
  // Who does not try this has no line of it, and whom nobody tries no column.
  const kept = matrix.columns.map(
    ({ kind }, at) => kind === 'machine' && all.some(({ spots }) => spots[at] !== null),
  );
  return {
    columns: matrix.columns.filter((_column, at) => kept[at]),
    rows: all
      .filter(({ spots, untried }) => untried !== undefined || spots.some((spot) => spot !== null))
      .map((row) => ({ ...row, spots: row.spots.filter((_spot, at) => kept[at]) })),
  };
}

function isFound({ machine, spots }: MatrixRow, { words }: Query): boolean {
  return words.every(({ of, text }) => {
    const named = of !== 'status' && machine.toLowerCase().includes(text);
    return named || (of !== 'host' && spots.some((spot) => spot?.status.startsWith(text) === true));
  });
}

function ofProbe(spot: MatrixSpot | null, probe: string): MatrixSpot | null {
  const cells = (spot?.cells ?? []).filter((cell) => cell.probe === probe);
  const [worst] = cells;
  return worst === undefined ? null : { status: worst.status, cells };
}

/** The failures of the stage that a spot is about: those that name both of its machines, else those of its own machine. */
export function failuresOf(
  failures: readonly FailureRecord[],
  machine: string,
  column: MatrixColumn,
): readonly FailureRecord[] {
  if (column.kind === 'layer') return failures.filter(({ where }) => where.host === machine);
  const both = failures.filter((record) => names(record, machine) && names(record, column.title));
  if (both.length > 0) return both;
  return failures.filter(({ where: { host } }) => host === machine || host === column.title);
}

function names({ what, why, where }: FailureRecord, machine: string): boolean {
  if (where.host === machine) return true;
  const said = [what, why.summary, ...why.chain, ...why.evidence.map(({ text }) => text)];
  const escaped = machine.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return said.some((text) => new RegExp(`(?<![\\w.-])${escaped}(?![\\w-])`).test(text));
}

/** Where the next cell with something in it is, `steps` columns and rows away; undefined where there is none on the way. */
export function nextSpot(
  { rows, columns }: MatrixView,
  from: readonly [row: number, column: number],
  steps: readonly [rows: number, columns: number],
): readonly [row: number, column: number] | undefined {
  let [row, column] = from;
  for (;;) {
    row += steps[0];
    column += steps[1];
    if (row < 0 || column < 0 || row >= rows.length || column >= columns.length) return undefined;
    if (rows[row]?.spots[column]) return [row, column];
  }
}

/** The first cell of a matrix that is as bad as it gets; where the keyboard comes in. */
export function worstSpot({ rows }: MatrixView): readonly [row: number, column: number] | undefined {
  for (const status of ['failed', 'warn', 'ok', 'not-tried'] as const)
    for (const [row, { spots }] of rows.entries()) {
      const column = spots.findIndex((spot) => spot?.status === status);
      if (column >= 0) return [row, column];
    }
  return undefined;
}
