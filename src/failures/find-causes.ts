import type { Catalogue, KnownCause, Rule } from './catalogue.ts';
import { lineValues } from './line-values.ts';
import { isNeutral } from './neutral.ts';
import type { Match, Pattern } from './pattern.ts';
import type { Reading } from './read-output.ts';
import { createWordFinder } from './word-finder.ts';

/** A cause that shows in an output: how much the wording says, the lines it spans, the values it names. */
export interface Hit {
  readonly cause: KnownCause;
  readonly weight: number;
  readonly first: number;
  readonly last: number;
  readonly values: Readonly<Record<string, string>>;
}

/** Tries at one pattern before it is given up: an output may quote the same words many times. */
const MOST_TRIES = 30;

/** Every cause of the catalogue that shows in the output, in the order of the catalogue. */
export function findCauses(reading: Reading, catalogue: Catalogue): Hit[] {
  const text = reading.lines.map((line) => line.text).join('\n');
  const around = `${reading.context.join('\n')}\n${text}`;
  const inText = createFinder(text);
  const inAround = createFinder(around);
  const starts = lineStarts(reading);
  const hasFatal = reading.lines.some((line) => line.fatal);

  return catalogue.causes.flatMap((cause) => {
    let best: Hit | undefined;
    for (const rule of cause.rules) {
      const hit = apply(cause, rule);
      if (hit !== undefined && (best === undefined || hit.weight > best.weight)) best = hit;
    }
    return best === undefined ? [] : [best];
  });

  function apply(cause: KnownCause, rule: Rule): Hit | undefined {
    for (const pattern of rule.any) {
      if (!inText.may(pattern)) continue;
      const match = firstReal(pattern);
      if (match === undefined) continue;
      if (!rule.all.every(inAround.matches) || rule.none.some(inAround.matches)) return undefined;
      const [first, last] = [lineAt(match.index), lineAt(Math.max(match.index, match.end - 1))];
      // What Ansible calls the failure counts more than what is printed around it.
      const aside = hasFatal && reading.lines[first]?.fatal !== true ? 2 : 0;
      return {
        cause,
        weight: rule.weight - aside,
        first,
        last,
        values: { ...lineValues(reading.lines[first]?.text ?? ''), ...match.values },
      };
    }
    return undefined;
  }

  /** The first match that reports the error instead of speaking about it. */
  function firstReal(pattern: Pattern): Match | undefined {
    let from = 0;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const match = pattern.find(text, from);
      if (match === undefined) return undefined;
      const line = lineAt(match.index);
      const { said, from: shift } = sentence(reading, line);
      const start = match.index - (starts[line] ?? 0) + shift;
      const end = match.end - (starts[line] ?? 0) + shift;
      if (!isNeutral(said, start, Math.min(said.length, end))) return match;
      from = match.index + 1;
    }
    return undefined;
  }

  function lineAt(index: number): number {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** A line with the one before where its sentence begins there; `from` is where the line itself begins. */
function sentence(reading: Reading, line: number): { readonly said: string; readonly from: number } {
  const text = reading.lines[line]?.text ?? '';
  const before = reading.lines[line - 1]?.text ?? '';
  const goesOn = /^[a-z"'(](?!\S*: )/.test(text) && before.length >= 40 && !/[.:;!?*}\]]$/.test(before);
  return goesOn ? { said: `${before} ${text}`, from: before.length + 1 } : { said: text, from: 0 };
}

function lineStarts(reading: Reading): number[] {
  const starts: number[] = [];
  let at = 0;
  for (const { text } of reading.lines) {
    starts.push(at);
    at += text.length + 1;
  }
  return starts;
}

/** Looks for words before patterns: most patterns are ruled out by a plain search that many of them share. */
function createFinder(text: string): { may(pattern: Pattern): boolean; matches(pattern: Pattern): boolean } {
  const has = createWordFinder(text);
  const may = ({ words }: Pattern): boolean => words.length === 0 || words.some(has);
  return {
    may,
    matches: (pattern) => may(pattern) && pattern.find(text, 0) !== undefined,
  };
}
