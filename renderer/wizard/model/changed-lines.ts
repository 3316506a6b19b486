/** The lines of one text between the first and the last in which it differs from another. `from` counts from 1. */
export interface ChangedLines {
  readonly from: number;
  readonly shown: readonly string[];
  /** Lines that are left out because there are too many. */
  readonly more: number;
}

const SHOWN = 12;

/** Where two texts differ, as whole lines of each. */
export function changedLines(theirs: string, mine: string): { theirs: ChangedLines; here: ChangedLines } {
  const [a, b] = [theirs.split(/\r?\n/), mine.split(/\r?\n/)];
  let from = 0;
  while (from < Math.min(a.length, b.length) && a[from] === b[from]) from++;
  let same = 0;
  while (same < Math.min(a.length, b.length) - from && a.at(-1 - same) === b.at(-1 - same)) same++;
  const part = (lines: readonly string[]): ChangedLines => {
    const changed = lines.slice(from, lines.length - same);
    return { from: from + 1, shown: changed.slice(0, SHOWN), more: Math.max(0, changed.length - SHOWN) };
  };
  return { theirs: part(a), here: part(b) };
}
