import { BringupError, EXIT } from '../../contract/errors.ts';
import { spoken, type Path } from '../finding.ts';

/**
 * One change of a site file. `path` names the value: for `insert` the position that the new list entry gets, one behind
 * the last to append. `set` creates the field, and the objects around it, when they are missing; `after` names the
 * field behind which a new one goes, otherwise it comes last. `remove` leaves the comments of what it takes away when
 * `keepComments` is true.
 */
export type SiteEdit =
  | { readonly op: 'set'; readonly path: Path; readonly value: unknown; readonly after?: string }
  | { readonly op: 'remove'; readonly path: Path; readonly keepComments?: boolean }
  | { readonly op: 'insert'; readonly path: Path; readonly value: unknown }
  | { readonly op: 'move'; readonly path: Path; readonly to: number }
  | { readonly op: 'rename'; readonly path: Path; readonly name: string };

type Bag = Record<string | number, unknown>;

/** What the edit means for plain data, in place. Throws BringupError SITE_EDIT_PATH when there is nothing at its path. */
export function applyEdit(data: unknown, edit: SiteEdit): void {
  const last = edit.path.at(-1);
  const parent = parentOf(data, edit);
  if (last === undefined || typeof parent !== 'object' || parent === null) throw noSuchPlace(edit);
  if (Array.isArray(parent)) applyToList(parent, Number(last), edit);
  else applyToMap(parent as Bag, String(last), edit);
}

function parentOf(data: unknown, edit: SiteEdit): unknown {
  let here = data;
  for (const step of edit.path.slice(0, -1)) {
    if (typeof here !== 'object' || here === null) throw noSuchPlace(edit);
    const bag = here as Bag;
    const missing = !Object.hasOwn(bag, step) || bag[step] === null;
    if (missing && edit.op === 'set' && !Array.isArray(bag)) setOwn(bag, step, {});
    else if (missing) throw noSuchPlace(edit);
    here = bag[step];
  }
  return here;
}

function applyToList(list: unknown[], index: number, edit: SiteEdit): void {
  const end = edit.op === 'insert' ? list.length : list.length - 1;
  if (edit.op === 'rename' || !Number.isInteger(index) || index < 0 || index > end) throw noSuchPlace(edit);
  if (edit.op === 'set') list[index] = copyOf(edit.value);
  else if (edit.op === 'insert') list.splice(index, 0, copyOf(edit.value));
  else if (edit.op === 'remove') list.splice(index, 1);
  else {
    if (!Number.isInteger(edit.to) || edit.to < 0 || edit.to > end) throw noSuchPlace(edit);
    list.splice(edit.to, 0, ...list.splice(index, 1));
  }
}

function applyToMap(map: Bag, name: string, edit: SiteEdit): void {
  if (edit.op === 'set') return setOwn(map, name, copyOf(edit.value));
  if (edit.op === 'insert' || edit.op === 'move' || !Object.hasOwn(map, name)) throw noSuchPlace(edit);
  const value = map[name];
  if (edit.op === 'rename' && edit.name !== name && Object.hasOwn(map, edit.name)) throw nameTaken(edit);
  Reflect.deleteProperty(map, name);
  if (edit.op === 'rename') setOwn(map, edit.name, value);
}

function setOwn(map: Bag, name: string | number, value: unknown): void {
  Object.defineProperty(map, name, { value, writable: true, enumerable: true, configurable: true });
}

function noSuchPlace(edit: SiteEdit): BringupError {
  return new BringupError({
    code: 'SITE_EDIT_PATH',
    exit: EXIT.invalid,
    message: `The site file has no place ${spoken(edit.path)} at which to ${edit.op}.`,
    hint: 'Read the file again; it may have been changed meanwhile.',
  });
}

function nameTaken(edit: SiteEdit & { op: 'rename' }): BringupError {
  return new BringupError({
    code: 'SITE_EDIT_NAME_TAKEN',
    exit: EXIT.invalid,
    message: `${spoken(edit.path)} cannot be named ${edit.name}: there is a field of that name beside it.`,
    hint: 'Remove the other field first.',
  });
}

/** A copy that shares nothing with the value, so that later edits can change it. */
export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const copy: Bag = {};
  for (const [name, field] of Object.entries(value)) setOwn(copy, name, copyOf(field));
  return copy;
}

/** Whether two plain values are the same, whatever the order of their fields. */
export function sameData(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b || (a !== a && b !== b);
  const [left, right] = [a as Bag, b as Bag];
  const names = Object.keys(left);
  if (Array.isArray(a) !== Array.isArray(b) || names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && sameData(left[name], right[name]));
}
