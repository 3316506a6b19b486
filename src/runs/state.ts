import type { RunEvent } from '../contract/events.ts';
import { applyRunEvent, type RunDraft } from './apply-run-event.ts';
import { applyStageEvent } from './apply-stage-event.ts';
import type { RunState } from './run-state.ts';

export { createLiveState, type LiveState, type Touched } from './live-state.ts';
export { hasMatrix } from './matrix-cells.ts';
export { stageMatrix } from './stage-matrix.ts';
export type { AttemptState, HostState, RunState, StageState, TaskState } from './run-state.ts';

export const EMPTY_RUN: RunState = {
  run: '',
  site: '',
  stack: '',
  siteFile: '',
  status: 'pending',
  started: '',
  stages: new Map(),
  lastSeq: 0,
  lastAt: '',
};

/**
 * Folds a batch of events into a new state; the old one stays as it was. Events whose seq was seen are ignored, so a
 * batch may overlap what is there. What a batch touches is copied once, so the cost is linear in events.
 */
export function reduceRun(state: RunState, events: Iterable<RunEvent>): RunState {
  const draft: RunDraft = { run: { ...state }, stages: new Map(state.stages), owned: new Map() };
  let last = state.lastSeq;
  for (const event of events) {
    if (event.seq <= last) continue;
    last = event.seq;
    draft.run.lastSeq = event.seq;
    draft.run.lastAt = event.at;
    if ('stage' in event) applyStageEvent(draft, event);
    else applyRunEvent(draft, event);
  }
  if (last === state.lastSeq) return state;
  draft.run.stages = draft.stages;
  return draft.run;
}
