import type { RetryOptions } from '../../src/contract/api.ts';
import type { RunState, StageState } from '../../src/runs/state.ts';
import { runText } from '../text/run.ts';
import type { GoOnOptions } from './fix-action.ts';
import { badHosts, badTasks, isBad, isGood } from './order.ts';

/** What an engineer is about to do to a run. */
export type Asked =
  | { readonly kind: 'cancel'; readonly now: boolean }
  | { readonly kind: 'resume'; readonly options: GoOnOptions }
  | { readonly kind: 'retry'; readonly stage: string; readonly options: GoOnOptions }
  | { readonly kind: 'skip'; readonly stage: string };

/** What the engineer decided in the dialog. */
export interface Decision {
  readonly choice?: RetryChoice;
  readonly reason?: string;
  /** Of a rehearsal: its fault stays this time. */
  readonly keepFault?: boolean;
}

/** How a stage can be tried again; `refused` says why a way is not open, by the rules of `bringup retry`. */
export interface RetryChoice {
  readonly kind: 'hosts' | 'task' | 'whole';
  readonly title: string;
  readonly body: string;
  readonly refused?: string;
  readonly options: Pick<RetryOptions, 'failedHosts' | 'fromTask'>;
}

/** Title of the stage at which a run came to the good end that was asked for, which is not that of the site. */
export function endedEarly({ status, choices, stages }: RunState): string | undefined {
  if (choices?.until === undefined || (status !== 'ok' && status !== 'changed')) return undefined;
  return stages.get(choices.until)?.title ?? choices.until;
}

/**
 * True where a run that nobody works on any more can go on: it was interrupted, it was to end before the site is done, or
 * not every stage came to a good end on all of its hosts.
 */
export function canResume(run: RunState): boolean {
  if (run.status === 'running') return run.interrupted !== undefined;
  if (endedEarly(run) !== undefined) return true;
  return [...run.stages.values()].some(
    ({ status, goes_on: goesOn, failed_hosts: lost = [] }) =>
      !isGood(status) || goesOn === true || lost.length > 0,
  );
}

/** True where an engineer may pass over a stage: it is not done, and other stages can do without it. */
export function canSkip(run: RunState, stage: StageState): boolean {
  if (stage.status === 'running' || stage.goes_on === true || stage.overridden !== undefined) return false;
  if (isGood(stage.status) && stage.attempt > 0) return false;
  return (
    stage.runs_on !== 'laptop' || ![...run.stages.values()].some(({ after }) => after.includes(stage.id))
  );
}

/** True where a stage can be carried out again: it was carried out, and nothing of it runs. */
export function canRetry(stage: StageState): boolean {
  return stage.attempt > 0 && stage.status !== 'running' && stage.goes_on !== true;
}

/** The ways to try a stage again, the smallest first. */
export function retryChoices(stage: StageState): RetryChoice[] {
  const failed = failedHostsOf(stage);
  const control = stage.hosts[0];
  const again = stage.hosts.filter((host) => host === control || failed.includes(host));
  const task = failedTaskOf(stage);
  const refused = whyNotHosts(stage, failed, control);
  const choices: RetryChoice[] = [];
  if (stage.hosts.length > 1) {
    choices.push({
      kind: 'hosts',
      title: runText.retryHosts(failed.length, stage.hosts.length),
      body: runText.retryHostsBody(again, stage.acceptance !== undefined),
      options: { failedHosts: true },
      ...(refused === undefined ? {} : { refused }),
    });
  }
  if (task !== undefined) {
    choices.push({
      kind: 'task',
      title: runText.retryTask,
      body: runText.retryTaskBody(task),
      options: { fromTask: true },
      ...(stage.resume === 'task' ? {} : { refused: runText.notByTask }),
    });
  }
  choices.push({
    kind: 'whole',
    title: runText.retryWhole,
    body: runText.retryWholeBody(stage.runs_on === 'laptop' ? 0 : stage.hosts.length),
    options: { fromTask: false },
  });
  return choices;
}

/** What resuming does, in sentences: what is carried out again, followed, and what comes then. */
export function resumeSentences(run: RunState): string[] {
  const stages = [...run.stages.values()];
  const follow = stages.filter(
    (stage) => stage.goes_on === true || (stage.status === 'running' && stage.runs_on !== 'laptop'),
  );
  const again = stages.filter(
    (stage) =>
      !follow.includes(stage) &&
      stage.attempt > 0 &&
      (isBad(stage.status) || stage.status === 'stale' || stage.status === 'running'),
  );
  const next = stages.filter((stage) => stage.attempt === 0 && stage.overridden === undefined);
  const behind = endedEarly(run);
  const titles = (list: readonly StageState[]): string[] => list.map(({ title }) => title);
  return [
    runText.resumeBody(titles(again), titles(next)),
    ...(follow.length === 0 ? [] : [runText.resumeFollows(titles(follow))]),
    ...(behind === undefined ? [] : [runText.resumeBehind(behind)]),
    runText.resumeState,
  ];
}

function whyNotHosts(
  stage: StageState,
  failed: readonly string[],
  control: string | undefined,
): string | undefined {
  if (failed.length === 0) return runText.noFailedHosts;
  if (stage.cut_short === true) return runText.cutShort;
  return control !== undefined && failed.includes(control) ? runText.controlFailed(control) : undefined;
}

function failedHostsOf(stage: StageState): string[] {
  const failed = new Set(stage.failed_hosts);
  for (const { where } of stage.failures) for (const host of where.host?.split(', ') ?? []) failed.add(host);
  for (const task of badTasks(stage)) for (const [host] of badHosts(task)) failed.add(host);
  return stage.hosts.filter((host) => failed.has(host));
}

function failedTaskOf(stage: StageState): string | undefined {
  if (stage.playbook === undefined) return undefined;
  return (
    stage.failures.find(({ where }) => where.task !== undefined)?.where.task ?? badTasks(stage)[0]?.title
  );
}
