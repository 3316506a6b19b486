import type { Evidence } from '../contract/errors.ts';
import { isNeutral } from './neutral.ts';
import { redact } from './redact.ts';
import type { Line } from './result-lines.ts';

const TELLING =
  /\b(?:error|errors|fail(?:ed|ure|s)?|fatal|denied|refused|unreachable|timed? ?out|no space|not found|no such|cannot|can't|could ?n[o']t|unable|invalid|missing|mismatch|panic|exception|critical|emerg|aborted|rejected|expired|unknown|unexpected|illegal|not (?:allowed|supported|ready|valid|a)|does not|doesn't|must be|already)\b/i;
const LOUD =
  /^(?:\W{0,3}(?:error|fatal|critical|panic|emerg|E)\b|error:|fatal:|failed:)|\b(?:FATA|ERRO|level=(?:error|fatal))/i;
const PALE = /\b(?:info|debug|trace|notice|0 (?:errors?|failed|failures))\b|^(?:W:|warning|\[?deprecat)/i;
const CONSOLE = /(?:^|, )console$/;
const MOST_LINES = 8;
const LAST_LINES = 4;
const LONGEST = 400;

/**
 * Picks the lines that tell, at most eight, in their order and under their sources: those in `known`, then those that
 * speak of an error. Behind them come the last lines of the output they stand in (of a console where there is one), at
 * most four, as `SOURCE, last lines`. A line said again and again stands once, with its count. Plain secrets are hidden.
 */
export function pickEvidence(lines: readonly Line[], known: ReadonlySet<number>): Evidence[] {
  const once = collapse(lines, known);
  const ranked = once
    .map((entry) => ({ ...entry, score: score(entry.line, entry.index, lines.length, known) }))
    .filter((entry) => entry.score > 0)
    .sort((left, right) => right.score - left.score || left.index - right.index);
  const kept = ranked.length > 0 ? ranked.slice(0, MOST_LINES) : once.slice(-3);
  kept.sort((left, right) => left.index - right.index);
  return [...toPieces(kept), ...toPieces(lastLines(lines, kept))];
}

/** What was said last where the telling lines stand, as far as it is not among them. */
function lastLines(lines: readonly Line[], kept: readonly Entry[]): Entry[] {
  const source = lines.findLast((line) => CONSOLE.test(line.source))?.source ?? kept.at(-1)?.line.source;
  const shown = new Set(kept.map(({ line }) => sameness(line)));
  const last = lines.filter((line) => line.source === source).slice(-LAST_LINES);
  const entries = new Map(last.map((line, index) => [sameness(line), { line, index, count: 1 }]));
  return [...entries]
    .filter(([key]) => !shown.has(key))
    .map(([, entry]) => ({ ...entry, line: { ...entry.line, source: `${entry.line.source}, last lines` } }));
}

function toPieces(entries: readonly Entry[]): Evidence[] {
  const pieces: { source: string; text: string }[] = [];
  for (const { line, count } of entries) {
    const text = redact(clip(line.text)) + (count > 1 ? ` (${count} times)` : '');
    const last = pieces.at(-1);
    if (last?.source === line.source) last.text += `\n${text}`;
    else pieces.push({ source: line.source, text });
  }
  return pieces;
}

interface Entry {
  readonly line: Line;
  readonly index: number;
  readonly count: number;
}

function sameness({ source, text }: Line): string {
  return `${source}\0${text.toLowerCase().replaceAll(/\d+/g, '#').slice(0, 300)}`;
}

function collapse(lines: readonly Line[], known: ReadonlySet<number>): Entry[] {
  const seen = new Map<string, Entry>();
  lines.forEach((line, index) => {
    const key = sameness(line);
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, { line, index, count: 1 });
    else
      seen.set(key, {
        ...(known.has(index) && !known.has(earlier.index) ? { line, index } : earlier),
        count: earlier.count + 1,
      });
  });
  return [...seen.values()].sort((left, right) => left.index - right.index);
}

function score(line: Line, index: number, total: number, known: ReadonlySet<number>): number {
  if (known.has(index)) return 100;
  const { text } = line;
  const told = TELLING.exec(text);
  let points = told === null ? 0 : 3;
  if (LOUD.test(text)) points += 3;
  if (line.fatal) points += 1;
  if (points > 0 && index >= total - 3) points += 1;
  if (PALE.test(text)) points -= 2;
  if (told !== null && isNeutral(text, told.index, told.index + told[0].length)) points -= 3;
  return points;
}

function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
