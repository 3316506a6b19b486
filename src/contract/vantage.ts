import type { Fix, Owner } from './owner.ts';

/** Where a probe starts: the laptop, the KVM host, the deployment VM, a server of the site, or what a server's BMC can tell. */
export interface VantagePoint {
  /** `laptop`, `kvm-host`, `deployment-vm`, a host's name, or `bmc of` a host's name. */
  readonly id: string;
  readonly kind: 'laptop' | 'kvm-host' | 'deployment-vm' | 'target' | 'bmc';
  readonly label: string;
  /** The address its packets carry on the way to the destination. */
  readonly address?: string;
  /** The network of the site file that this address is in. */
  readonly network?: string;
  /** True for the machine that the probes lead to. */
  readonly itself?: boolean;
}

/**
 * What came of one probe. `refused`: an answer that nothing listens, or a firewall's rejection. `timeout`: silence.
 * `unreachable`: nobody has that address, or a router on the way says so. `no-route` and `prohibited`: the point itself
 * has no route, or forbids it. `name`: the name does not resolve there. `tls`: connected, no TLS. `wrong-answer`:
 * connected, but not the service meant. `too-big`: large packets do not pass. `down`: the BMC says so. `unclear`: silence
 * that proves nothing. `not-asked`: the point could not be asked, which is never a failure.
 */
export type ProbeStatus =
  | 'ok'
  | 'refused'
  | 'timeout'
  | 'unreachable'
  | 'no-route'
  | 'prohibited'
  | 'name'
  | 'tls'
  | 'wrong-answer'
  | 'too-big'
  | 'down'
  | 'unclear'
  | 'not-asked';

/**
 * What a row is about: the service itself, its machine by ping, packets of full size, the point's own gateway, the
 * gateway of the destination's network, another machine in that network, the way back, and of a BMC the server's power, its link, and the BMC's own.
 */
export type ProbeCheck =
  'service' | 'machine' | 'size' | 'gateway' | 'far-gateway' | 'beside' | 'back' | 'power' | 'link' | 'bmc';

/** One cell of the matrix. `from` is a point's id; `to` reads `10.20.0.11:22/ssh`, `10.20.0.11/ping`, `10.20.0.11/1500 bytes`. */
export interface ProbeRow {
  readonly from: string;
  readonly to: string;
  readonly check: ProbeCheck;
  readonly status: ProbeStatus;
  readonly ms?: number;
  readonly text: string;
  /** What the other end showed as its own: SHA-256 of its certificate. */
  readonly identity?: string;
}

/** From whom to where something is broken. */
export interface ProbeLeg {
  readonly from: string;
  readonly to: string;
}

/** Which leg is broken. `key` is dotted and stable; `owner` is null where the matrix does not tell whose it is. */
export interface ProbeVerdict {
  readonly key: string;
  readonly summary: string;
  readonly owner: Owner | null;
  /** The rows that are blamed; all of them failed. */
  readonly legs: readonly ProbeLeg[];
  readonly fixes: readonly Fix[];
  /** Copy-ready text to the owner; empty where nothing is broken. */
  readonly request: string;
}

/** `bringup probe --json`. */
export interface ProbeResult {
  readonly site: string;
  /** `10.20.0.11:22/ssh` */
  readonly destination: string;
  /** How sentences name it: `node-1 (10.20.0.11)`. */
  readonly label: string;
  readonly points: readonly VantagePoint[];
  readonly matrix: readonly ProbeRow[];
  readonly verdict: ProbeVerdict;
}

/**
 * What to probe: `to` is `HOST[:PORT][/KIND]`, a host of the site, `NAME/bmc` or a URL; or the last failure of a run that
 * was about reaching something (`reference` names one of them). With `run`, the site file is the run's where none is given.
 */
export interface ProbeInput {
  readonly file?: string;
  readonly to?: string;
  readonly run?: string;
  readonly reference?: string;
}
