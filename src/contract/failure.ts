import type { Evidence } from './errors.ts';

/** Who has to act on a failure. */
export type Owner = 'field-engineer' | 'customer-network' | 'customer-it' | 'vendor' | 'software';

/** One thing to do about a failure: a command to type or an action of the app (`retry`, `resume`, `apply --confirm`...). */
export interface Fix {
  readonly title: string;
  readonly command?: string;
  readonly action?: string;
}

/** Where a failure happened; `file` and `line` point into the playbook (or the site file). */
export interface FailurePlace {
  readonly stage: string;
  readonly play?: string;
  readonly task?: string;
  readonly host?: string;
  readonly file?: string;
  readonly line?: number;
  readonly runs_on: string;
}

/** Why it failed: a cause key of the catalogue, or null when the cause is not known. */
export interface FailureCause {
  readonly key: string | null;
  readonly summary: string;
  readonly chain: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** The failure record of DESIGN section 7. `owner` is null when the cause is not known. */
export interface FailureRecord {
  readonly reference: string;
  readonly what: string;
  readonly where: FailurePlace;
  readonly why: FailureCause;
  readonly owner: Owner | null;
  readonly fixes: readonly Fix[];
  /** Copy-ready text to send to the owner. */
  readonly request: string;
}
