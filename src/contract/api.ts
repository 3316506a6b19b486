import type { CheckResult, PlannedStage, RunEvent, Status } from './events.ts';
import type { FailureRecord, Fix, Owner } from './failure.ts';
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

/** The commands of the product; the same table serves IPC, HTTP and the CLI. All inputs and outputs are JSON. */
export interface BringupApi {
  'app.info': {
    input: Record<string, never>;
    output: { version: string; platform: string; host: 'desktop' | 'browser' | 'cli' };
  };
  'site.validate': { input: { file: string }; output: ValidateResult };
  'site.inventory': { input: { file: string }; output: { yaml: string } };
  'site.schema': { input: Record<string, never>; output: { schema: unknown } };
  'stacks.list': { input: Record<string, never>; output: { stacks: readonly StackSummary[] } };
  'stacks.show': { input: { name: string }; output: { file: string; text: string } };
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
  'site.inventory',
  'site.schema',
  'stacks.list',
  'stacks.show',
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
