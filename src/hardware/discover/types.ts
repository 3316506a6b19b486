import type { DiscoveredMachine, HardwareSnapshot } from '../../contract/hardware.ts';
import type { Clock, Credential } from '../../contract/ports.ts';
import type { RedfishReader, Resource } from '../reader.ts';
import type { Limits } from '../redfish/limits.ts';
import type { LoginLedger } from '../redfish/login-ledger.ts';
import type { SnapshotContext } from '../snapshot/index.ts';
import type { Dial, Trust } from '../redfish/types.ts';

/** One BMC that is known to be there: it gets a result whatever happens. */
export interface BmcTarget {
  /** Address or URL: `10.20.1.11`, `https://10.20.1.11:8443`. */
  readonly base: string;
  /** The site file's name of the machine whose BMC this should be, for sentences. */
  readonly host?: string;
  readonly credential?: Credential;
  readonly trust?: Trust;
}

/** Addresses behind which BMCs may be. They are looked at without a login first; only what speaks Redfish gets a result. */
export interface ScanTarget {
  readonly addresses: readonly string[];
  readonly credential?: Credential;
  readonly trust?: (address: string) => Trust;
}

/** Reads one machine's snapshot. */
export type ReadMachine = (reader: RedfishReader, context: SnapshotContext) => Promise<HardwareSnapshot>;

/** How far a discovery is. `searched` counts addresses of ranges looked at. */
export interface DiscoverProgress {
  readonly done: number;
  readonly machines: number;
  readonly searched: number;
  readonly to_search: number;
}

export interface DiscoverOptions {
  readonly targets: readonly BmcTarget[];
  readonly scan?: readonly ScanTarget[];
  /** Default: `readSnapshot` of this room. */
  readonly read?: ReadMachine;
  /** Machines read at once. Default 64. */
  readonly concurrency?: number;
  /** Addresses of ranges looked at at once. Default 256, through a tunnel 32. */
  readonly probes?: number;
  /** Seconds for one machine in all. Default 600. */
  readonly machineSeconds?: number;
  readonly limits?: Partial<Limits>;
  readonly logins?: LoginLedger;
  /** By way of another machine, for all BMCs. */
  readonly dial?: Dial;
  readonly onResult?: (machine: DiscoveredMachine) => void;
  /** Everything read of one BMC, once it is done with; also of one that failed half way. */
  readonly onRaw?: (bmc: string, raw: ReadonlyMap<string, Resource>) => void | Promise<void>;
  readonly onProgress?: (progress: DiscoverProgress) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}
