import type { Evidence } from '../contract/errors.ts';

const TELLING =
  /\b(error|errors|fail(ed|ure)?|fatal|denied|refused|unreachable|timed? ?out|no space|not found|no such|cannot|can't|could not|unable|invalid|missing|mismatch|panic|traceback|exception)\b/i;
const MOST_LINES = 12;

/**
 * Cuts each piece of evidence down to the lines that tell: those a pattern matches, else those that speak of an error,
 * else the last ones. At most 12 lines a piece, in their order.
 */
export function pickEvidence(evidence: readonly Evidence[], patterns: readonly RegExp[]): Evidence[] {
  return evidence.flatMap(({ source, text }) => {
    const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
    const kept = pickLines(
      lines.filter((line) => line.trim() !== ''),
      patterns,
    );
    return kept.length === 0 ? [] : [{ source, text: kept.join('\n') }];
  });
}

function pickLines(lines: readonly string[], patterns: readonly RegExp[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  const known = lines.filter((line) => patterns.some((pattern) => pattern.test(line)));
  if (known.length > 0) return known.slice(-MOST_LINES);
  const telling = lines.filter((line) => TELLING.test(line));
  return (telling.length > 0 ? telling : lines).slice(-MOST_LINES);
}
