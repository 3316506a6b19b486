import type { SiteEdit } from '../../../src/contract/api.ts';
import { editsFor } from '../model/field.ts';
import type { SiteModel } from '../types.ts';
import { readCell } from './cell.ts';
import type { Column } from './columns.ts';

/** Sets one field of many hosts; an empty text takes the field out. */
export function bulkSet(
  document: SiteModel['document'],
  hosts: readonly number[],
  column: Column,
  typed: string,
): SiteEdit[] {
  const { value } = readCell(typed, column.kind);
  return hosts.flatMap((host) => editsFor(document, ['hosts', host, ...column.path], value));
}

/** Takes hosts out, from the last to the first so that positions stay right; all of them leave an empty list. */
export function removeHosts(hosts: readonly number[], count: number): SiteEdit[] {
  if (hosts.length === count) return [{ op: 'set', path: ['hosts'], value: [] }];
  return [...hosts].sort((a, b) => b - a).map((host) => ({ op: 'remove', path: ['hosts', host] }));
}

/** Moves hosts that stand together by one place: their neighbour moves to their other side. Null where that cannot be. */
export function moveBlock(
  hosts: readonly number[],
  by: 1 | -1,
  count: number,
): { readonly edit: SiteEdit; readonly selected: readonly number[] } | null {
  const [first, last] = [hosts[0], hosts.at(-1)];
  if (first === undefined || last === undefined || last - first !== hosts.length - 1) return null;
  const from = by < 0 ? first - 1 : last + 1;
  if (from < 0 || from >= count) return null;
  const edit: SiteEdit = { op: 'move', path: ['hosts', from], to: by < 0 ? last : first };
  return { edit, selected: hosts.map((host) => host + by) };
}
