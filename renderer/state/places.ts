/** Places of tasks in the order in which they are shown; no list of them, for a stage may have a hundred thousand. */
export interface Places extends Iterable<number> {
  readonly length: number;
  at(index: number): number | undefined;
  /** Where a place is shown; -1 where it is not among these. */
  indexOf(place: number): number;
}

/** The places 0 to `count` - 1. */
export function firstPlaces(count: number): Places {
  const within = (value: number): boolean => value >= 0 && value < count;
  return places(
    count,
    (index) => (within(index) ? index : undefined),
    (place) => (within(place) ? place : -1),
  );
}

/** The places of an ascending list as it is now: entries that are appended later are not among them. */
export function listedPlaces(ascending: readonly number[]): Places {
  const { length } = ascending;
  return places(
    length,
    (index) => (index < length ? ascending[index] : undefined),
    (place) => {
      const index = countBelow(length, (at) => (ascending[at] ?? 0) < place);
      return index < length && ascending[index] === place ? index : -1;
    },
  );
}

/** The same places from the last to the first. */
export function newestFirst(all: Places): Places {
  const { length } = all;
  return places(
    length,
    (index) => all.at(length - 1 - index),
    (place) => {
      const index = all.indexOf(place);
      return index === -1 ? -1 : length - 1 - index;
    },
  );
}

/** All but a few of ascending places. */
export function without(all: Places, few: Iterable<number>): Places {
  const gaps = [...new Set(few)]
    .map((place) => all.indexOf(place))
    .filter((index) => index >= 0)
    .sort((left, right) => left - right);
  if (gaps.length === 0) return all;
  return places(
    all.length - gaps.length,
    (index) => all.at(index + countBelow(gaps.length, (gap) => (gaps[gap] ?? 0) - gap <= index)),
    (place) => {
      const index = all.indexOf(place);
      const before = countBelow(gaps.length, (gap) => (gaps[gap] ?? 0) < index);
      return index === -1 || gaps[before] === index ? -1 : index - before;
    },
  );
}

function places(
  length: number,
  at: (index: number) => number | undefined,
  indexOf: (place: number) => number,
): Places {
  return {
    length,
    at,
    indexOf,
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index += 1) yield at(index) ?? 0;
    },
  };
}

/** How many of the numbers from 0 on pass a test that only the first ones pass. */
export function countBelow(count: number, passes: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
