import type { ProbeLeg, ProbeRow, ProbeVerdict, VantagePoint } from '../contract/vantage.ts';
import { destinationLabel, serviceText, type Destination } from './destination.ts';
import { readMatrix, type Reading } from './facts.ts';
import { fits, type Rule } from './rule.ts';
import { RULES } from './rules.ts';

/** Finds the broken leg: the first rule that the matrix fits. What was not asked plays no part. Pure. */
export function judgeMatrix(
  points: readonly VantagePoint[],
  matrix: readonly ProbeRow[],
  destination: Destination,
): ProbeVerdict {
  const reading = readMatrix(points, matrix, destination.network);
  const rule = RULES.find(({ when }) => fits(reading.facts, when));
  if (rule === undefined) throw new Error('the last rule fits everything');
  const rows = blamed(rule, reading, matrix);
  const fill = filler(rule, reading, rows, points, destination);
  const { key, owner } = rule;
  const summary = fill(rule.summary);
  const request = rule.request === '' ? '' : writeRequest(fill(rule.request), summary, points, matrix);
  return {
    key,
    summary,
    owner,
    legs: rows.map(({ from, to }): ProbeLeg => ({ from, to })),
    fixes: rule.fixes.map((title) => ({ title: fill(title) })),
    request,
  };
}

function blamed(rule: Rule, { failing }: Reading, matrix: readonly ProbeRow[]): readonly ProbeRow[] {
  if (rule.blame === 'nothing') return [];
  if (rule.blame === 'size')
    return matrix.filter(({ check, status }) => check === 'size' && status === 'too-big');
  const ids = new Set(failing.map(({ id }) => id));
  return matrix.filter(
    ({ from, check, status }) =>
      ids.has(from) && check === 'service' && status !== 'not-asked' && status !== 'unclear',
  );
}

function filler(
  rule: Rule,
  { failing, reaching }: Reading,
  rows: readonly ProbeRow[],
  points: readonly VantagePoint[],
  destination: Destination,
): (text: string) => string {
  const concerned =
    rule.blame === 'size' ? points.filter(({ id }) => rows.some(({ from }) => from === id)) : failing;
  const to = destinationLabel(destination);
  const values: Readonly<Record<string, string>> = {
    to,
    service: serviceText(destination),
    from: listed(concerned.map(named)),
    ok: listed(reaching.map(named)),
    network: concerned[0]?.network ?? '',
    pairs: `from ${listed(concerned.map(withAddress))} to ${to}`,
    seen: rows[0]?.text ?? '',
  };
  return (text) => text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function listed(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? 'those asked';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** A machine in a sentence: hosts have names of their own. */
function named({ kind, label }: VantagePoint): string {
  return kind === 'target' ? label : `the ${label}`;
}

function withAddress({ label, address }: VantagePoint): string {
  return address === undefined ? label : `${address} (${label})`;
}

/** The text to send: what is asked for, why, and the matrix as lines that a mail program leaves alone. */
function writeRequest(
  opening: string,
  summary: string,
  points: readonly VantagePoint[],
  matrix: readonly ProbeRow[],
): string {
  return `${[opening, '', summary, '', 'What was tried:', ...matrixLines(points, matrix)].join('\n')}\n`;
}

/** The matrix as plain lines, those that could not be asked last. */
export function matrixLines(points: readonly VantagePoint[], matrix: readonly ProbeRow[]): string[] {
  const line = ({ from, to, status, ms, text }: ProbeRow): string => {
    const point = points.find(({ id }) => id === from);
    const place = point === undefined ? from : withAddress(point);
    if (status === 'not-asked') return `- ${place}: not asked: ${text}`;
    return `- ${place} to ${to}: ${text}${ms === undefined ? '' : ` (${ms} ms)`}`;
  };
  const asked = matrix.filter(({ status }) => status !== 'not-asked');
  return [...asked, ...matrix.filter(({ status }) => status === 'not-asked')].map(line);
}
