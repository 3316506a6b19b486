import { plainQuotes } from './clean-text.ts';
import { patternCost } from './pattern-cost.ts';
import { splitParts, type Gap } from './pattern-parts.ts';
import { parsePattern, writePattern } from './pattern-tree.ts';
import { patternWords } from './pattern-words.ts';

/** Where a pattern fits in a text, and what its named parts are there. */
export interface Match {
  readonly index: number;
  readonly end: number;
  readonly values: Readonly<Record<string, string>>;
}

/** A compiled pattern. */
export interface Pattern {
  /** At least one of these stands, in lower case, in every text that the pattern fits; none: nothing is known. */
  readonly words: readonly string[];
  /** The first match that begins at `from` or after it. */
  find(text: string, from: number): Match | undefined;
}

/** Named parts of patterns: `%{name}` stands for the text. */
export type Phrases = ReadonlyMap<string, string>;

/** Most steps of one part at one character of a text. */
const MOST_STEPS = 20_000;
/** Beginnings of a match that are looked at in one text, and ways on from each: more are only found in made-up texts. */
const MOST_STARTS = 200;
const MOST_WAYS = 40;
/** How far a part may reach beyond the gap before it. */
const LONGEST_PART = 400;

/**
 * Compiles a pattern of the catalogue: `%{name}` is a phrase, a space any white space (also a line's end), `*` and `+`
 * are bounded, upper and lower case are the same. Throws Error on a fault, also on a pattern that could take long.
 */
export function compilePattern(source: string, phrases: Phrases): Pattern {
  const tree = parsePattern(plainQuotes(expand(source, phrases, 0)));
  const { parts, gaps } = splitParts(tree);
  const steps = Math.max(...parts.map((part) => patternCost(part).steps));
  if (steps > MOST_STEPS) throw new Error(`it could take ${steps} steps a character; bound its runs`);
  const regexes = parts.map((part) => new RegExp(writePattern(part), 'gim'));
  return { words: patternWords(tree), find: (text, from) => find(regexes, gaps, text, from) };
}

function find(
  regexes: readonly RegExp[],
  gaps: readonly Gap[],
  text: string,
  from: number,
): Match | undefined {
  const [first, ...others] = regexes;
  if (first === undefined) return undefined;
  first.lastIndex = from;
  for (let starts = 0; starts < MOST_STARTS; starts += 1) {
    const found = first.exec(text);
    if (found === null || found[0] === '') return undefined;
    const start: Match = { index: found.index, end: found.index + found[0].length, values: named(found) };
    const whole = others.reduce<readonly Match[]>(
      (ways, regex, index) => follow(regex, gaps[index] ?? { min: 0, max: 0 }, ways, text),
      [start],
    );
    if (whole[0] !== undefined) return whole[0];
    first.lastIndex = found.index + 1;
  }
  return undefined;
}

/** The ways that go on: the part stands on the same line, a gap after one of the ways so far. */
function follow(regex: RegExp, gap: Gap, ways: readonly Match[], text: string): Match[] {
  if (ways.length === 0) return [];
  const low = Math.min(...ways.map(({ end }) => end)) + gap.min;
  const furthest = Math.max(...ways.map(({ end }) => end));
  const newline = text.indexOf('\n', furthest);
  const high = Math.min(furthest + gap.max, newline < 0 ? text.length : newline);
  // One character more at the front, for word edges.
  const base = Math.max(0, low - 1);
  const window = text.slice(base, high + LONGEST_PART);
  const next: Match[] = [];
  regex.lastIndex = low - base;
  while (next.length < MOST_WAYS) {
    const found = regex.exec(window);
    if (found === null || base + found.index > high) break;
    const at = base + found.index;
    const before = ways.find(({ end }) => end + gap.min <= at && at <= end + gap.max);
    if (before !== undefined) {
      next.push({ ...before, end: at + found[0].length, values: { ...before.values, ...named(found) } });
    }
    regex.lastIndex = found.index + 1;
  }
  return next;
}

function named(found: RegExpExecArray): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(found.groups ?? {}) as [string, string | undefined][]) {
    if (value !== undefined && value !== '')
      values[name] = value.replaceAll(/\s+/g, ' ').replace(/[.,:;]+$/, '');
  }
  return values;
}

function expand(source: string, phrases: Phrases, depth: number): string {
  return source.replaceAll(/%\{(\w+)\}/g, (_, name: string) => {
    const phrase = phrases.get(name);
    if (phrase === undefined) throw new Error(`there is no phrase ${name}`);
    if (depth > 3) throw new Error(`the phrase ${name} contains itself`);
    return expand(phrase, phrases, depth + 1);
  });
}
