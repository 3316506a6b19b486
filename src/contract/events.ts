import type { FailureRecord } from './failure.ts';
import type { MatrixCell } from './matrix.ts';

/** Every status a stage, task or host can have; never a bare red or green. */
export type Status =
  | 'pending'
  | 'running'
  | 'ok'
  | 'changed'
  | 'skipped'
  | 'failed'
  | 'unreachable'
  | 'timed-out'
  | 'cancelled'
  | 'stale'
  | 'overridden';

/**
 * Whose credentials a stage may be given: those of the KVM host, of all BMCs, of OpenManage Enterprise, of the repository's share, of
 * container registries, and the token of the RKE2 cluster.
 */
export type LoginKind = 'kvm-host' | 'bmc' | 'ome' | 'repository' | 'registry' | 'rke2';

/** One stage as the plan froze it, carried by `run.started`. */
export interface PlannedStage {
  readonly id: string;
  readonly title: string;
  readonly runs_on: 'laptop' | 'kvm-host' | 'deployment-vm';
  readonly playbook?: string;
  readonly after: readonly string[];
  readonly hosts: readonly string[];
  /** Expected seconds, from the stack or from earlier runs. */
  readonly expect_seconds?: number;
  /** Where the expectation comes from; the stack's word where it is left out. */
  readonly expect_from?: 'stack' | 'history';
  /** Seconds after which a warning is told; the stage goes on. */
  readonly soft_timeout_seconds?: number;
  /** Seconds after which the stage is stopped. */
  readonly hard_timeout_seconds?: number;
  /** What the failure of one host means for the stage; `stop` where it is left out. */
  readonly on_host_failure?: 'stop' | 'continue';
  /** Where a retry may begin: at the failed task, or (where it is left out) only at the beginning. */
  readonly resume?: 'task' | 'stage';
  /** Ansible tag of the plays that try the result; they run on every host after a retry of some. */
  readonly acceptance?: string;
  /** What a stage leaves behind when it is stopped half-way, in words. */
  readonly leaves?: string;
  /** Whose credentials it needs beside those of the target servers. */
  readonly logs_in_to?: readonly LoginKind[];
  /** Why the stage is (not) part of this run. */
  readonly reason?: string;
}

/** Measured progress of a long task; `rate` is in units a second, `left_seconds` an estimate. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: 'bytes' | 'checks' | 'seconds';
  readonly rate?: number;
  readonly left_seconds?: number;
}

/** One preflight check as seen: what was found, what is wanted, and the remedy when they differ. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly seen: string;
  readonly wanted: string;
  readonly remedy?: string;
  readonly code?: string;
}

/** A profile that the site file names in place of the one that discovery would choose, and why. */
export interface ChosenProfile {
  readonly host: string;
  readonly profile: string;
  readonly reason?: string;
}

/** How fast a rehearsal plays its recordings: as they were, ten times as fast, or without a wait. */
export type RehearsalPace = 1 | 10 | 'max';

/** What makes a run a rehearsal: all machines at the site are simulated, and these faults are put into them. */
export interface RehearsalChoice {
  /** `NAME` or `NAME:HOST` each. They count as mended once the run goes on, unless `keep_fault`. */
  readonly faults: readonly string[];
  readonly pace: RehearsalPace;
  /** True where they always stay, `now` where they stay only this time that the run goes on. */
  readonly keep_fault?: boolean | 'now';
}

/** What an engineer chose for a whole run; journalled, so that a resumed run keeps to it. */
export interface RunChoices {
  readonly confirm?: boolean;
  readonly destroy?: boolean;
  readonly install_missing?: boolean;
  /** Id of the stage at which the run was to end. */
  readonly until?: string;
  /** How many stages of the whole plan were left out because of `until`. */
  readonly left?: number;
  /** Only the acceptance test of each stage is carried out, on its own. */
  readonly verify?: boolean;
  /** As the site file had them when the run began or last went on. */
  readonly profiles?: readonly ChosenProfile[];
  /** Nothing at the site was touched: the run was carried out against simulated machines. */
  readonly rehearsal?: RehearsalChoice;
}

/** What a stage depends on, as it was when the stage started; compared later, it tells whether the stage is stale. */
export interface StageInputs {
  /** Values of the site file by dotted path; a site file holds no secret. */
  readonly site: Readonly<Record<string, unknown>>;
  /** SHA-256 of other inputs by name: `playbooks`, `hardware`, `bundle` (`none` where the site file names none). */
  readonly hashes: Readonly<Record<string, string>>;
}

