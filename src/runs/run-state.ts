import type {
  CheckResult,
  PlannedStage,
  Progress,
  RunChoices,
  StageInputs,
  StageWarning,
  StaleStage,
  Status,
} from '../contract/events.ts';
import type { FailureRecord } from '../contract/failure.ts';
import type { MatrixCell } from '../contract/matrix.ts';

/** What one host said to one task; the last word counts, items are folded into it. */
export interface HostState {
  readonly status: Status;
  readonly text?: string;
  readonly check?: CheckResult;
  readonly duration_seconds?: number;
  /** The failure was allowed for (ignore_errors, rescue): it stops nothing. */
  readonly ignored?: boolean;
  /** Why the host was left out of the rest of the stage: what it has, e.g. `no operating system yet`. */
  readonly left_out?: string;
  /** Number of the event that has command, output and diff: too much to be kept for each of a hundred thousand tasks. */
  readonly detail_seq?: number;
  /** What it told of the stage's matrix, and how many cells more there were. */
  readonly cells?: readonly MatrixCell[];
  readonly cells_left_out?: number;
}

/** One task of a stage with the answer of every host so far. `id` is unique within the attempt. */
export interface TaskState {
  readonly id: string;
  readonly title: string;
  readonly play?: string;
  readonly file?: string;
  readonly line?: number;
  readonly started: string;
  readonly hosts: ReadonlyMap<string, HostState>;
  readonly progress?: { readonly text: string; readonly progress?: Progress; readonly at: string };
}

/** An earlier attempt of a stage: how it ended and what had failed. */
export interface AttemptState {
  readonly attempt: number;
  readonly status: Status;
  readonly started?: string;
  readonly finished?: string;
  readonly text?: string;
  readonly failures: readonly FailureRecord[];
  readonly only_hosts?: readonly string[];
  readonly from_task?: string;
  readonly tag?: string;
}

/** One stage: as planned, plus what happened at its newest attempt. Times are ISO 8601. */
export interface StageState extends PlannedStage {
  readonly status: Status;
  readonly started?: string;
  readonly finished?: string;
  readonly text?: string;
  readonly play?: string;
  readonly tasks: ReadonlyMap<string, TaskState>;
  readonly counts: Readonly<Partial<Record<Status, number>>>;
  readonly failures: readonly FailureRecord[];
  /** True while `failures` are those seen so far: at its end the stage's are told anew, the root first. */
  readonly early?: true;
  /** Number of the newest attempt; 0 while there was none. */
  readonly attempt: number;
  /** Earlier attempts, oldest first. */
  readonly attempts: readonly AttemptState[];
  readonly warnings: readonly StageWarning[];
  /** The only hosts of this attempt. */
  readonly only_hosts?: readonly string[];
  /** Hosts that an earlier stage went on without. */
  readonly left_out?: readonly string[];
  readonly from_task?: string;
  readonly tag?: string;
  /** Hosts that failed in a stage that ended well without them. */
  readonly failed_hosts?: readonly string[];
  readonly facts?: Readonly<Record<string, string>>;
  readonly cut_short?: boolean;
  readonly goes_on?: boolean;
  readonly overridden?: string;
  readonly inputs?: StageInputs;
  /** Tasks that told of a matrix, by their ids. */
  readonly matrix_tasks?: ReadonlySet<string>;
  /** Why its result no longer stands, where its status is `stale`. */
  readonly stale?: StaleStage;
  /** The last event of ansible-runner that is journalled, and how many run events it gave. */
  readonly tail: { readonly counter: number; readonly count: number };
}

/** The state of a run, a pure function of its events. */
export interface RunState {
  readonly run: string;
  readonly site: string;
  readonly stack: string;
  readonly siteFile: string;
  readonly status: Status;
  readonly started: string;
  readonly finished?: string;
  readonly text?: string;
  readonly interrupted?: string;
  readonly choices?: RunChoices;
  /** Version of the journal, where it was begun by an older Bringup. */
  readonly schema?: number;
  /** When the run last went on after a stop, and why. */
  readonly resumed?: { readonly at: string; readonly reason: string };
  readonly stages: ReadonlyMap<string, StageState>;
  readonly lastSeq: number;
  readonly lastAt: string;
}
