/** A report before it has a form: what stands in it, in order. */
export interface Report {
  readonly title: string;
  /** One sentence: how it came out. */
  readonly verdict: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly sections: readonly ReportSection[];
  readonly footer: string;
}

export interface ReportSection {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Said below the title, or instead of a table without rows. */
  readonly text?: string;
}
