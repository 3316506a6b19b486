import type { CheckResult, PlannedStage, RunChoices, StageWarning, Status } from './events.ts';
import type { FailureRecord } from './failure.ts';
import type { StageMatrix } from './matrix.ts';

/** One run as listed on Home and by `bringup runs`, newest first. */
export interface RunSummary {
  readonly run: string;
  readonly site: string;
  /** Path of its site file on the machine that began the run. */
  readonly site_file?: string;
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
  /** Name of the export the run was read from: a run of another machine, which can only be looked at. */
  readonly opened?: string;
  readonly failure?: FailureRecord;
  /** How many things a person should know of although the stages went on. */
  readonly warnings?: number;
  /** Hosts that failed where a stage could go on without them; a run that lost any is failed. */
  readonly without?: readonly string[];
  /** The run was to end at this stage: a good end is not that of the site. */
  readonly until?: string;
  /** Title of that stage. */
  readonly until_title?: string;
  /** How many stages of the site are left behind it; unknown in runs of older versions. */
  readonly left?: number;
  /** The run only carried acceptance tests out: it says whether the site still is as it was set up. */
  readonly verify?: boolean;
  /** The run was carried out against simulated machines: it says nothing of the site. */
  readonly rehearsal?: boolean;
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
  /** Stages to pass over, each with the reason that is recorded. */
  readonly skip?: readonly SkippedStageWish[];
  /** Id of the stage at which the run ends: only it and those it waits for are carried out. A resume goes on behind it. */
  readonly until?: string;
  /** Carry out only the acceptance test of each stage; nothing is sent but the playbooks, nothing is set up. */
  readonly verify?: boolean;
}

/** A stage an engineer passes over, and why. */
export interface SkippedStageWish {
  readonly stage: string;
  readonly reason: string;
}

/** A run that goes on in its own journal: what was finished stays, what failed is tried again. */
export interface ResumeOptions {
  readonly run: string;
  /** The site file, where it is not the one the run began with. */
  readonly siteFile?: string;
  readonly confirm?: boolean;
  readonly acceptHostKey?: string;
  readonly installMissing?: boolean;
  readonly skip?: readonly SkippedStageWish[];
  /** Only of a rehearsal: its faults stay this time, as if nobody had mended them. Else REHEARSAL_NO_FAULT. */
  readonly keepFault?: boolean;
}

/** As resume, with a say in what is tried again; without `stage` it is every stage that failed. */
export interface RetryOptions extends ResumeOptions {
  readonly stage?: string;
  /** Only hosts that failed or could not be reached, with the host that controls them. */
  readonly failedHosts?: boolean;
  /** Begin at the failed task; only where the stack allows it. */
  readonly fromTask?: boolean;
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
        /** Why the host was left out of the rest of the stage, e.g. `no operating system yet`. */
        readonly left_out?: string;
        /** Number of the event that has command, output and diff. */
        readonly detail_seq?: number;
      }
    >
  >;
}

/** Which events: from number `from` (default 1) on, `limit` at the most. */
export interface EventsQuery {
  readonly run: string;
  readonly from?: number;
  readonly limit?: number;
}

/** A run in one file. `hidden` counts the places where a secret was covered; `unchecked` names credentials that are not stored any more. */
export interface ExportResult {
  readonly file: string;
  readonly run: string;
  readonly bytes: number;
  readonly events: number;
  readonly hidden: number;
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
  readonly notice?: string;
}

/** An export that was read. `own`: the run is one of this machine, so nothing was taken from the file. */
export interface OpenResult {
  readonly run: string;
  readonly site: string;
  readonly events: number;
  readonly own: boolean;
  /** Version of Bringup that made the export, and when. */
  readonly version: string;
  readonly made: string;
}

/** An earlier attempt of a stage: how it ended and what had failed. */
export interface AttemptDocument {
  readonly attempt: number;
  readonly status: Status;
  readonly started?: string;
  readonly finished?: string;
  readonly text?: string;
  readonly failures: readonly FailureRecord[];
}

/** HTML and Markdown are read by people, JUnit XML by test tools. */
export type ReportFormat = 'html' | 'markdown' | 'junit';

/** What a run proved, as one text to hand over. */
export interface ReportResult {
  readonly run: string;
  readonly format: ReportFormat;
  readonly text: string;
}

/** A run's state with its failure records: `bringup show RUN --json`. */
export interface RunDocument {
  /** What of the journal could not be read. */
  readonly notice?: string;
  /** Name of the export the run was read from. */
  readonly opened?: string;
  readonly run: string;
  readonly site: string;
  readonly stack: string;
  readonly site_file: string;
  readonly status: Status;
  readonly started: string;
  readonly finished?: string;
  readonly text?: string;
  readonly interrupted?: string;
  /** What an engineer chose for the run as it stands now, profiles chosen by hand among it. */
  readonly choices?: RunChoices;
  /** Number of its last event. */
  readonly last_seq: number;
  readonly stages: readonly (PlannedStage & {
    readonly status: Status;
    readonly started?: string;
    readonly finished?: string;
    readonly text?: string;
    readonly counts: Readonly<Partial<Record<Status, number>>>;
    readonly failures: readonly FailureRecord[];
    /** Number of the newest attempt, of which all the rest tells; 0 while there was none. */
    readonly attempt: number;
    /** Earlier attempts, oldest first. */
    readonly attempts: readonly AttemptDocument[];
    readonly warnings: readonly StageWarning[];
    readonly tasks: readonly TaskDocument[];
    /** What the stage tried, machine by machine, where it tells such a thing. */
    readonly matrix?: StageMatrix;
  })[];
}
