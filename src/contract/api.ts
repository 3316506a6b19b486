import type {
  BundleCreated,
  BundleCreateInput,
  BundleKey,
  BundleLook,
  BundleProgress,
  BundleVerified,
  BundleVerifyInput,
} from './bundle.ts';
import type {
  CredentialList,
  CredentialSetInput,
  CredentialSetResult,
  CredentialsQuery,
  CredentialStoreInput,
  CredentialStoreState,
  CredentialTestInput,
  CredentialTestResult,
} from './credentials.ts';
import type { Evidence } from './errors.ts';
import type { CheckResult, RunEvent } from './events.ts';
import type { Fix, Owner } from './failure.ts';
import type { DiscoverResult } from './hardware.ts';
import type { DiscoverOptions, DiscoverProgress, HardwareInput } from './hardware-api.ts';
import type { FileKind, FileMark, FolderListing, KnownSite, ShareResult } from './host-api.ts';
import type { LogPage, LogQuestion } from './logs.ts';
import type { PlanDocument } from './plan.ts';
import type { CompatResult, MatchResult } from './profile.ts';
import type { ProfileCheckInput, ProfileDocument, ProfilesChecked, ProfileSummary } from './profile-check.ts';
import type { RehearsalFault, RehearseOptions } from './rehearsal.ts';
import type {
  ApplyOptions,
  EventsQuery,
  ExportResult,
  OpenResult,
  ReportFormat,
  ReportResult,
  ResumeOptions,
  RetryOptions,
  RunDocument,
  RunSummary,
} from './run-api.ts';
import type {
  MigrateResult,
  Problem,
  SiteEditInput,
  SiteFile,
  SiteStart,
  SiteWrite,
  ValidateResult,
} from './site-api.ts';
import type { StackExported, StackArchiveSummary, StackImported, StackSummary } from './stacks.ts';
import type { ProbeInput, ProbeResult } from './vantage.ts';

export type * from './credentials.ts';
export type * from './hardware-api.ts';
export type * from './host-api.ts';
export type * from './logs.ts';
export type * from './rehearsal.ts';
export type * from './run-api.ts';
export type * from './site-api.ts';
export type * from './stacks.ts';

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

/** What Bringup needs of the machine it runs on; `ok` while no check has failed. */
export interface DoctorResult {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
}

