import type { DiscoveredMachine } from '../../contract/hardware.ts';

/** What the site file says of a machine, as far as it helps to find it. */
export interface PlannedHost {
  readonly name: string;
  readonly serial?: string;
  readonly bmc?: { readonly address: string; readonly port?: number };
  readonly interfaces?: readonly { readonly mac?: string }[];
}

/** How a machine was recognised. */
export type Recognised = 'serial' | 'mac' | 'address';

/** A planned host, the machine behind its listed address, and the machine that it is. */
export interface Pairing {
  readonly host: PlannedHost;
  readonly listed?: DiscoveredMachine;
  readonly machine?: DiscoveredMachine;
  readonly by?: Recognised;
  /** Other machines that say they are this host. */
  readonly twins: readonly DiscoveredMachine[];
}
