import type { Evidence } from '../contract/errors.ts';
import type { FailurePlace } from '../contract/failure.ts';

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
}

/** What a request text has to say about the run beside the failure itself. */
export interface RunNames {
  readonly run: string;
  readonly site: string;
  readonly at: string;
  readonly version: string;
  /** Addresses by machine (`kvm-host`, `deployment-vm`, a host's name), for requests such as "open a port from A to B". */
  readonly addresses?: Readonly<Record<string, string>>;
}