/** The commands of the product; the same table serves IPC, HTTP and the CLI. All inputs and outputs are JSON. */
export interface BringupApi {
  'app.info': {
    input: Record<string, never>;
    /** `watching` names the run that this page may look at and nothing else. */
    output: { version: string; platform: string; host: 'desktop' | 'browser' | 'cli'; watching?: string };
  };
  /** Looks at this machine: nothing at a site is touched. */
  'app.doctor': { input: Record<string, never>; output: DoctorResult };
  /** Asks with the dialog of the operating system; where there is none (`native` false) the page asks with `files.list`. */
  'files.choose': { input: { kind: FileKind }; output: { native: boolean; file: string | null } };
  /** Without `folder` the first place; throws FOLDER_OUTSIDE beyond the places, FOLDER_UNREADABLE. */
  'files.list': { input: { folder?: string; kind: FileKind }; output: FolderListing };
  /** Where on this machine a file lies that was dropped on the page of a browser. */
  'files.find': { input: FileMark; output: { files: readonly string[] } };
  'sites.list': { input: Record<string, never>; output: { sites: readonly KnownSite[] } };
  /** Takes a site file from the list; the file itself stays. */
  'sites.forget': { input: { file: string }; output: { forgotten: boolean } };
  'site.validate': { input: { file: string }; output: ValidateResult };
  'site.read': { input: { file: string }; output: SiteFile };
  'site.write': { input: SiteWrite; output: SiteFile };
  'site.create': { input: SiteStart; output: SiteFile };
  'site.edit': { input: SiteEditInput; output: SiteFile };
  'site.migrate': { input: { file: string }; output: MigrateResult };
  'site.inventory': { input: { file: string }; output: { yaml: string } };
  'site.schema': { input: Record<string, never>; output: { schema: unknown } };
  'stacks.list': { input: Record<string, never>; output: { stacks: readonly StackSummary[] } };
  'stacks.show': { input: { name: string }; output: { file: string; text: string } };
  /** Writes a stack with its playbooks, roles, modules and failure texts into one file. Rejects with STACK_*, BUNDLE_EXISTS. */
  'stacks.export': { input: { name: string; file: string }; output: StackExported };
  /** Reads a stack archive and changes nothing. Rejects with STACK_ARCHIVE_*, STACK_INVALID. */
  'stacks.inspect': { input: { file: string }; output: StackArchiveSummary };
  /** `sha256` is what somebody has agreed to: the playbooks of the stack will run with the credentials of sites. */
  'stacks.import': {
    input: { file: string; sha256: string; replace?: boolean };
    output: StackImported;
  };
  /** The stack's own parameters as a JSON Schema (draft 2020-12); null where it has none. */
  'stacks.parameters': {
    input: { name: string };
    output: { schema: Readonly<Record<string, unknown>> | null };
  };
  /** The profiles of a site file, or without one those shipped; files that are no profiles are among the problems. */
  'profiles.list': {
    input: { file?: string };
    output: { profiles: readonly ProfileSummary[]; problems: readonly Problem[] };
  };
  'profiles.show': { input: { name: string; file?: string }; output: ProfileDocument };
  /** Holds profiles against BIOS registries and a firmware catalogue. Rejects with FILE_UNREADABLE, REGISTRY_INVALID, CATALOG_INVALID. */
  'profiles.check': { input: ProfileCheckInput; output: ProfilesChecked };
  'hardware.discover': { input: DiscoverOptions; output: DiscoverResult };
  'hardware.progress': { input: Record<string, never>; output: DiscoverProgress };
  'hardware.cancel': { input: Record<string, never>; output: { cancelled: boolean } };
  'hardware.last': { input: { file: string }; output: { result: DiscoverResult | null } };
  /** What the BMC answered when it was last read, `{uri: resource}`; null where nothing is kept. */
  'hardware.raw': {
    input: { file: string; bmc: string };
    output: { resources: Readonly<Record<string, unknown>> | null };
  };
  'hardware.match': { input: HardwareInput; output: MatchResult };
  'hardware.compat': { input: HardwareInput; output: CompatResult };
  'plan.show': { input: HardwareInput; output: PlanDocument };
  'failures.explain': { input: { text: string }; output: Explanation };
  'vantage.probe': { input: ProbeInput; output: ProbeResult };
  /** Searches the central logs of a site on its deployment VM. Rejects with LOGS_*, and with what stands in the way there. */
  'logs.search': { input: LogQuestion; output: LogPage };
  /** Calls off the search of that name. */
  'logs.cancel': { input: { name: string }; output: { cancelled: boolean } };
  'runs.list': { input: Record<string, never>; output: { runs: readonly RunSummary[] } };
  'runs.show': { input: { run: string }; output: RunDocument };
  'runs.events': {
    input: EventsQuery;
    output: { events: readonly RunEvent[]; more: boolean; notice?: string };
  };
  'runs.export': { input: { run: string; file: string }; output: ExportResult };
  'runs.report': { input: { run: string; format: ReportFormat }; output: ReportResult };
  'runs.open': { input: { file: string }; output: OpenResult };
  'runs.apply': { input: ApplyOptions; output: { run: string } };
  /** A run of a site file against simulated machines. Throws REHEARSAL_*, SITE_INVALID, SITE_LOCKED. */
  'rehearse.start': { input: RehearseOptions; output: { run: string } };
  /** Faults that a rehearsal can be given, in the order of the stages that meet them. */
  'rehearse.faults': { input: Record<string, never>; output: { faults: readonly RehearsalFault[] } };
  /** `from` is the number of the first event of the run's going on. */
  'runs.resume': { input: ResumeOptions; output: { run: string; from: number } };
  'runs.retry': { input: RetryOptions; output: { run: string; from: number } };
  /** The first cancel lets running tasks end, the second one (or `now`) stops them; false where nothing runs. */
  'runs.cancel': { input: { run: string; now?: boolean }; output: { cancelled: boolean } };
  /** Only in the browser host; elsewhere SHARE_NOT_HERE. With `end` the link stops working. */
  'runs.share': { input: { run: string; end?: boolean }; output: ShareResult };
  /** Rejects with BUNDLE_* and SITE_INVALID; what is there is never written over. */
  'bundle.create': { input: BundleCreateInput; output: BundleCreated };
  /** Rejects only where the file cannot be read (BUNDLE_UNREADABLE); everything else is a problem of the bundle. */
  'bundle.verify': { input: BundleVerifyInput; output: BundleVerified };
  /** The bundle that a site file names, by its list, and what the stages need of it; also of a file that has errors. */
  'bundle.look': { input: { file: string }; output: BundleLook };
  'bundle.progress': { input: Record<string, never>; output: BundleProgress };
  'bundle.cancel': { input: Record<string, never>; output: { cancelled: boolean } };
  /** Shows the public half of a signing key, which is made where none of that name is stored. */
  'bundle.key': { input: { name: string }; output: BundleKey };
  'credentials.set': { input: CredentialSetInput; output: CredentialSetResult };
  'credentials.delete': { input: { name: string }; output: { deleted: boolean } };
  'credentials.list': { input: CredentialsQuery; output: CredentialList };
  /** Logs in for real, once a machine; stops at the first machine that refuses. */
  'credentials.test': { input: CredentialTestInput; output: CredentialTestResult };
  'credentials.store': { input: CredentialStoreInput; output: CredentialStoreState };
}

export type CommandName = keyof BringupApi;
export type CommandInput<C extends CommandName> = BringupApi[C]['input'];
export type CommandOutput<C extends CommandName> = BringupApi[C]['output'];

/** Names of all commands, for hosts that build their transport from the table. */
export const COMMANDS = [
  'app.info',
  'app.doctor',
  'files.choose',
  'files.list',
  'files.find',
  'sites.list',
  'sites.forget',
  'site.validate',
  'site.read',
  'site.write',
  'site.create',
  'site.edit',
  'site.migrate',
  'site.inventory',
  'site.schema',
  'stacks.list',
  'stacks.show',
  'stacks.parameters',
  'stacks.export',
  'stacks.inspect',
  'stacks.import',
  'profiles.list',
  'profiles.show',
  'profiles.check',
  'hardware.discover',
  'hardware.progress',
  'hardware.cancel',
  'hardware.last',
  'hardware.raw',
  'hardware.match',
  'hardware.compat',
  'plan.show',
  'failures.explain',
  'vantage.probe',
  'logs.search',
  'logs.cancel',
  'runs.list',
  'runs.show',
  'runs.events',
  'runs.export',
  'runs.open',
  'runs.report',
  'runs.apply',
  'rehearse.start',
  'rehearse.faults',
  'runs.resume',
  'runs.retry',
  'runs.cancel',
  'runs.share',
  'bundle.create',
  'bundle.verify',
  'bundle.look',
  'bundle.progress',
  'bundle.cancel',
  'bundle.key',
  'credentials.set',
  'credentials.delete',
  'credentials.list',
  'credentials.test',
  'credentials.store',
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
