import type { EventBody, PlannedStage, Status } from './events.ts';
import type { FailureInput } from './failure.ts';
import type { DiscoverResult } from './hardware.ts';

/** A secret as it leaves the credential store; never crosses to the renderer, never written to disk. */
export interface Credential {
  readonly username?: string;
  readonly password?: string;
  readonly privateKey?: string;
}

/** Where values are kept: the keychain of the operating system, the encrypted file, or the lab's own throwaway file. */
export type CredentialPlace = 'keychain' | 'file' | 'lab';

/** Which store is in use. The file is `closed` until its passphrase was given to this process. */
export interface CredentialStoreState {
  readonly store: 'keychain' | 'file';
  readonly file: { readonly path: string; readonly state: 'absent' | 'closed' | 'open' };
}

/** Chooses where credentials are kept; the choice is remembered on this machine, the passphrase is not. */
export interface CredentialChoice {
  state(): Promise<CredentialStoreState>;
  /** A passphrase opens the file, or makes one. Rejects with CREDENTIALS_SEALED, CREDENTIALS_PASSPHRASE_*. */
  use(store: 'keychain' | 'file', passphrase?: string): Promise<void>;
}

/** The OS keychain or its encrypted alternative. All calls reject with BringupError (code CREDENTIALS_*) and never hang. */
export interface CredentialStore {
  /** Where the value of that name is or would be kept; `keychain` where a store does not say. */
  placeOf?(name: string): CredentialPlace;
  /** The engineer's choice between keychain and encrypted file; missing where there is none. */
  readonly choice?: CredentialChoice;
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
  /** What a BMC answered when it was last read. */
  raw(site: string, bmc: string): Promise<Readonly<Record<string, unknown>> | null>;
}

/**
 * Append-only storage of one run's journal. `append` resolves when the line is handed to the OS, `sync` when it is on
 * disk. Lines keep the order in which append was called, also where it is not waited for. A line that does not fit is
 * taken back whole: JOURNAL_NO_SPACE, and nothing can be appended after it.
 */
export interface JournalFile {
  append(line: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
  /** After JOURNAL_NO_SPACE: writes one more line, and syncs it, with the space that was kept back for it. */
  lastWords?(line: string): Promise<void>;
}

/** A journal that goes on. `lastSeq` is the number of its last event; `torn` says what was cut off and where it lies. */
export interface ReopenedJournal extends JournalFile {
  readonly lastSeq: number;
  readonly torn?: { readonly bytes: number; readonly file: string };
}

/** A run as found on disk. `opened` names the export it was read from: such a run can be read and not go on. */
export interface StoredRun {
  readonly run: string;
  readonly site: string;
  readonly path: string;
  readonly opened?: string;
  /** Another one whenever the journal is. */
  readonly stamp: string;
}

/** A file kept beside a journal: what the run was made from, and a summary that spares reading a journal that has ended. */
export type KeptFile = 'site.yaml' | 'plan.json' | 'hardware.json' | 'summary.json';

/** Where run journals live; a run belongs to the process that holds its site's lock, from create or reopen to close. */
export interface JournalStore {
  create(site: string, run: string): Promise<JournalFile>;
  /**
   * Opens the journal of a run that goes on and takes the site's lock. A torn tail is cut off first. Throws RUN_UNKNOWN,
   * RUN_READ_ONLY, SITE_LOCKED, JOURNAL_DAMAGED.
   */
  reopen(site: string, run: string): Promise<ReopenedJournal>;
  /** The whole lines of a journal, one or many (joined by line ends) at a time; what follows the last line end is left out. */
  lines(run: string): AsyncIterable<string>;
  list(): Promise<readonly StoredRun[]>;
  /** Keeps a text beside the journal, private. */
  keep(run: string, name: KeptFile, text: string): Promise<void>;
  kept(run: string, name: KeptFile): Promise<string | null>;
  /** Takes a run of another machine in, read from the export `source`; one of that name taken in before is replaced. */
  receive(run: string, source: string): Promise<ReceivedRun>;
}

/** A run that is being taken in: nobody sees it before `finish`. */
export interface ReceivedRun {
  append(lines: string): Promise<void>;
  keep(name: KeptFile, text: string): Promise<void>;
  finish(): Promise<void>;
  discard(): Promise<void>;
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

/**
 * A failure as an executor met it; the engine explains and journals it at once. `early`: the executor will say at the end
 * which failures stand, so this one counts only where it never comes to that.
 */
export interface StageFailure {
  readonly kind: 'failure';
  readonly input: FailureInput;
  readonly early?: true;
}

/** An event as a stage executor sees it; the engine adds `stage`, numbers it and journals it. */
export type StageEvent =
  | DistributiveOmit<Exclude<Extract<EventBody, { stage: string }>, { kind: 'failure' }>, 'stage'>
  | StageFailure;

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** How a stage ended; the fields are those of `stage.finished`. */
export interface StageOutcome {
  readonly status: Status;
  readonly text?: string;
  readonly failed_hosts?: readonly string[];
  readonly facts?: Readonly<Record<string, string>>;
  readonly cut_short?: boolean;
}

/** One attempt to carry a stage out, and what of it is journalled already where it is followed again. */
export interface StageAttempt {
  /** Counts from 1 within a run. */
  readonly attempt: number;
  /**
   * Only where the attempt was begun before: `counter` is the last event of ansible-runner that is journalled, `count`
   * how many run events it gave. Both are 0 where none is.
   */
  readonly seen?: { readonly counter: number; readonly count: number };
  /** Whether the journal has the task (or the host's answer to it) already. */
  knows(task: string, host?: string): boolean;
  readonly onlyHosts?: readonly string[];
  readonly leftOut: readonly string[];
  readonly fromTask?: string;
  readonly tag?: string;
  /** The second, harder word: what runs is stopped at once. */
  readonly kill: CancelSignal;
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

/** A site file and when it was last worked on, ISO time. */
export interface RememberedSite {
  readonly file: string;
  readonly at: string;
}

/** Which site files were worked on from this machine. */
export interface SiteMemory {
  list(): Promise<readonly RememberedSite[]>;
  remember(site: RememberedSite): Promise<void>;
  /** False where it was not known. */
  forget(file: string): Promise<boolean>;
}
