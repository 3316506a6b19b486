import type { CheckResult, PlannedStage, RunEvent, Status } from './events.ts';
import type { FailureRecord, Fix, Owner } from './failure.ts';
import type { DiscoverResult } from './hardware.ts';
import type { PlanDocument } from './plan.ts';
import type { CompatResult, MatchResult } from './profile.ts';
import type { Credential } from './ports.ts';

/** One problem of a site file, DESIGN section 4. `line` and `column` count from 1. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly hint?: string;
}

/**
 * One change of a site file. `path` names the value: for `insert` the position that the new list entry gets, one behind
 * the last to append. `set` creates the field, and the objects around it, when they are missing; `after` names the
 * field behind which a new one goes, otherwise it comes last. `remove` leaves the comments of what it takes away when
 * `keepComments` is true.
 */
export type SiteEdit =
  | {
      readonly op: 'set';
      readonly path: readonly (string | number)[];
      readonly value: unknown;
      readonly after?: string;
    }
  | { readonly op: 'remove'; readonly path: readonly (string | number)[]; readonly keepComments?: boolean }
  | { readonly op: 'insert'; readonly path: readonly (string | number)[]; readonly value: unknown }
  | { readonly op: 'move'; readonly path: readonly (string | number)[]; readonly to: number }
  | { readonly op: 'rename'; readonly path: readonly (string | number)[]; readonly name: string };

/** A site file brought from an older version to this one. `backup` is the old file under another name. */
export interface MigrateResult {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly { readonly line: number; readonly what: string }[];
  readonly backup?: string;
}

export interface ValidateResult {
  readonly ok: boolean;
  readonly problems: readonly Problem[];
}

/** One run as listed on Home and by `bringup runs`, newest first. */
export interface RunSummary {
  readonly run: string;
  readonly site: string;
  readonly stack: string;
  readonly status: Status;
  readonly started: string;
  readonly finished?: string;
  readonly stages_done: number;
  readonly stages_total: number;
  /** Why the run has no end although nobody works on it: its process was killed. */
  readonly interrupted?: string;
  /** Title of the stage that did not come to a good end. */
  readonly stopped_at?: string;
  readonly failure?: FailureRecord;
}

export interface ApplyOptions {
  readonly siteFile: string;
  /** Agree to a changed deployment VM definition being carried out (destructive). */
  readonly confirm?: boolean;
  /** Remove the deployment VM and all that Bringup put on the KVM host for this site. */
  readonly destroy?: boolean;
  /** Host key fingerprint the engineer has compared and accepts at first contact. */
  readonly acceptHostKey?: string;
  /** Install missing packages on the KVM host from its distribution. */
  readonly installMissing?: boolean;
}

export interface StackSummary {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly stages: readonly string[];
}

/** What is known about an error text; `key` null means the cause is not known. */
export interface Explanation {
  readonly key: string | null;
  readonly summary: string;
  readonly owner: Owner | null;
  readonly fixes: readonly Fix[];
}

/** One task of a run as JSON; `hosts` is keyed by host name. */
export interface TaskDocument {
  readonly id: string;
  readonly title: string;
  readonly play?: string;
  readonly file?: string;
  readonly line?: number;
  readonly started: string;
  readonly hosts: Readonly<
    Record<
      string,
      {
        readonly status: Status;
        readonly text?: string;
        readonly check?: CheckResult;
        readonly duration_seconds?: number;
      }
    >
  >;
}

/** A run's state with its failure records: `bringup show RUN --json`. */
export interface RunDocument {
  readonly run: string;
  readonly site: string;
  readonly stack: string;
  readonly site_file: string;
  readonly status: Status;
  readonly started: string;
  readonly finished?: string;
  readonly text?: string;
  readonly interrupted?: string;
  readonly stages: readonly (PlannedStage & {
    readonly status: Status;
    readonly started?: string;
    readonly finished?: string;
    readonly text?: string;
    readonly counts: Readonly<Partial<Record<Status, number>>>;
    readonly failures: readonly FailureRecord[];
    readonly tasks: readonly TaskDocument[];
  })[];
}

/** One machine asked without a site file. `url` is https, or http on loopback; `ca` is a PEM file, `pin` a certificate's SHA-256. */
export interface DirectBmc {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly ca?: string;
  readonly pin?: string;
}

