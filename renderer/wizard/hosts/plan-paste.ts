import type { SiteEdit } from '../../../src/contract/api.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { appendTo, TEXT } from '../model/field.ts';
import { valueAt } from '../model/paths.ts';
import type { Json, SiteModel } from '../types.ts';
import { readCell, type CellValue } from './cell.ts';
import { columnTitle, type Column } from './columns.ts';
import type { PastedTable } from './read-table.ts';

type Document = SiteModel['document'];

/** What one pasted row will do to the site file. */
export interface PlannedRow {
  readonly what: 'add' | 'change' | 'same' | 'wrong';
  readonly name: string;
  /** Cell by cell, in the order of the table's columns; null where the column is left out. */
  readonly cells: readonly (CellValue | null)[];
  /** What is wrong with the row; empty unless `what` is wrong. */
  readonly wrong: readonly string[];
  /** The host that the row is about, where the file has it already. */
  readonly host?: number;
}

/** Says of each row what it will do: a host is known by its name, or else by its serial number. */
export function planPaste(document: Document, table: PastedTable): PlannedRow[] {
  const known = hostsOf(document);
  const taken = new Set<string>();
  return table.rows.map((row) => {
    const cells = table.columns.map((column, at) =>
      column === null ? null : readCell(row[at] ?? '', column.kind),
    );
    const cell = (id: string): string =>
      TEXT.show(cells[table.columns.findIndex((column) => column?.id === id)]?.value);
    const [name, serial] = [cell('name'), cell('serial')];
    const host = known.findIndex((one) =>
      name === '' ? serial !== '' && serial === one.serial : name === one.name,
    );
    const wrong = cells.flatMap((one, at) => {
      const column = table.columns[at];
      return one?.wrong === undefined || !column ? [] : [`${columnTitle(column)} ${one.wrong}`];
    });
    if (name === '' && host < 0) wrong.push(text.wrong.noName);
    const key = host < 0 ? name : `${host}`;
    if (key !== '' && taken.has(key))
      wrong.push(text.wrong.twice(name === '' ? (known[host]?.name ?? serial) : name));
    taken.add(key);
    const changes = host < 0 ? 1 : changesOf(document, host, table.columns, cells).length;
    const what = wrong.length > 0 ? 'wrong' : host < 0 ? 'add' : changes > 0 ? 'change' : 'same';
    return {
      what,
      name: name === '' ? (known[host]?.name ?? '') : name,
      cells,
      wrong,
      ...(host < 0 ? {} : { host }),
    };
  });
}

/** The edits of the rows that are taken, as one step: fields of known hosts first, then the new ones behind the last. */
export function pasteEdits(document: Document, table: PastedTable, rows: readonly PlannedRow[]): SiteEdit[] {
  const changes = rows.flatMap(({ what, host, cells }) =>
    what === 'change' && host !== undefined ? changesOf(document, host, table.columns, cells) : [],
  );
  // Field by field, not host by host: edits of different hosts are then done in one reading of the text.
  const fieldOf = (edit: SiteEdit): string => edit.path.slice(2).join('.');
  const sorted = [...changes].sort((a, b) => fieldOf(a).localeCompare(fieldOf(b)));
  const added = rows.filter(({ what }) => what === 'add').map(({ cells }) => hostOf(table.columns, cells));
  return [...sorted, ...(added.length === 0 ? [] : appendTo(document, ['hosts'], ...added))];
}

/** An empty cell takes nothing away. An interface that the host does not have yet is written as a whole. */
function changesOf(
  document: Document,
  host: number,
  columns: readonly (Column | null)[],
  cells: readonly (CellValue | null)[],
): SiteEdit[] {
  const nics = valueAt(document, ['hosts', host, 'interfaces']);
  const there = Array.isArray(nics) ? nics.length : 0;
  const edits = columns.flatMap((column, at): SiteEdit[] => {
    const value = cells[at]?.value;
    if (column === null || value === undefined) return [];
    if (column.path[0] === 'interfaces' && Number(column.path[1]) >= there) return [];
    const path = ['hosts', host, ...column.path];
    return JSON.stringify(valueAt(document, path)) === JSON.stringify(value)
      ? []
      : [{ op: 'set', path, value }];
  });
  const more = hostOf(columns, cells)['interfaces'];
  const added = Array.isArray(more) ? (more as readonly Json[]).slice(there) : [];
  return added.length === 0
    ? edits
    : [...edits, ...appendTo(document, ['hosts', host, 'interfaces'], ...added)];
}

/** The row as a host of the site file. Interfaces without a name are called by their place. */
function hostOf(
  columns: readonly (Column | null)[],
  cells: readonly (CellValue | null)[],
): Record<string, Json> {
  const host: Record<string, Json> = {};
  const nics: Record<string, Json>[] = [];
  for (const [at, column] of columns.entries()) {
    const value = cells[at]?.value;
    if (column === null || value === undefined) continue;
    const [top = '', second = '', field = ''] = column.path.map(String);
    if (top === 'interfaces') (nics[Number(second)] ??= {})[field] = value;
    else if (second === '') host[top] = value;
    else host[top] = { ...(host[top] as Record<string, Json> | undefined), [second]: value };
  }
  const named = [...nics].map((nic, at) => ({ name: `nic${at + 1}`, ...nic }));
  return named.length === 0 ? host : { ...host, interfaces: named };
}

function hostsOf(document: Document): { readonly name: string; readonly serial: string }[] {
  const hosts = valueAt(document, ['hosts']);
  if (!Array.isArray(hosts)) return [];
  return hosts.map((_, at) => ({
    name: TEXT.show(valueAt(document, ['hosts', at, 'name'])),
    serial: TEXT.show(valueAt(document, ['hosts', at, 'serial'])),
  }));
}
