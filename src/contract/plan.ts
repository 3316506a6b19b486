import type { PlannedStage, StaleStage, Status } from './events.ts';
import type { HardwareFinding } from './hardware.ts';
import type { CompatCheck } from './profile.ts';

/** One stage of a plan: what `apply` would run, in which order, and what would be different at the site afterwards. */
export interface PlanStage extends PlannedStage {
  readonly reason: string;
  /** What the stage changes, in words; empty when it only reads. */
  readonly changes: readonly string[];
  /** What is lost, and under which condition; only on stages that can destroy something. */
  readonly destructive?: string;
  /** How the newest run of the site left the stage; missing where it never started there. */
  readonly done?: { readonly run: string; readonly status: Status; readonly finished?: string };
  /** Why the finished stage would run again if that run went on with this site file. */
  readonly stale?: StaleStage;
}

/** A stage of the stack that is not part of this plan. */
export interface SkippedStage {
  readonly id: string;
  readonly title: string;
  /** Which condition the site file does not meet, and what it says instead. */
  readonly reason: string;
}

/** One server of the site file in a plan. `unknown`: nothing was discovered of it. */
export interface PlanHost {
  readonly name: string;
  readonly serial?: string;
  readonly roles: readonly string[];
  readonly match: 'matched' | 'ambiguous' | 'none' | 'unknown';
  readonly profile?: string;
  /** One sentence: why this profile, or why none. */
  readonly why: string;
  /** True when the site file names the profile itself. */
  readonly overridden: boolean;
  readonly compat: 'pass' | 'warn' | 'fail' | 'unknown';
  /** Requirements that did not pass. */
  readonly compat_checks: readonly CompatCheck[];
  readonly findings: readonly HardwareFinding[];
}

/** Something that stops `apply`, and what to do about it. */
export interface PlanBlocker {
  /** Dotted, stable: `profile.ambiguous`, `compat.fail`, `credential.missing`, or the code of a finding. */
  readonly code: string;
  readonly host?: string;
  readonly message: string;
  readonly remedy: string;
}

export interface PlanTotals {
  readonly hosts: number;
  readonly stages: number;
  readonly destructive_stages: number;
  /** Along the longest chain of stages that wait for each other: stages that do not may run side by side. */
  readonly expect_seconds: number;
  /** The same with one stage after the other. */
  readonly expect_seconds_in_turn: number;
  /** Ids of stages whose time nobody knows yet; they are not in the sums. */
  readonly without_expectation: readonly string[];
  /** Ids of the stages on that longest chain, in order. */
  readonly longest_chain: readonly string[];
}

/** Site, hardware and stack, resolved: `bringup plan FILE --json`. Nothing was executed. */
export interface PlanDocument {
  readonly schema: 1;
  readonly site: string;
  readonly stack: string;
  readonly stack_version: number;
  /** When the hardware was discovered (ISO 8601); missing when it was not. */
  readonly hardware_at?: string;
  readonly stages: readonly PlanStage[];
  readonly skipped: readonly SkippedStage[];
  readonly hosts: readonly PlanHost[];
  /** Findings about no single host of the site file. */
  readonly findings: readonly HardwareFinding[];
  readonly totals: PlanTotals;
  readonly blockers: readonly PlanBlocker[];
  /** True when nothing stops `apply`. */
  readonly ready: boolean;
}
