/** One measured comparison: `ours` and `rival` in `unit`; `ratio` above 1 means Bringup is better. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly rival: number;
  readonly unit: string;
  readonly ratio: number;
  readonly note: string;
}

/** A row of two figures, the smaller being the better. */
export function rowOf(name: string, ours: number, rival: number, unit: string, note = ''): BenchRow {
  return { name, ours, rival, unit, ratio: ours === 0 ? 0 : rival / ours, note };
}

/** A row of the medians of two lists of seconds. */
export function medianRow(
  name: string,
  ours: readonly number[],
  rival: readonly number[],
  note: string,
): BenchRow {
  return rowOf(name, median(ours), median(rival), 's', note);
}

/** The value in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Seconds that a piece of work takes. */
export async function secondsOf(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
