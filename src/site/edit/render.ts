import { isCollection, isMap, isScalar, isSeq, visit, type Document, type Node } from 'yaml';
import { needsNoQuotes } from '../quick/scalars.ts';
import { isFlow } from './source.ts';
import { columnOf } from './text.ts';

/** The habits of a file: how it indents, pads, quotes and ends lines. */
export interface Style {
  readonly eol: '\n' | '\r\n';
  /** Columns by which a nested object is indented. */
  readonly step: number;
  /** Columns by which a block list is indented under its field: 0 or `step`. */
  readonly listStep: number;
  /** Spaces inside the braces of a flow object. */
  readonly pad: string;
  readonly quote: '"' | "'";
}

/** Reads the habits of a file off the first places that show them. */
export function styleOf(text: string, document: Document.Parsed): Style {
  let [step, listStep, pad]: (number | undefined)[] = [];
  const column = (node: Node | undefined) => columnOf(text, node?.range?.[0] ?? 0);
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isCollection(value) || isFlow(value)) return undefined;
      const deeper = column(value) - column(key as Node);
      if (isSeq(value)) listStep ??= deeper;
      else step ??= deeper;
      return step === undefined || listStep === undefined || pad === undefined ? undefined : visit.BREAK;
    },
    Map: (_, map) => {
      if (isFlow(map) && map.items.length > 0) pad ??= text.charAt((map.range?.[0] ?? 0) + 1) === ' ' ? 1 : 0;
    },
  });
  const quotes = /[:\-,[] ?(["'])/.exec(text);
  return {
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    step: step === undefined || step < 1 ? 2 : step,
    listStep: listStep ?? 2,
    pad: pad === 1 ? ' ' : '',
    quote: quotes?.[1] === "'" ? "'" : '"',
  };
}

/** A value as a block collection whose first line stands at `column`; inline values as they are. */
export function renderValue(value: unknown, column: number, style: Style, model?: Node | null): string {
  return wantsBlock(value, model)
    ? renderBlock(value, column, style, model)
    : renderInline(value, style, model);
}

/** Whether a value is written with a line for each entry: as its model is, else when it holds collections. */
export function wantsBlock(value: unknown, model?: Node | null): value is object {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return false;
  const alike = isCollection(model) && isSeq(model) === Array.isArray(value) && model.items.length > 0;
  if (alike) return !isFlow(model);
  return Object.values(value).some(
    (one) => typeof one === 'object' && one !== null && Object.keys(one as object).length > 0,
  );
}

/** A field of a block object, name and value, whose name stands at `column`. */
export function renderField(
  name: string,
  value: unknown,
  column: number,
  style: Style,
  model?: Node | null,
): string {
  const key = renderKey(name, style);
  if (!wantsBlock(value, model)) return `${key}: ${renderInline(value, style, model)}`;
  const inner = column + (Array.isArray(value) ? style.listStep : style.step);
  return `${key}:${style.eol}${' '.repeat(inner)}${renderBlock(value, inner, style, model)}`;
}

function renderBlock(value: object, column: number, style: Style, model?: Node | null): string {
  const lines = Array.isArray(value)
    ? value.map((entry) => `- ${renderValue(entry, column + 2, style, modelFor(model))}`)
    : Object.entries(value).map(([name, field]) =>
        renderField(name, field, column, style, modelFor(model, name)),
      );
  return lines.join(`${style.eol}${' '.repeat(column)}`);
}

/** A value on one line. */
export function renderInline(value: unknown, style: Style, model?: Node | null): string {
  if (typeof value !== 'object' || value === null) return renderScalar(value, style, model);
  if (Array.isArray(value))
    return `[${value.map((entry) => renderInline(entry, style, modelFor(model))).join(', ')}]`;
  const fields = Object.entries(value).map(
    ([name, field]) => `${renderKey(name, style)}: ${renderInline(field, style, modelFor(model, name))}`,
  );
  return fields.length === 0 ? '{}' : `{${style.pad}${fields.join(', ')}${style.pad}}`;
}

/** The name of a field. */
export function renderKey(name: string, style: Style): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && needsNoQuotes(name) ? name : quoted(name, style.quote);
}

function renderScalar(value: unknown, style: Style, model?: Node | null): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  }
  if (typeof value !== 'string') return String(value);
  const type = isScalar(model) ? model.type : undefined;
  if (type === 'QUOTE_DOUBLE') return quoted(value, '"');
  if (type === 'QUOTE_SINGLE') return quoted(value, "'");
  return needsNoQuotes(value) ? value : quoted(value, style.quote);
}

/** Text in quotes; what single quotes cannot hold is written in double quotes with escapes. */
export function quoted(text: string, quote: '"' | "'"): string {
  const special = /[\p{Cc}\p{Cs}\u2028\u2029\uFEFF]/u;
  if (quote === "'" && !special.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\uFEFF]/g, escape);
}

/** The neighbour whose style a part of a new value takes. */
function modelFor(model: Node | null | undefined, name?: string): Node | undefined {
  if (name === undefined) return isSeq(model) ? (model.items[0] as Node | undefined) : undefined;
  if (!isMap(model)) return undefined;
  return model.items.find(({ key }) => isScalar(key) && key.value === name)?.value as Node | undefined;
}
