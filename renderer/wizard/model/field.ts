import type { Problem, SiteEdit } from '../../../src/contract/api.ts';
import type { Json, SiteModel } from '../types.ts';
import { isWithin, jsonPath, valueAt, type Path } from './paths.ts';

/** How a field's value is written by a person, and read back. */
export interface Format {
  readonly show: (value: Json | undefined) => string;
  /** What was typed as a value; undefined where the field is left out of the file. */
  readonly read: (typed: string) => Json | undefined;
}

export const TEXT: Format = {
  show: (value) =>
    value === undefined || value === null
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value),
  read: (typed) => (typed.trim() === '' ? undefined : typed.trim()),
};

/** What is no number stays a text, so that the site file's own check can say what is wrong with it. */
export const NUMBER: Format = {
  show: TEXT.show,
  read: (typed) => (/^-?\d+$/.test(typed.trim()) ? Number(typed.trim()) : TEXT.read(typed)),
};

/** Several texts, separated by commas, semicolons or spaces. */
export const LIST: Format = {
  show: (value) =>
    Array.isArray(value) ? value.map((entry) => TEXT.show(entry as Json)).join(', ') : TEXT.show(value),
  read: (typed) => {
    const parts = typed.split(/[\s,;]+/).filter((part) => part !== '');
    return parts.length === 0 ? undefined : parts;
  },
};

/** The first and the last of a range of addresses. */
export const RANGE: Format = {
  show: (value) =>
    Array.isArray(value) ? value.map((entry) => TEXT.show(entry as Json)).join(' - ') : TEXT.show(value),
  read: (typed) => LIST.read(typed.replaceAll('-', ' ')),
};

/** What a typed text changes in the site file: nothing, a set, or a field (and what is left empty around it) taken out. */
export function editsFor(
  document: SiteModel['document'],
  path: Path,
  value: Json | undefined,
  options: { readonly after?: string; readonly required?: boolean } = {},
): SiteEdit[] {
  const now = valueAt(document, path);
  if (value === undefined && options.required === true) value = '';
  if (JSON.stringify(now) === JSON.stringify(value)) return [];
  if (value !== undefined)
    return [{ op: 'set', path, value, ...(options.after === undefined ? {} : { after: options.after }) }];
  return now === undefined ? [] : [{ op: 'remove', path: emptiedBy(document, path) }];
}

/** An object that would be left empty goes as a whole: `contact: {}` says nothing and is an error. */
function emptiedBy(document: SiteModel['document'], path: Path): Path {
  const around = path.slice(0, -1);
  const parent = valueAt(document, around);
  const alone = typeof parent === 'object' && parent !== null && Object.keys(parent).length === 1;
  return alone && around.length > 1 && typeof around.at(-1) === 'string' && !Array.isArray(parent)
    ? around
    : path;
}

/** Adds an entry behind the last of a list, and the list where it is missing. */
export function appendTo(
  document: SiteModel['document'],
  path: Path,
  ...values: readonly Json[]
): SiteEdit[] {
  const list = valueAt(document, path);
  if (!Array.isArray(list) || list.length === 0) return [{ op: 'set', path, value: values }];
  return values.map((value, index) => ({ op: 'insert', path: [...path, list.length + index], value }));
}

/** The problems that this field mends: those at its place or inside it, and that it is missing. */
export function problemsAt(problems: readonly Problem[], path: Path): Problem[] {
  const [here, around] = [jsonPath(path), jsonPath(path.slice(0, -1))];
  const name = String(path.at(-1));
  // A parameter that is missing is told in the words of the stack's JSON Schema.
  const missing: Readonly<Record<string, RegExp>> = {
    SITE_MISSING_FIELD: new RegExp(`\\bfield ${name}\\b`),
    SITE_PARAMETER: new RegExp(`\\bmust have (?:required )?property '?${name}\\b`),
  };
  return problems.filter(
    (problem) =>
      isWithin(problem.path, here) ||
      (problem.path === around && missing[problem.code]?.test(problem.message) === true),
  );
}
