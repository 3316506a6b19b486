import type { RunSummary } from '../contract/api.ts';
import type { Status } from '../contract/events.ts';
import type { RunState, StageState } from './state.ts';

const GOOD: ReadonlySet<Status> = new Set(['ok', 'changed', 'skipped', 'overridden']);

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

/** Status of a run all of whose stages have ended: the worst of them. */
export function runStatus(state: RunState): Status {
  const stages = [...state.stages.values()].map(({ status }) => status);
  const bad = stages.find((status) => !GOOD.has(status));
  if (bad !== undefined) return bad === 'cancelled' ? 'cancelled' : 'failed';
  return stages.includes('changed') ? 'changed' : 'ok';
}

/** The closing sentence of a run, e.g. `2 stages ok, 1 failed: network-services`. */
export function runText(state: RunState, status: Status): string {
  const stages = [...state.stages.values()];
  const parts = (['ok', 'changed', 'failed', 'unreachable', 'timed-out', 'cancelled', 'skipped'] as const)
    .map((word) => ({ word, among: stages.filter((stage) => stage.status === word) }))
    .filter(({ among }) => among.length > 0)
    .map(({ word, among }, index) => {
      const count = String(among.length);
      const noun = index > 0 ? '' : among.length === 1 ? ' stage' : ' stages';
      const names = GOOD.has(word) ? '' : `: ${among.map(({ id }) => id).join(', ')}`;
      return `${count}${noun} ${word}${names}`;
    });
  return `${status === 'cancelled' ? 'Cancelled: ' : ''}${parts.join(', ')}`;
}

/** Carried out to a good end; a stage that was only passed over never started. */
function isDone({ status, started }: StageState): boolean {
  return GOOD.has(status) && started !== undefined;
}

/** What a list of runs shows of one run. */
export function summariseRun(state: RunState): RunSummary {
  const stages = [...state.stages.values()];
  const stopped = stages.find(({ status }) => !GOOD.has(status) && status !== 'pending');
  const failure = stages.flatMap(({ failures }) => failures)[0];
  return {
    run: state.run,
    site: state.site,
    stack: state.stack,
    status: state.status,
    started: state.started,
    ...(state.finished === undefined ? {} : { finished: state.finished }),
    stages_done: stages.filter(isDone).length,
    stages_total: stages.length,
    ...(state.interrupted === undefined ? {} : { interrupted: state.interrupted }),
    ...(stopped === undefined ? {} : { stopped_at: stopped.title }),
    ...(failure === undefined ? {} : { failure }),
  };
}
