import { BringupError, EXIT } from '../contract/errors.ts';
import type { PlannedStage, StaleStage } from '../contract/events.ts';
import { failedHostsOf, failedTaskOf } from './failed-part.ts';
import type { RunState, StageState } from './run-state.ts';
import { acceptanceOf } from './stage-run.ts';
import type { BeginStart, StageStart } from './start.ts';

/** What an engineer asks of a run that goes on. */
export interface ResumeWish {
  /** The failed stages, or the one that is named, whatever its status. */
  readonly retry?: {
    readonly stage?: string;
    readonly failedHosts?: boolean;
    readonly fromTask?: boolean;
  };
  readonly skip?: readonly SkipWish[];
}

export interface SkipWish {
  readonly stage: string;
  readonly reason: string;
}

export interface ResumePlan {
  readonly starts: ReadonlyMap<string, StageStart>;
  readonly stale: readonly StaleStage[];
}

/**
 * Says how each stage of a run that goes on is taken up. Throws SKIP_STAGE, RETRY_STAGE, RETRY_FROM_TASK, RETRY_HOSTS
 * where a wish cannot be met, and RESUME_NOTHING where nothing is left to do.
 */
export function planResume(
  state: RunState,
  stages: readonly PlannedStage[],
  changed: readonly StaleStage[],
  wish: ResumeWish,
): ResumePlan {
  checkNames(stages, wish);
  const starts = new Map<string, StageStart>();
  const stale = new Map(changed.map((entry) => [entry.stage, entry]));
  const again = new Set<string>();
  for (const stage of stages) {
    const known = state.stages.get(stage.id);
    const missed = (known?.left_out ?? []).filter((host) => again.has(host));
    if (isFinished(known) && missed.length > 0 && !stale.has(stage.id)) {
      const why = `ran without ${missed.join(', ')}, tried again before it`;
      stale.set(stage.id, { stage: stage.id, why, changes: [] });
    }
    const start = startOf(state, stage, stale.get(stage.id), wish);
    starts.set(stage.id, start);
    if (start.how === 'begin') for (const host of known?.failed_hosts ?? []) again.add(host);
  }
  if ([...starts.values()].every(({ how }) => how === 'keep')) throw nothingToDo(state);
  return { starts, stale: [...stale.values()] };
}

function startOf(
  state: RunState,
  stage: PlannedStage,
  stale: StaleStage | undefined,
  wish: ResumeWish,
): StageStart {
  const known = state.stages.get(stage.id);
  const skip = wish.skip?.find((entry) => entry.stage === stage.id);
  if (skip !== undefined) return override(stage, known, stale, skip);
  if (known?.overridden !== undefined) return { how: 'keep' };
  if (known === undefined || known.attempt === 0) return { how: 'begin' };
  if (stale !== undefined) return { how: 'begin', reason: stale.why };
  if (known.status === 'running' || known.goes_on === true) return takeUp(stage, state);
  const named = wish.retry?.stage === stage.id;
  const retry = wish.retry?.stage === undefined || named ? wish.retry : undefined;
  if (!isFinished(known)) return retryOf(stage, known, retry);
  if (named) return retryOf(stage, known, retry);
  const lost = (known.failed_hosts ?? []).length > 0 && wish.retry?.stage === undefined;
  if (lost) return retryOf(stage, known, retry ?? { failedHosts: canRetryHosts(stage, known) });
  const untried = known.only_hosts !== undefined && known.tag === undefined;
  return untried && stage.acceptance !== undefined ? acceptanceOf(stage.acceptance) : { how: 'keep' };
}

function isFinished(known: StageState | undefined): boolean {
  return known !== undefined && ['ok', 'changed', 'skipped', 'overridden'].includes(known.status);
}

/** What ran on the laptop ended with it; what ran at the site may still run, or have ended meanwhile. */
function takeUp({ runs_on: machine }: PlannedStage, { schema }: RunState): StageStart {
  if (machine === 'laptop') return { how: 'begin', reason: 'it was interrupted on the laptop' };
  // An older Bringup kept it elsewhere and counted none of its events: it is waited for, and carried out again.
  if (schema !== undefined) return { how: 'begin', reason: 'an older Bringup was carrying it out' };
  return { how: 'follow', reason: 'it went on without the laptop' };
}

