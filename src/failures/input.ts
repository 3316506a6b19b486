export type { FailureInput } from '../contract/failure.ts';

/** What a request text has to say about the run beside the failure itself. */
export interface RunNames {
  readonly run: string;
  readonly site: string;
  readonly at: string;
  readonly version: string;
  /** Addresses by machine (`kvm-host`, `deployment-vm`, a host's name), for requests such as "open a port from A to B". */
  readonly addresses?: Readonly<Record<string, string>>;
}
