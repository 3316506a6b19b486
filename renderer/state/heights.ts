import { countBelow } from './places.ts';

/** Where the rows of a list lie, in px from its top. */
export interface Heights {
  readonly total: number;
  topOf(index: number): number;
  /** The row at a distance from the top; the last one beyond the end. */
  indexAt(offset: number): number;
}

/** A row that is not as high as most. */
export interface OtherHeight {
  readonly index: number;
  readonly height: number;
}

/** Lays out `count` rows that have the `usual` height, but for some; the cost is that of those. */
export function layHeights(count: number, usual: number, others: readonly OtherHeight[]): Heights {
  const sorted = others
    .filter(({ index }) => index >= 0 && index < count)
    .toSorted((left, right) => left.index - right.index);
  // How much lower a row begins for the first so many others.
  const shifts = [0];
  for (const { height } of sorted) shifts.push((shifts.at(-1) ?? 0) + height - usual);
  const topOf = (index: number): number => {
    const before = countBelow(sorted.length, (at) => (sorted[at]?.index ?? 0) < index);
    return index * usual + (shifts[before] ?? 0);
  };
  return {
    total: topOf(count),
    topOf,
    indexAt: (offset) => Math.max(0, countBelow(count, (index) => topOf(index) <= offset) - 1),
  };
}