/** What to discover: the BMCs of a site file, one BMC alone, or what BMCs answered on an earlier day. */
export interface DiscoverOptions {
  readonly file?: string;
  readonly bmc?: DirectBmc;
  /** Files of raw resources (`{uri: resource}`), read instead of asking a machine. */
  readonly captures?: readonly string[];
  /** Only these hosts of the site file. */
  readonly hosts?: readonly string[];
  /** Addresses to look in, beside those of the site file; BMCs found there are asked with `credential`. */
  readonly ranges?: readonly string[];
  /** A file of DHCP leases in which BMCs are looked for. */
  readonly leases?: string;
  readonly credential?: string;
  /** Pin the certificate of every BMC that shows one for the first time: the engineer has looked at them, or trusts the wire. */
  readonly acceptNewCertificates?: boolean;
  /** Fingerprint of the KVM host's SSH key that the engineer has compared, where BMCs are dialled through it. */
  readonly acceptHostKey?: string;
}

/** How far the discovery of this process is; `total` grows while ranges are looked through. */
export interface DiscoverProgress {
  readonly running: boolean;
  readonly done: number;
  readonly total: number;
  /** One line for each machine that is done, in the order in which they ended. */
  readonly ended: readonly {
    readonly bmc: string;
    readonly host?: string;
    readonly text: string;
    readonly ok: boolean;
  }[];
}

/** A site file and what was discovered there; without `hardware` (a file of `discover --json`) the newest discovery of the site. */
export interface HardwareInput {
  readonly file: string;
  readonly hardware?: string;
}

/** The commands of the product; the same table serves IPC, HTTP and the CLI. All inputs and outputs are JSON. */
export interface BringupApi {
  'app.info': {
    input: Record<string, never>;
    output: { version: string; platform: string; host: 'desktop' | 'browser' | 'cli' };
  };
  'site.validate': { input: { file: string }; output: ValidateResult };
  'site.edit': { input: { file: string; edits: readonly SiteEdit[] }; output: ValidateResult };
  'site.migrate': { input: { file: string }; output: MigrateResult };
  'site.inventory': { input: { file: string }; output: { yaml: string } };
  'site.schema': { input: Record<string, never>; output: { schema: unknown } };
  'stacks.list': { input: Record<string, never>; output: { stacks: readonly StackSummary[] } };
  'stacks.show': { input: { name: string }; output: { file: string; text: string } };
  'hardware.discover': { input: DiscoverOptions; output: DiscoverResult };
  'hardware.progress': { input: Record<string, never>; output: DiscoverProgress };
  'hardware.cancel': { input: Record<string, never>; output: { cancelled: boolean } };
  'hardware.last': { input: { file: string }; output: { result: DiscoverResult | null } };
  'hardware.match': { input: HardwareInput; output: MatchResult };
  'hardware.compat': { input: HardwareInput; output: CompatResult };
  'plan.show': { input: HardwareInput; output: PlanDocument };
  'failures.explain': { input: { text: string }; output: Explanation };
  'runs.list': { input: Record<string, never>; output: { runs: readonly RunSummary[] } };
  'runs.show': { input: { run: string }; output: RunDocument };
  'runs.events': { input: { run: string; from?: number }; output: { events: readonly RunEvent[] } };
  'runs.apply': { input: ApplyOptions; output: { run: string } };
  'runs.cancel': { input: { run: string }; output: { cancelled: boolean } };
  'credentials.set': { input: { name: string; credential: Credential }; output: { stored: true } };
  'credentials.delete': { input: { name: string }; output: { deleted: boolean } };
  'credentials.list': { input: Record<string, never>; output: { names: readonly string[] } };
}

export type CommandName = keyof BringupApi;
export type CommandInput<C extends CommandName> = BringupApi[C]['input'];
export type CommandOutput<C extends CommandName> = BringupApi[C]['output'];

/** Names of all commands, for hosts that build their transport from the table. */
export const COMMANDS = [
  'app.info',
  'site.validate',
  'site.edit',
  'site.migrate',
  'site.inventory',
  'site.schema',
  'stacks.list',
  'stacks.show',
  'hardware.discover',
  'hardware.progress',
  'hardware.cancel',
  'hardware.last',
  'hardware.match',
  'hardware.compat',
  'plan.show',
  'failures.explain',
  'runs.list',
  'runs.show',
  'runs.events',
  'runs.apply',
  'runs.cancel',
  'credentials.set',
  'credentials.delete',
  'credentials.list',
] as const satisfies readonly CommandName[];

/** What the UI holds; ipc, http and replay are three of the same type. */
export interface BringupClient {
  call<C extends CommandName>(command: C, input: CommandInput<C>): Promise<CommandOutput<C>>;
  /** Delivers every event of a run from `from` on (default 1), then live ones, in order, each once. Returns unsubscribe. */
  subscribe(
    run: string,
    from: number,
    listener: (events: readonly RunEvent[]) => void,
    onLink?: (state: LinkState) => void,
  ): () => void;
}

/** State of the transport between UI and application service. */
export interface LinkState {
  readonly connected: boolean;
  readonly since: string;
}
