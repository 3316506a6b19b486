import Papa from 'papaparse';
import { isPlainlyValue } from './cell.ts';
import { COLUMNS, columnNamed, type Column } from './columns.ts';

/** Rows of cells as they were pasted or read from a file, and what each column is taken for. */
export interface PastedTable {
  readonly rows: readonly (readonly string[])[];
  readonly header: readonly string[] | null;
  /** One for each column; null is left out. */
  readonly columns: readonly (Column | null)[];
  /** Columns that hold secrets, by their header: they are never taken. */
  readonly secrets: readonly string[];
}

/** Without a header row columns are taken in this order. */
const ORDER = ['name', 'serial', 'roles', 'bmc_address', 'bmc_credential', 'nic1_mac', 'nic1_address'];

/** Reads what a spreadsheet puts on the clipboard, or a CSV file: tabs, commas or semicolons, cells in quotes or not. */
export function readTable(pasted: string): PastedTable {
  const firstLine = /^[^\r\n]*/.exec(pasted)?.[0] ?? '';
  const { data } = Papa.parse<string[]>(pasted.replace(/^\uFEFF/, ''), {
    skipEmptyLines: 'greedy',
    ...(firstLine.includes('\t') ? { delimiter: '\t' } : { delimitersToGuess: [',', ';', '\t', '|'] }),
  });
  const [first = [], ...others] = data;
  const width = Math.max(0, ...data.map((row) => row.length));
  if (!isHeader(first)) {
    const columns = Array.from(
      { length: width },
      (_, at) => COLUMNS.find(({ id }) => id === ORDER[at]) ?? null,
    );
    return { rows: data, header: null, columns, secrets: [] };
  }
  const known = Array.from({ length: width }, (_, at) => columnNamed(first[at] ?? ''));
  const columns = known.map((column, at) =>
    column === undefined || column === 'secret' || known.indexOf(column) < at ? null : column,
  );
  const secrets = first.filter((_, at) => known[at] === 'secret');
  return { rows: others, header: first, columns, secrets };
}

/** A first row in which at least every other cell names a column, and none can be nothing but a value. */
function isHeader(row: readonly string[]): boolean {
  const filled = row.filter((cell) => cell.trim() !== '');
  const named = filled.filter((cell) => columnNamed(cell) !== undefined).length;
  return named > 0 && named * 2 >= filled.length && !filled.some(isPlainlyValue);
}

/** The hosts as a table for a spreadsheet, with every column in which one of them has a value. */
export function writeTable(cells: (column: Column) => readonly string[]): string {
  const used = COLUMNS.map((column) => ({ id: column.id, values: cells(column) })).filter(({ values }) =>
    values.some((value) => value !== ''),
  );
  const length = Math.max(0, ...used.map(({ values }) => values.length));
  const data = Array.from({ length }, (_, row) => used.map(({ values }) => values[row] ?? ''));
  return Papa.unparse({ fields: used.map(({ id }) => id), data }, { newline: '\r\n', escapeFormulae: true });
}