function retryOf(stage: PlannedStage, known: StageState, wish: ResumeWish['retry']): BeginStart {
  const words = ['ok', 'changed'].includes(known.status)
    ? (known.failed_hosts ?? []).length > 0
      ? `${(known.failed_hosts ?? []).join(', ')} failed before`
      : 'it is carried out again'
    : `it ${known.status === 'failed' ? 'failed' : `was ${known.status}`} before`;
  const fromTask = taskToBeginAt(stage, known, wish?.fromTask);
  const onlyHosts = wish?.failedHosts === true ? hostsToRetry(stage, known) : undefined;
  return {
    how: 'begin',
    reason: words,
    ...(fromTask === undefined ? {} : { fromTask }),
    ...(onlyHosts === undefined ? {} : { onlyHosts }),
  };
}

function taskToBeginAt(stage: PlannedStage, known: StageState, asked?: boolean): string | undefined {
  if (asked === false) return undefined;
  if (stage.resume !== 'task') {
    if (asked !== true) return undefined;
    throw refused(
      'RETRY_FROM_TASK',
      `Stage ${stage.id} can only be carried out from its beginning: later tasks need what earlier ones found out.`,
      `Retry it whole: bringup retry --stage ${stage.id}`,
    );
  }
  return failedTaskOf(known);
}

function hostsToRetry(stage: PlannedStage, known: StageState): readonly string[] {
  const failed = failedHostsOf(known);
  const [control] = stage.hosts;
  const why = whyNotHosts(stage, known);
  if (why === undefined) return stage.hosts.filter((host) => host === control || failed.includes(host));
  throw refused(
    'RETRY_HOSTS',
    `Stage ${stage.id} cannot be retried on its failed hosts only: ${why}.`,
    `Retry it whole: bringup retry --stage ${stage.id}`,
  );
}

function canRetryHosts(stage: PlannedStage, known: StageState): boolean {
  return whyNotHosts(stage, known) === undefined;
}

/** Why a stage cannot be retried on its failed hosts alone. */
function whyNotHosts(stage: PlannedStage, known: StageState): string | undefined {
  const failed = failedHostsOf(known);
  const [control] = stage.hosts;
  if (failed.length === 0) return 'no host of it failed';
  if (known.cut_short === true)
    return 'Ansible broke it off, so hosts that did not fail are not finished either';
  return control !== undefined && failed.includes(control)
    ? `${control} itself failed, which all other hosts depend on`
    : undefined;
}

function override(
  stage: PlannedStage,
  known: StageState | undefined,
  stale: StaleStage | undefined,
  { reason }: SkipWish,
): StageStart {
  if (known?.status === 'running' || known?.goes_on === true)
    throw refused('SKIP_STAGE', `Stage ${stage.id} still runs.`, 'Cancel it first: bringup cancel');
  if (isFinished(known) && (known?.attempt ?? 0) > 0 && stale === undefined)
    throw refused('SKIP_STAGE', `Stage ${stage.id} is done already.`, 'Leave it out of --skip.');
  return { how: 'override', reason };
}

function checkNames(stages: readonly PlannedStage[], { retry, skip = [] }: ResumeWish): void {
  const names = stages.map(({ id }) => id).join(', ');
  const unknown = (id: string): boolean => !stages.some((stage) => stage.id === id);
  if (retry?.stage !== undefined && unknown(retry.stage))
    throw refused('RETRY_STAGE', `There is no stage ${retry.stage} in this run.`, `Its stages: ${names}.`);
  checkSkips(stages, skip);
}

/** Throws SKIP_STAGE for a stage that is not planned, that nothing can do without, or without a reason. */
export function checkSkips(stages: readonly PlannedStage[], skip: readonly SkipWish[]): void {
  const names = stages.map(({ id }) => id).join(', ');
  for (const { stage, reason } of skip) {
    const planned = stages.find(({ id }) => id === stage);
    if (planned === undefined)
      throw refused('SKIP_STAGE', `There is no stage ${stage} in this run.`, `Its stages: ${names}.`);
    if (reason.trim() === '')
      throw refused(
        'SKIP_REASON',
        `Why stage ${stage} is passed over has to be said.`,
        'Say it with: --reason TEXT',
      );
    if (planned.runs_on === 'laptop' && stages.some(({ after }) => after.includes(stage)))
      throw refused('SKIP_STAGE', `No stage can do without ${stage}.`, 'Leave it out of --skip.');
  }
}

function nothingToDo({ run }: RunState): BringupError {
  return refused(
    'RESUME_NOTHING',
    `Run ${run} came to a good end; nothing is left to do.`,
    'Retry one stage with: bringup retry --stage ID; or apply the site file again.',
  );
}

function refused(code: string, message: string, hint: string): BringupError {
  return new BringupError({ code, exit: EXIT.invalid, message, hint });
}
