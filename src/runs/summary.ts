import type { RunSummary } from '../contract/api.ts';
import type { Status } from '../contract/events.ts';
import type { RunState, StageState } from './run-state.ts';
import { isGood } from './verdict.ts';

/** Counts the last word of every host to every task; an ignored failure counts as ok, as in Ansible. */
export function countResults(stage: StageState | undefined): Partial<Record<Status, number>> {
  const counts: Partial<Record<Status, number>> = {};
  for (const task of stage?.tasks.values() ?? []) {
    for (const { status, ignored } of task.hosts.values()) {
      const counted = ignored === true ? 'ok' : status;
      counts[counted] = (counts[counted] ?? 0) + 1;
    }
  }
  return counts;
}

/**
 * Status of a run all of whose stages have ended: the worst of them; failed also where a stage went on without hosts,
 * since nothing was proven on those.
 */
export function runStatus(state: RunState): Status {
  const stages = [...state.stages.values()].map(({ status }) => status);
  const bad = stages.find((status) => !isGood(status));
  if (bad !== undefined) return bad === 'cancelled' ? 'cancelled' : 'failed';
  if (lostHosts(state).length > 0) return 'failed';
  return stages.includes('changed') ? 'changed' : 'ok';
}

/** Hosts without which stages of a run came to their end, each once. */
export function lostHosts(state: RunState): string[] {
  return [...new Set([...state.stages.values()].flatMap((stage) => stage.failed_hosts ?? []))];
}

const WORDS = [
  ...(['ok', 'changed', 'failed', 'unreachable', 'timed-out', 'cancelled', 'stale', 'overridden'] as const),
  'skipped',
] as const;

/** The closing sentence of a run, e.g. `2 stages ok, 1 failed: network-services`, `Done up to upload, 9 stages left: 2 stages ok`. */
export function runText(state: RunState, status: Status): string {
  const stages = [...state.stages.values()];
  const parts = WORDS.map((word) => ({ word, among: stages.filter((stage) => stage.status === word) }))
    .filter(({ among }) => among.length > 0)
    .map(({ word, among }, index) => {
      const count = String(among.length);
      const noun = index > 0 ? '' : among.length === 1 ? ' stage' : ' stages';
      const names = isGood(word) ? '' : `: ${among.map(({ id }) => id).join(', ')}`;
      return `${count}${noun} ${word}${names}`;
    });
  const without = stages
    .filter(({ failed_hosts: hosts = [] }) => hosts.length > 0)
    .map(({ id, failed_hosts: hosts = [] }) => `; ${id} without ${hosts.join(', ')}`);
  return `${beginning(state, status)}${parts.join(', ')}${without.join('')}`;
}

function beginning({ choices }: RunState, status: Status): string {
  if (choices?.rehearsal !== undefined)
    return status === 'cancelled' ? 'Rehearsal, cancelled: ' : 'Rehearsal: ';
  if (status === 'cancelled') return 'Cancelled: ';
  if (choices?.until === undefined || (status !== 'ok' && status !== 'changed')) return '';
  const { until, left } = choices;
  const rest = left === undefined ? '' : `, ${left} ${left === 1 ? 'stage' : 'stages'} left`;
  return `Done up to ${until}${rest}: `;
}

/** Carried out to a good end; a stage that was only passed over never started. */
function isDone({ status, started }: StageState): boolean {
  return isGood(status) && started !== undefined;
}

/** Came to a good end on all of its hosts. */
function isProven({
  status,
  failed_hosts: failed = [],
}: Pick<StageState, 'status' | 'failed_hosts'>): boolean {
  return isGood(status) && failed.length === 0;
}

/** What a list of runs shows of one run. */
export function summariseRun(state: RunState): RunSummary {
  const stages = [...state.stages.values()];
  const stopped = stages.find(({ status }) => !isGood(status) && status !== 'pending');
  const lost = lostHosts(state);
  const failure = stages.find(({ failures, ...stage }) => !isProven(stage) && failures.length > 0)
    ?.failures[0];
  const warnings = stages.reduce((sum, stage) => sum + stage.warnings.length, 0);
  return {
    run: state.run,
    site: state.site,
    ...(state.siteFile === '' ? {} : { site_file: state.siteFile }),
    stack: state.stack,
    status: state.status,
    started: state.started,
    ...(state.finished === undefined ? {} : { finished: state.finished }),
    stages_done: stages.filter(isDone).length,
    stages_total: stages.length,
    ...(state.interrupted === undefined ? {} : { interrupted: state.interrupted }),
    ...(stopped === undefined ? {} : { stopped_at: stopped.title }),
    ...(failure === undefined ? {} : { failure }),
    ...(warnings === 0 ? {} : { warnings }),
    ...(lost.length === 0 ? {} : { without: lost }),
    ...untilOf(state),
    ...(state.choices?.left === undefined ? {} : { left: state.choices.left }),
    ...(state.choices?.verify === true ? { verify: true } : {}),
    ...(state.choices?.rehearsal === undefined ? {} : { rehearsal: true }),
  };
}

function untilOf({ choices, stages }: RunState): Pick<RunSummary, 'until' | 'until_title'> {
  if (choices?.until === undefined) return {};
  const title = stages.get(choices.until)?.title;
  return { until: choices.until, ...(title === undefined ? {} : { until_title: title }) };
}
