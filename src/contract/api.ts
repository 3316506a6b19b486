import type { Evidence } from './errors.ts';
import type { RunEvent } from './events.ts';
import type { Fix, Owner } from './failure.ts';
import type { DiscoverResult } from './hardware.ts';
import type { PlanDocument } from './plan.ts';
import type { CompatResult, MatchResult } from './profile.ts';
import type { Credential } from './ports.ts';
import type {
  ApplyOptions,
  EventsQuery,
  ExportResult,
  OpenResult,
  ReportResult,
  ResumeOptions,
  RetryOptions,
  RunDocument,
  RunSummary,
} from './run-api.ts';
import type { ProbeInput, ProbeResult } from './vantage.ts';

export type * from './run-api.ts';

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
  /** The telling lines, also where the cause is not known. */
  readonly evidence?: readonly Evidence[];
  /** Copy-ready text for the owner, where the cause is known. */
  readonly request?: string;
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
  'vantage.probe': { input: ProbeInput; output: ProbeResult };
  'runs.list': { input: Record<string, never>; output: { runs: readonly RunSummary[] } };
  'runs.show': { input: { run: string }; output: RunDocument };
  'runs.events': {
    input: EventsQuery;
    output: { events: readonly RunEvent[]; more: boolean; notice?: string };
  };
  'runs.export': { input: { run: string; file: string }; output: ExportResult };
  'runs.report': { input: { run: string; format: 'html' | 'markdown' }; output: ReportResult };
  'runs.open': { input: { file: string }; output: OpenResult };
  'runs.apply': { input: ApplyOptions; output: { run: string } };
  /** `from` is the number of the first event of the run's going on. */
  'runs.resume': { input: ResumeOptions; output: { run: string; from: number } };
  'runs.retry': { input: RetryOptions; output: { run: string; from: number } };
  /** The first cancel lets running tasks end, the second one (or `now`) stops them; false where nothing runs. */
  'runs.cancel': { input: { run: string; now?: boolean }; output: { cancelled: boolean } };
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
  'vantage.probe',
  'runs.list',
  'runs.show',
  'runs.events',
  'runs.export',
  'runs.open',
  'runs.report',
  'runs.apply',
  'runs.resume',
  'runs.retry',
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
