import type { FailureRecord } from './failure.ts';

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

/** Fields that every run event has. `seq` counts from 1 without a gap within a run; `at` is ISO 8601 UTC. */
export interface EventHead {
  readonly seq: number;
  readonly at: string;
  readonly run: string;
}

/** Task key: unique within a stage (ansible's task uuid, or the check's id). */
export type EventBody =
  | {
      readonly kind: 'run.started';
      readonly site: string;
      readonly stack: string;
      readonly site_file: string;
      readonly schema: 1;
      readonly stages: readonly PlannedStage[];
      readonly version: string;
    }
  | { readonly kind: 'stage.started'; readonly stage: string }
  | { readonly kind: 'play.started'; readonly stage: string; readonly play: string }
  | {
      readonly kind: 'task.started';
      readonly stage: string;
      readonly task: string;
      readonly title: string;
      readonly play?: string;
      readonly file?: string;
      readonly line?: number;
    }
  | {
      readonly kind: 'task.progress';
      readonly stage: string;
      readonly task: string;
      readonly host?: string;
      readonly text: string;
      readonly progress?: Progress;
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
      readonly item?: string;
    }
  | {
      readonly kind: 'stage.finished';
      readonly stage: string;
      readonly status: Status;
      readonly text?: string;
      readonly counts?: Readonly<Partial<Record<Status, number>>>;
    }
  | { readonly kind: 'failure'; readonly stage: string; readonly record: FailureRecord }
  | { readonly kind: 'run.interrupted'; readonly reason: string }
  | { readonly kind: 'run.resumed'; readonly reason: string }
  | { readonly kind: 'run.finished'; readonly status: Status; readonly text: string };

/** One line of the journal and of `bringup apply --json`. */
export type RunEvent = EventHead & EventBody;

export type EventKind = EventBody['kind'];
