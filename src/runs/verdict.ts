import { EXIT, type ExitCode } from '../contract/errors.ts';
import type { PlannedStage, Status } from '../contract/events.ts';

/** What the engine keeps of a stage. */
export interface StageVerdict {
  readonly status: Status;
  readonly exit: ExitCode;
  /** Not run because another stage stood in the way. */
  readonly blocked?: boolean;
  readonly thrown?: unknown;
}

const GOOD: ReadonlySet<Status> = new Set(['ok', 'changed', 'skipped', 'overridden']);

/** True for the end of a stage on which others may build. */
export function isGood(status: Status): boolean {
  return GOOD.has(status);
}

/** True where stages that come after may run. */
export function isDone({ status, blocked }: Pick<StageVerdict, 'status' | 'blocked'>): boolean {
  return blocked !== true && isGood(status);
}

/** Why a stage whose predecessors have all ended cannot run. */
export function findObstacle(
  stage: PlannedStage,
  verdicts: ReadonlyMap<string, StageVerdict>,
): string | undefined {
  for (const before of stage.after) {
    const verdict = verdicts.get(before);
    if (verdict === undefined || isDone(verdict)) continue;
    return verdict.blocked === true
      ? `waits for ${before}, which was not run`
      : `not run because ${before} ${verdict.status === 'failed' ? 'failed' : `is ${verdict.status}`}`;
  }
  return undefined;
}

/**
 * The exit code of a run: a bug goes over everything, then a cancel, then the first stage that failed. `failed` is true
 * also where every stage came to a good end and hosts were lost on the way.
 */
export function exitOf(
  verdicts: readonly StageVerdict[],
  cancelled: boolean,
  failed: boolean,
): { readonly exit: ExitCode; readonly bug?: unknown } {
  const bug = verdicts.find((verdict) => verdict.exit === EXIT.bug);
  if (bug !== undefined) return { exit: EXIT.bug, bug: bug.thrown };
  if (cancelled) return { exit: EXIT.cancelled };
  const bad = verdicts.find((verdict) => verdict.exit !== EXIT.done);
  return { exit: bad?.exit ?? (failed ? EXIT.failed : EXIT.done) };
}
