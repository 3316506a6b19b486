import { plainValue, quotedText, Unsure } from './scalars.ts';

/** Most values of one file: ten thousand hosts have about 220,000. */
const MAX_VALUES = 250_000;

const MAX_DEPTH = 60;
const KEY = /([A-Za-z_][A-Za-z0-9_.-]{0,127}):(?=[ \r\n]|$)/y;
const PLAIN_IN_BLOCK = /[^ \r\n\-?:,[\]{}#&*!|>'"%@`](?:[^ \r\n:]+|:(?![ \r\n]|$)| +(?![ \r\n#:]|$))*/y;
const PLAIN_IN_FLOW =
  /[^ \r\n\-?:,[\]{}#&*!|>'"%@`](?:[^ \r\n:,[\]{}]+|:(?![ \r\n,[\]{}]|$)| +(?![ \r\n#:,[\]{}]|$))*/y;
const END_OF_LINE = / *(?: #[^\n]*)?\r?(?:\n|$)/y;
const BLANK_LINES = /(?: *(?:#[^\n]*)?\r?\n)*/y;

/** Thrown where a file has more values than any site. */
export class TooMany extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super('too many values');
    this.offset = offset;
  }
}

type Collection = Record<string, unknown> | unknown[];

/** What was read: plain data, and for each collection the offsets of its names and values in their order. */
export interface QuickYaml {
  readonly root: unknown;
  readonly start: number;
  /** Of a map: offset of the name, offset of the value, and so on. Of a list: offsets of the values. */
  readonly places: ReadonlyMap<unknown, readonly number[]>;
}

/**
 * Reads the plain kind of YAML that site files are written in: block and flow collections of words, numbers and quoted
 * text on one line, with comments. Throws Unsure at everything else, anchors and mistakes included, so that what it
 * accepts means the same as to the YAML library (held together by test/fuzz). Throws TooMany at a bomb.
 */
export function readPlainYaml(text: string): QuickYaml {
  const places = new Map<unknown, readonly number[]>();
  let at = 0;
  /** Column of the next line that says something, whose text begins at `at`; -1 at the end. */
  let column = -1;
  let count = 0;

  function take(pattern: RegExp): boolean {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  }

  function countOne(): void {
    if (++count > MAX_VALUES) throw new TooMany(at);
  }

  function nextLine(): void {
    take(BLANK_LINES);
    const start = at;
    while (text.charCodeAt(at) === 32) at++;
    column = at - start;
    // A comment that is not a blank line's is one without a line end, so the last.
    if (at === text.length || text.charCodeAt(at) === 35) column = -1;
  }

  function endLine(): void {
    if (!take(END_OF_LINE)) throw new Unsure();
    nextLine();
  }

  /** Whether a name or a dash, and the spaces behind it, end their line. */
  function endsLine(): boolean {
    if (text.charCodeAt(at) === 35 && text.charCodeAt(at - 1) === 32) at--;
    return take(END_OF_LINE);
  }

  function atDash(): boolean {
    if (text.charCodeAt(at) !== 45) return false;
    const next = text.charCodeAt(at + 1);
    return next === 32 || next === 10 || next === 13 || at + 1 === text.length;
  }

  function block(indent: number, depth: number): Collection {
    if (depth > MAX_DEPTH) throw new Unsure();
    return atDash() ? sequence(indent, depth) : mapping(indent, depth);
  }

  function mapping(indent: number, depth: number): Collection {
    const map: Record<string, unknown> = {};
    const offsets: number[] = [];
    do {
      const start = at;
      countOne();
      if (!take(KEY)) throw new Unsure();
      const name = newName(map, text.slice(start, at - 1));
      skipSpaces();
      offsets.push(start, at);
      if (endsLine()) {
        nextLine();
        const nested = column > indent || (column === indent && atDash());
        if (nested) offsets[offsets.length - 1] = at;
        map[name] = nested ? block(column, depth + 1) : null;
      } else {
        map[name] = value(PLAIN_IN_BLOCK, indent, depth + 1);
        endLine();
      }
    } while (column === indent);
    if (column > indent) throw new Unsure();
    places.set(map, offsets);
    return map;
  }

  function sequence(indent: number, depth: number): Collection {
    const list: unknown[] = [];
    const offsets: number[] = [];
    do {
      const dash = at++;
      countOne();
      skipSpaces();
      offsets.push(at);
      if (endsLine()) {
        nextLine();
        if (column > indent) offsets[offsets.length - 1] = at;
        list.push(column > indent ? block(column, depth + 1) : null);
        continue;
      }
      KEY.lastIndex = at;
      if (atDash() || KEY.test(text)) list.push(block(indent + at - dash, depth + 1));
      else {
        list.push(value(PLAIN_IN_BLOCK, indent, depth + 1));
        endLine();
      }
    } while (column === indent && atDash());
    if (column > indent) throw new Unsure();
    places.set(list, offsets);
    return list;
  }

  function value(plain: RegExp, indent: number, depth: number): unknown {
    const start = at;
    const first = text.charAt(at);
    if (first === '{' || first === '[') return flow(first === '{', indent, depth);
    if (first === '"' || first === "'") {
      const quoted = quotedText(text, at);
      at = quoted.end;
      return quoted.value;
    }
    if (!take(plain)) throw new Unsure();
    return plainValue(text.slice(start, at));
  }

  function flow(isMap: boolean, indent: number, depth: number): Collection {
    if (depth > MAX_DEPTH) throw new Unsure();
    const map: Record<string, unknown> = {};
    const list: unknown[] = [];
    const offsets: number[] = [];
    const close = isMap ? '}' : ']';
    at++;
    skipInFlow(indent);
    while (text.charAt(at) !== close) {
      countOne();
      const name = isMap ? newName(map, flowName(offsets)) : '';
      if (isMap) skipInFlow(indent);
      offsets.push(at);
      const item = value(PLAIN_IN_FLOW, indent, depth + 1);
      if (isMap) map[name] = item;
      else list.push(item);
      skipInFlow(indent);
      if (text.charAt(at) === ',') {
        at++;
        skipInFlow(indent);
      } else if (text.charAt(at) !== close) throw new Unsure();
    }
    at++;
    places.set(isMap ? map : list, offsets);
    return isMap ? map : list;
  }

  function flowName(offsets: number[]): string {
    const start = at;
    offsets.push(start);
    if (text.charAt(at) !== '"') {
      if (!take(KEY)) throw new Unsure();
      return text.slice(start, at - 1);
    }
    const quoted = quotedText(text, at);
    if (text.charAt(quoted.end) !== ':' || !/^[A-Za-z_]/.test(quoted.value)) throw new Unsure();
    at = quoted.end + 1;
    return quoted.value;
  }

  /** Lines of a flow collection are indented deeper than the block that it is in. */
  function skipInFlow(indent: number): void {
    skipSpaces();
    while (take(END_OF_LINE)) {
      if (at === text.length) throw new Unsure();
      const start = at;
      skipSpaces();
      if (text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13 && at - start <= indent)
        throw new Unsure();
    }
  }

  function skipSpaces(): void {
    while (text.charCodeAt(at) === 32) at++;
  }

  nextLine();
  const start = at;
  const opening = text.charAt(at);
  const inFlow = opening === '{' || opening === '[';
  const root = inFlow ? value(PLAIN_IN_FLOW, -1, 0) : block(column, 0);
  if (inFlow) endLine();
  if (column !== -1) throw new Unsure();
  return { root, start, places };
}

function newName(map: Record<string, unknown>, name: string): string {
  if (Object.hasOwn(map, name) || name === '__proto__' || typeof plainValue(name) !== 'string')
    throw new Unsure();
  return name;
}
