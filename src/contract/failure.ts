import type { Evidence } from './errors.ts';
import type { Fix, Owner } from './owner.ts';
import type { ProbeResult } from './vantage.ts';

export type { Fix, Owner } from './owner.ts';

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
  /** Who reaches what, for a failure that was about reaching something; the run itself probed it. */
  readonly matrix?: FailureMatrix;
}

/** The matrix of a failure: as `bringup probe --json` gives it, with the time at which it was probed (ISO 8601). */
export interface FailureMatrix extends Omit<ProbeResult, 'site'> {
  readonly at: string;
}

/** All that is known about one failure before its cause is looked up. */
export interface FailureInput {
  /** One sentence that says what did not work, e.g. `Task "Boot the VM" failed on kvm-host`. */
  readonly what: string;
  readonly where: FailurePlace;
  /** What the tool or Bringup itself said, in full. */
  readonly message: string;
  /** Code of a BringupError, when Bringup noticed the failure itself. */
  readonly code?: string;
  /** Remedy of a BringupError. */
  readonly hint?: string;
  /** Output and values seen, as they were; explainFailure picks the telling lines. */
  readonly evidence: readonly Evidence[];
  /** True when nothing expected this: a fault in Bringup. */
  readonly unexpected?: boolean;
  /** True when Ansible said that it could not reach the host. */
  readonly unreachable?: boolean;
}
