import type { RedfishClient } from '../../../src/hardware/index.ts';
import type { OmeFault } from './faults.ts';

/** A JSON object, shaped as OME shapes it. */
export type Json = Readonly<Record<string, unknown>>;

export interface OmeLogin {
  readonly username: string;
  readonly password: string;
}

/** How long the simulated things take, in seconds. */
export interface OmeTimings {
  /** The least that a job takes, from its start to its end. */
  readonly job: number;
  /** Between two looks at a job of a BMC. */
  readonly poll: number;
  /** How long a job waits for a BMC before it gives up. */
  readonly patience: number;
}

/** How a BMC is reached; `ca` is PEM and only there when the discovery asked for the CA check. */
export interface BmcAccess extends OmeLogin {
  readonly address: string;
  readonly port: number;
  readonly ca?: string;
}

/** One item of a firmware inventory. `instance` is what OME calls its source name, `uri` its Redfish resource. */
export interface Software {
  readonly name: string;
  readonly componentId: string;
  readonly version: string;
  readonly instance: string;
  readonly uri: string;
}

export type AttributeValue = string | number | boolean;

/** One BIOS attribute: its name, what people call it, its value, and whether it can be set. */
export interface BiosAttribute {
  readonly name: string;
  readonly label: string;
  readonly value: AttributeValue;
  readonly readOnly: boolean;
}

/** What an inventory read from a BMC. */
export interface Inventory {
  readonly tag: string;
  readonly model: string;
  readonly hostName: string;
  readonly power: string;
  readonly health: string;
  readonly software: readonly Software[];
  readonly bios: readonly BiosAttribute[];
  readonly parts: Readonly<Record<string, readonly Json[]>>;
}

export interface Device extends Inventory {
  readonly id: number;
  readonly access: BmcAccess;
  /** Milliseconds. */
  readonly inventoriedAt: number;
}

export interface Group {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly parentId: number;
  /** 2000 built in, 3000 made by a user. */
  readonly typeId: number;
  /** 12 static members, 24 members by query. */
  readonly membershipId: number;
  readonly devices: readonly number[];
  readonly createdAt: number;
}

/** What a job says of one device or address; `status` is one of JOB_STATUS. */
export interface JobResult {
  readonly key: string;
  readonly status: number;
  readonly text: string;
}

export interface Execution {
  readonly id: number;
  readonly started: number;
  ended?: number;
  status: number;
  results: readonly JobResult[];
}

export interface Job {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly schedule: string;
  readonly targets: readonly Json[];
  readonly params: readonly Json[];
  readonly createdAt: number;
  readonly createdBy: string;
  status: number;
  lastStatus: number;
  executions: Execution[];
}

export interface Discovery {
  readonly id: number;
  readonly jobId: number;
  /** As it came, the passwords in it as well; views leave those out. */
  readonly payload: Json;
  expected: number;
  discovered: number;
  updatedAt: number;
}

/** One package of a firmware catalog. */
export interface Package {
  readonly name: string;
  readonly path: string;
  readonly version: string;
  readonly packageId: string;
  readonly criticality: 'Urgent' | 'Recommended' | 'Optional';
  readonly rebootRequired: boolean;
  readonly componentIds: readonly string[];
  /** Model names as catalogs shorten them, such as `R750`. */
  readonly models: readonly string[];
}

export interface Catalog {
  readonly id: number;
  readonly repositoryId: number;
  readonly taskId: number;
  readonly payload: Json;
  status: 'Running' | 'Completed' | 'Failed';
  packages: readonly Package[];
  manifest: { readonly identifier?: string; readonly version?: string; readonly released?: string };
  updatedAt: number;
}

export interface Baseline {
  readonly id: number;
  readonly taskId: number;
  readonly payload: Json;
  reports: readonly Json[];
  lastRun?: number;
}

/** One attribute of a template or profile. */
export interface TemplateAttribute {
  readonly id: number;
  readonly component: string;
  readonly name: string;
  readonly label: string;
  readonly value: AttributeValue;
  readonly readOnly: boolean;
  readonly ignored: boolean;
}

export interface Template {
  readonly id: number;
  readonly taskId: number;
  readonly name: string;
  readonly description: string;
  readonly typeId: number;
  readonly viewTypeId: number;
  readonly sourceDeviceId: number;
  readonly createdAt: number;
  updatedAt: number;
  status: number;
  attributes: readonly TemplateAttribute[];
}

export interface Profile {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly templateId: number;
  readonly bootIso: unknown;
  readonly createdAt: number;
  /** 0 unassigned, 1 assigned, 4 deployed. */
  state: number;
  targetId: number;
  targetName: string;
  taskId: number;
  attributes: readonly TemplateAttribute[];
}

export interface ComplianceBaseline {
  readonly id: number;
  readonly taskId: number;
  readonly name: string;
  readonly description: string;
  readonly templateId: number;
  readonly targetIds: readonly number[];
  reports: readonly ComplianceReport[];
  lastRun?: number;
}

export interface ComplianceReport {
  readonly deviceId: number;
  readonly differing: readonly { readonly name: string; readonly wanted: string; readonly seen: string }[];
}

/** Everything the simulated OME remembers, as kept on disk. */
export interface OmeState {
  nextId: number;
  devices: readonly Device[];
  groups: readonly Group[];
  jobs: readonly Job[];
  discoveries: readonly Discovery[];
  catalogs: readonly Catalog[];
  baselines: readonly Baseline[];
  templates: readonly Template[];
  profiles: readonly Profile[];
  complianceBaselines: readonly ComplianceBaseline[];
  /** Uploaded update packages by their token. */
  uploads: Readonly<Record<string, Package>>;
}

/** Does what a job is for; what it throws fails the whole job. */
export type JobRunner = (ome: Ome, job: Job) => Promise<readonly JobResult[]>;

/** One simulated OME: what it remembers, the faults switched on now, and its ways to the world. */
export interface Ome {
  readonly login: OmeLogin;
  readonly timings: OmeTimings;
  readonly pageSize: number;
  readonly state: OmeState;
  readonly runners: Readonly<Record<string, JobRunner>>;
  /** Ends every wait when the simulator is closed. */
  readonly closing: AbortSignal;
  faults: readonly OmeFault[];
  now(): number;
  /** The next free id. */
  takeId(): number;
  save(): void;
  /** A Redfish client logged in to a BMC; the caller closes it. */
  connect(access: BmcAccess): Promise<RedfishClient>;
}
