import type { ErrorData } from './errors.ts';

/** Health as Redfish grades it; `Unknown` where the BMC does not say. */
export type Health = 'OK' | 'Warning' | 'Critical' | 'Unknown';

/** One processor socket. `cores` and `threads` are per processor. */
export interface Processor {
  readonly id: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly architecture?: string;
  readonly cores?: number;
  readonly threads?: number;
  readonly max_speed_mhz?: number;
  readonly health: Health;
}

/** One memory module that is present; empty slots are left out. `size_gib` is binary. */
export interface Dimm {
  readonly slot: string;
  readonly size_gib: number;
  readonly type?: string;
  readonly speed_mhz?: number;
  readonly manufacturer?: string;
  readonly part_number?: string;
  readonly serial?: string;
  readonly health: Health;
}

/** One physical drive. `size_gb` is decimal (10^9 bytes), as drives are sold. */
export interface Disk {
  readonly id: string;
  readonly name: string;
  readonly kind: 'nvme' | 'ssd' | 'hdd' | 'unknown';
  readonly size_gb: number;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly firmware_version?: string;
  readonly protocol?: string;
  readonly location?: string;
  readonly controller?: string;
  /** Percentage of rated life left, where the drive tells. */
  readonly life_left_percent?: number;
  readonly failure_predicted?: boolean;
  readonly health: Health;
}

/** One storage controller and its volumes. */
export interface StorageController {
  readonly id: string;
  readonly name: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly firmware_version?: string;
  readonly raid_types: readonly string[];
  readonly volumes: readonly {
    readonly id: string;
    readonly name: string;
    readonly raid_type?: string;
    readonly size_gb?: number;
    readonly health: Health;
  }[];
  readonly health: Health;
}

/** What the other end of a cable says of itself (IEEE 802.1AB). */
export interface LldpNeighbour {
  /** System name where the switch sends it, otherwise its chassis id. */
  readonly switch: string;
  readonly port: string;
  readonly chassis_id?: string;
}

/** One port of a network adapter. `mac` is lower case with colons. Speeds are in Mbit/s. */
export interface NicPort {
  readonly id: string;
  readonly name: string;
  readonly mac?: string;
  readonly adapter?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly firmware_version?: string;
  readonly link: 'up' | 'down' | 'unknown';
  readonly speed_mbps?: number;
  readonly max_speed_mbps?: number;
  readonly lldp?: LldpNeighbour;
  readonly health: Health;
}

/** A GPU, FPGA, DPU or other accelerator. */
export interface Accelerator {
  readonly id: string;
  readonly kind: 'gpu' | 'fpga' | 'dpu' | 'other';
  readonly manufacturer?: string;
  readonly model?: string;
  readonly slot?: string;
  readonly memory_gib?: number;
  readonly health: Health;
}

export interface PowerSupply {
  readonly id: string;
  readonly name: string;
  readonly model?: string;
  readonly serial?: string;
  readonly firmware_version?: string;
  readonly capacity_watts?: number;
  readonly input_volts?: number;
  readonly present: boolean;
  readonly health: Health;
}

/** One installed firmware. */
export interface FirmwareItem {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly updateable?: boolean;
}

/** One virtual media slot of the BMC. */
export interface VirtualMediaSlot {
  readonly id: string;
  readonly uri: string;
  readonly inserted: boolean;
  readonly image?: string;
  readonly media_types: readonly string[];
  /** URI of its EjectMedia action, where the BMC names one. */
  readonly eject?: string;
}

/** One entry of the BMC's job queue (Redfish JobService, TaskService or Dell's job queue). `uri` is the resource. */
export interface BmcJob {
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  readonly state:
    'scheduled' | 'running' | 'completed' | 'completed-with-errors' | 'failed' | 'cancelled' | 'unknown';
  readonly percent?: number;
  readonly message?: string;
  readonly created?: string;
}

/** Something that could not be read: what, which URI, why. It never spoils the rest. */
export interface SnapshotGap {
  readonly what: string;
  readonly uri: string;
  readonly reason: string;
}

export type BiosValue = string | number | boolean | null;

