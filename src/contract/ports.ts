import type { EventBody, PlannedStage, Status } from './events.ts';
import type { DiscoverResult } from './hardware.ts';

/** A secret as it leaves the credential store; never crosses to the renderer, never written to disk. */
export interface Credential {
  readonly username?: string;
  readonly password?: string;
  readonly privateKey?: string;
}

/** The OS keychain or its encrypted alternative. All calls reject with BringupError (code CREDENTIALS_*) and never hang. */
export interface CredentialStore {
  get(name: string): Promise<Credential | null>;
  set(name: string, credential: Credential): Promise<void>;
  list(): Promise<readonly string[]>;
  delete(name: string): Promise<boolean>;
}

/** Pinned SSH host keys; `key` is `host:port`, `fingerprint` is `SHA256:...` as ssh-keygen -l prints it. */
export interface HostKeyStore {
  get(key: string): Promise<string | null>;
  set(key: string, fingerprint: string): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/** What one discovery finds, kept while it goes on. */
export interface HardwareRecord {
  /** Keeps what a BMC answered, `{uri: resource}`. */
  keepRaw(bmc: string, resources: Readonly<Record<string, unknown>>): Promise<void>;
  /** Makes this the newest discovery of its site; returns where it lies. */
  finish(result: DiscoverResult): Promise<string>;
  /** Forgets it, where the discovery did not come to its end. */
  discard(): Promise<void>;
}

/** What discoveries found, by site name; the newest is what match, compat, plan and apply look at. */
export interface HardwareStore {
  begin(site: string, at: Date): Promise<HardwareRecord>;
  last(site: string): Promise<DiscoverResult | null>;
}

/** Append-only storage of one run's journal. `append` resolves when the line is handed to the OS, `sync` when it is on disk. */
export interface JournalFile {
  append(line: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Where run journals live. `open` creates; `read` yields whole lines only (a torn tail is left out). */
export interface JournalStore {
  create(site: string, run: string): Promise<JournalFile>;
  lines(run: string): AsyncIterable<string>;
  list(): Promise<readonly { readonly run: string; readonly site: string; readonly path: string }[]>;
}

/** Wall clock, so that tests can hold it still. */
export interface Clock {
  now(): Date;
}

/** The part of AbortSignal that pure rooms need; a real AbortSignal fits. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** An event as a stage executor sees it; the engine adds `stage`, numbers it and journals it. */
export type StageEvent = DistributiveOmit<Extract<EventBody, { stage: string }>, 'stage'>;

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;

export interface StageOutcome {
  readonly status: Status;
  readonly text?: string;
}

/**
 * Carries one stage out where it belongs. Tells task and host events through `emit`; the engine itself emits
 * `stage.started` and `stage.finished`, and a `failure` where a stage ended badly without telling one. Throws
 * BringupError when the stage could not be carried out at all.
 */
export interface StageExecutor {
  execute(
    stage: PlannedStage,
    emit: (event: StageEvent) => void,
    signal: CancelSignal,
  ): Promise<StageOutcome>;
}
