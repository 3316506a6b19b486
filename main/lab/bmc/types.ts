import type { Capture } from './capture.ts';
import type { BmcFault } from './faults.ts';
import type { BmcIdentity } from './identity.ts';
import type { Resource } from './resource.ts';
import type { MachineState } from './state.ts';

/** How long the simulated things take, in seconds. */
export interface BmcTimings {
  /** A graceful shutdown, from the request to power off. */
  readonly graceful: number;
  /** Power off to power on in a restart. */
  readonly restart: number;
  /** A job, from its start to its end. */
  readonly job: number;
}

export interface BmcLogin {
  readonly username: string;
  readonly password: string;
}

/** One simulated machine: its capture, what it remembers, and the faults switched on now. */
export interface Machine {
  readonly capture: Capture;
  readonly login: BmcLogin;
  readonly timings: BmcTimings;
  readonly identity: BmcIdentity;
  readonly limits: { readonly sessions: number; readonly sessionSeconds: number; readonly pageSize?: number };
  readonly state: MachineState;
  faults: readonly BmcFault[];
  /** True time in milliseconds, and the BMC's own idea of it as Redfish writes it. */
  now(): number;
  time(at?: number): string;
  /** Lets everything happen that was due, and keeps the state when it changed. */
  settle(): void;
  save(): void;
  /** A captured resource with this machine's identity, as JSON text and as a value. */
  textAt(uri: string): string | undefined;
  at(uri: string | undefined): Resource | undefined;
}
