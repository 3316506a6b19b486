/** One measured comparison: `ours` and `rival` in `unit`; `ratio` above 1 means Bringup is better. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly rival: number;
  readonly unit: string;
  readonly ratio: number;
  readonly note: string;
}