/** The board management controller itself. Times are ISO 8601. */
export interface BmcFacts {
  /** As dialled: `https://10.20.1.11`. */
  readonly address: string;
  /** URI of its Manager resource. */
  readonly uri?: string;
  readonly product?: string;
  readonly model?: string;
  readonly version?: string;
  readonly mac?: string;
  readonly redfish_version?: string;
  /** Its clock and ours at the same moment; the difference is `clock_offset_seconds` (positive: it is ahead). */
  readonly time?: string;
  readonly clock_offset_seconds?: number;
  /** Named licences and whether they are in force; absent where the BMC has no licensing resource. */
  readonly licenses?: readonly { readonly name: string; readonly state: string }[];
  readonly sessions?: { readonly open: number; readonly limit?: number };
  /** Its TLS certificate, when dialled by https. `sha256` is lower-case hex of the DER form. */
  readonly certificate?: {
    readonly sha256: string;
    readonly subject: string;
    readonly valid_from: string;
    readonly valid_to: string;
  };
}

/** One machine as its BMC describes it; the record that profiles, compatibility and cabling work on. DESIGN sections 2 and 5. */
export interface HardwareSnapshot {
  readonly schema: 1;
  readonly captured_at: string;
  /** URI of its ComputerSystem resource. */
  readonly uri?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly sku?: string;
  readonly uuid?: string;
  readonly asset_tag?: string;
  readonly host_name?: string;
  readonly power_state: 'On' | 'Off' | 'PoweringOn' | 'PoweringOff' | 'Paused' | 'Unknown';
  readonly health: Health;
  /** Parts that are not OK, in words: `power supply PSU.Slot.2: Critical`. */
  readonly health_problems: readonly string[];
  readonly bmc: BmcFacts;
  readonly bios: {
    readonly version?: string;
    readonly attributes: Readonly<Record<string, BiosValue>>;
    /** Attributes set but not applied until the next reboot. */
    readonly pending: Readonly<Record<string, BiosValue>>;
    /** URI of its attribute registry, kept with the raw resources; only on the first machine of its kind in a discovery. */
    readonly registry?: string;
  };
  readonly cpu: {
    readonly count: number;
    readonly model?: string;
    readonly manufacturer?: string;
    readonly architecture?: string;
    /** Over all processors. */
    readonly cores: number;
    readonly threads: number;
    /** Instruction set features, where the BMC tells them; lower case as in /proc/cpuinfo. */
    readonly flags?: readonly string[];
    readonly processors: readonly Processor[];
  };
  readonly memory: { readonly total_gib: number; readonly dimms: readonly Dimm[] };
  readonly disks: readonly Disk[];
  readonly controllers: readonly StorageController[];
  readonly nics: readonly NicPort[];
  readonly accelerators: readonly Accelerator[];
  readonly power_supplies: readonly PowerSupply[];
  readonly firmware: readonly FirmwareItem[];
  readonly boot: {
    readonly mode?: 'UEFI' | 'Legacy';
    readonly secure_boot?: boolean;
    readonly order: readonly { readonly id: string; readonly name: string }[];
    readonly override: { readonly enabled: 'Disabled' | 'Once' | 'Continuous'; readonly target: string };
  };
  readonly virtual_media: readonly VirtualMediaSlot[];
  readonly jobs: readonly BmcJob[];
  readonly gaps: readonly SnapshotGap[];
}

/** One step that mends a finding: words, and where one Redfish request does it, that request. */
export interface Repair {
  readonly title: string;
  readonly request?: {
    readonly method: 'POST' | 'PATCH' | 'DELETE';
    readonly uri: string;
    readonly body?: unknown;
  };
}

/** Something about a machine that a person should know before a run. */
export interface HardwareFinding {
  readonly severity: 'error' | 'warning' | 'note';
  /** Dotted, stable: `bmc.media_stale`, `cable.swapped`, `host.missing`. */
  readonly code: string;
  readonly host?: string;
  readonly message: string;
  readonly seen?: string;
  readonly wanted?: string;
  readonly repair?: Repair;
}

/** What became of one BMC. `host` is the site file's name for the machine, found by serial, MAC or BMC address. */
export interface DiscoveredMachine {
  readonly host?: string;
  /** As dialled: `https://10.20.1.11`. */
  readonly bmc: string;
  readonly ok: boolean;
  readonly error?: ErrorData;
  readonly snapshot?: HardwareSnapshot;
  readonly seconds?: number;
}

/** The outcome of a discovery: `bringup discover FILE --json`, and the hardware file that match, compat and plan read. */
export interface DiscoverResult {
  readonly site?: string;
  readonly at: string;
  readonly machines: readonly DiscoveredMachine[];
  /** Missing and strange machines, readiness of the BMCs, cabling; errors first. */
  readonly findings: readonly HardwareFinding[];
}
