import { malformedValue } from './errors.ts';
import { objectOf, textOf } from './json.ts';
import type { Json } from './types.ts';

type Test = (item: Json) => boolean;

const TOKEN = /\s*(?:('(?:[^']|'')*')|([(),])|([^\s(),']+))/y;
const COMPARE: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

/** Without regard to case, as OME compares parts of text. */
const CALLS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
};

/**
 * The test that a `$filter` stands for: eq, ne, gt, ge, lt, le, and, or, not, contains, startswith, endswith and brackets
 * (OData 4, section 5.1.1). A leading `=`, as the actions of profiles have it, is let pass. Refused with CGEN1014.
 */
export function parseFilter(text: string): Test {
  const tokens = tokensOf(text.replace(/^\s*=/, ''));
  let next = 0;
  const isNext = (word: string) => tokens[next]?.toLowerCase() === word;
  const take = (): string => {
    const token = tokens[next];
    if (token === undefined) throw malformedValue('$filter');
    next += 1;
    return token;
  };
  const expect = (word: string): void => {
    if (take() !== word) throw malformedValue('$filter');
  };

  function either(): Test {
    let test = both();
    while (isNext('or')) {
      next += 1;
      const [left, right] = [test, both()];
      test = (item) => left(item) || right(item);
    }
    return test;
  }
  function both(): Test {
    let test = single();
    while (isNext('and')) {
      next += 1;
      const [left, right] = [test, single()];
      test = (item) => left(item) && right(item);
    }
    return test;
  }
  function single(): Test {
    if (isNext('(')) {
      next += 1;
      const inner = either();
      expect(')');
      return inner;
    }
    const word = take();
    if (word.toLowerCase() === 'not') {
      const inner = single();
      return (item) => !inner(item);
    }
    return isNext('(') ? call(word) : comparison(word);
  }
  function call(name: string): Test {
    expect('(');
    const property = take();
    expect(',');
    const wanted = String(literal(take())).toLowerCase();
    expect(')');
    const has = CALLS[name.toLowerCase()];
    if (has === undefined) throw malformedValue('$filter');
    return (item) => has(textOf(at(item, property)).toLowerCase(), wanted);
  }
  function comparison(property: string): Test {
    const holds = COMPARE[take().toLowerCase()];
    const wanted = literal(take());
    if (holds === undefined) throw malformedValue('$filter');
    return (item) => holds(compare(at(item, property), wanted));
  }

  const test = either();
  if (next < tokens.length) throw malformedValue('$filter');
  return test;
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  const trimmed = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const found = TOKEN.exec(trimmed);
    if (found === null) throw malformedValue('$filter');
    tokens.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  return tokens;
}

function literal(token: string): string | number | boolean | null {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === 'null') return null;
  if (token === 'true' || token === 'false') return token === 'true';
  const value = Number(token);
  if (Number.isNaN(value)) throw malformedValue('$filter');
  return value;
}

function at(item: Json, property: string): unknown {
  return property.split('/').reduce<unknown>((value, name) => objectOf(value)[name], item);
}

/** Below, at or above zero; NaN where the two cannot be compared, which is no order at all. */
function compare(value: unknown, wanted: string | number | boolean | null): number {
  if (value === wanted) return 0;
  if (typeof value === 'number' && typeof wanted === 'number') return value - wanted;
  if (typeof value === 'string' && typeof wanted === 'string') return value < wanted ? -1 : 1;
  return NaN;
}