/** One input of a finished stage that is not what it was; values are left out where only a hash is known. */
export interface InputChange {
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** A finished stage whose result no longer stands: why, in one sentence, and what changed. */
export interface StaleStage {
  readonly stage: string;
  readonly why: string;
  readonly changes: readonly InputChange[];
}

/** Something a person should know of a stage that goes on, or that ended well all the same. */
export interface StageWarning {
  readonly code: 'soft-timeout' | 'hosts-failed' | 'hosts-left-out';
  readonly text: string;
  readonly hosts?: readonly string[];
  readonly expected_seconds?: number;
  readonly spent_seconds?: number;
}

/**
 * What a task did on a host, where that says more than `text`. A text is about 4,000 characters long at most: of a longer one
 * the ends are kept, with the count of what was left out between them. Never a module's arguments; nothing of a `no_log` task.
 */
export interface ResultDetail {
  readonly command?: string;
  /** Exit code of the command. */
  readonly rc?: number;
  /** What the module said, where `text` has only a part of it. */
  readonly message?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  /** What it changed, as a unified diff. */
  readonly diff?: string;
}

/** Key of the task that gets a detached stage going; its answer means that the stage runs at the site. */
export const START_TASK = 'bringup.start';

/** Version of the journal that is written now; a reader takes this one and every older one. */
export const JOURNAL_SCHEMA = 2;

/** Fields that every run event has. `seq` counts from 1 without a gap within a run; `at` is ISO 8601 UTC. */
export interface EventHead {
  readonly seq: number;
  readonly at: string;
  readonly run: string;
}

/**
 * Task key: unique within an attempt of a stage (ansible's task uuid, or the check's id). `counter` is ansible-runner's
 * number of the event that a run event was made from; a run that goes on takes the events behind the last one.
 *
 * Schema 2 added attempts, warnings, inputs and counters. Every field it added may be missing: the reader of a journal of
 * schema 1 sees one attempt of each stage and no warning.
 */
export type EventBody =
  | {
      readonly kind: 'run.started';
      readonly site: string;
      readonly stack: string;
      readonly site_file: string;
      readonly schema: 1 | 2;
      readonly stages: readonly PlannedStage[];
      readonly version: string;
      readonly choices?: RunChoices;
    }
  | {
      readonly kind: 'stage.started';
      readonly stage: string;
      /** Counts from 1 within a run; 1 where it is left out. */
      readonly attempt?: number;
      /** True where this attempt was left going on and is followed again: nothing of it was lost or starts anew. */
      readonly continued?: boolean;
      /** Why there is another attempt, or why it is followed again. */
      readonly reason?: string;
      /** The only hosts of this attempt; all of the stage's where it is left out. */
      readonly hosts?: readonly string[];
      /** Hosts that an earlier stage went on without. */
      readonly left_out?: readonly string[];
      /** The task at which this attempt begins; the first one where it is left out. */
      readonly from_task?: string;
      /** Only plays of this tag are carried out. */
      readonly tag?: string;
      readonly inputs?: StageInputs;
    }
  | ({ readonly kind: 'stage.warning'; readonly stage: string } & StageWarning)
  | {
      readonly kind: 'play.started';
      readonly stage: string;
      readonly play: string;
      readonly counter?: number;
    }
  | {
      readonly kind: 'task.started';
      readonly stage: string;
      readonly task: string;
      readonly title: string;
      readonly play?: string;
      readonly file?: string;
      readonly line?: number;
      readonly counter?: number;
    }
  | {
      readonly kind: 'task.progress';
      readonly stage: string;
      readonly task: string;
      readonly host?: string;
      readonly text: string;
      readonly progress?: Progress;
      readonly counter?: number;
    }
  | {
      readonly kind: 'host.result';
      readonly stage: string;
      readonly task: string;
      readonly host: string;
      readonly status: Status;
      readonly text?: string;
      readonly check?: CheckResult;
      readonly duration_seconds?: number;
      readonly ignored?: boolean;
      /** Why the host is left out of the rest of the stage, and so was not tried: what it has, e.g. `no operating system yet`. */
      readonly left_out?: string;
      readonly item?: string;
      /** Only where something was changed, failed or was printed. */
      readonly detail?: ResultDetail;
      /** What the task tells of a matrix: at most 48,000 bytes, what is not well first. */
      readonly cells?: readonly MatrixCell[];
      /** So many more were left out. */
      readonly cells_left_out?: number;
      readonly counter?: number;
    }
  | {
      readonly kind: 'stage.finished';
      readonly stage: string;
      readonly status: Status;
      readonly text?: string;
      readonly counts?: Readonly<Partial<Record<Status, number>>>;
      /** Hosts that failed in a stage that ended well without them. */
      readonly failed_hosts?: readonly string[];
      /** What the stage proved and later stages build on, e.g. `{virtualization: 'kvm'}`. */
      readonly facts?: Readonly<Record<string, string>>;
      /** True where Ansible broke a play off, so that hosts which did not fail are not finished either. */
      readonly cut_short?: boolean;
      /** True where contact was lost and the stage goes on at the site without the laptop. */
      readonly goes_on?: boolean;
      /** Why an engineer passed over the stage; its status is then `overridden`. */
      readonly overridden?: string;
    }
  | {
      readonly kind: 'failure';
      readonly stage: string;
      readonly record: FailureRecord;
      /**
       * Seen while the stage goes on. At its end its failures are looked at as a whole, the root first, and told without
       * this: they take the place of all early ones. Where none is told, what was seen was mended meanwhile.
       */
      readonly early?: true;
    }
  | { readonly kind: 'run.interrupted'; readonly reason: string }
  | {
      readonly kind: 'run.resumed';
      readonly reason: string;
      /** The plan from here on, where the site file or the stack changed it. */
      readonly stages?: readonly PlannedStage[];
      readonly site_file?: string;
      readonly stale?: readonly StaleStage[];
      readonly choices?: RunChoices;
      readonly version?: string;
    }
  | { readonly kind: 'run.finished'; readonly status: Status; readonly text: string };

/** One line of the journal and of `bringup apply --json`. */
export type RunEvent = EventHead & EventBody;

export type EventKind = EventBody['kind'];
