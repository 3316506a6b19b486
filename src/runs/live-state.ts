import type { RunEvent } from '../contract/events.ts';
import { applyRunEvent, type OwnedStage, type RunDraft } from './apply-run-event.ts';
import { applyStageEvent } from './apply-stage-event.ts';
import type { RunState, TaskState } from './run-state.ts';

type Tasks = ReadonlyMap<string, TaskState>;

/** What a push changed of one stage: its tasks before and now (often the same map) and the ids of those that are new or other. */
export interface Touched {
  readonly before: Tasks;
  readonly tasks: Tasks;
  readonly ids: ReadonlySet<string>;
}

/** A state that grows with its events, at a cost that does not depend on how much there is already. */
export interface LiveState {
  /** Folds further events in. The maps of tasks of earlier states may change with it; tasks and stages never do. */
  push(events: Iterable<RunEvent>): { readonly state: RunState; readonly touched: readonly Touched[] };
  /** The state as it is; no later push changes anything in it. */
  freeze(): RunState;
}

/** Folds like reduceRun, but copies the map of a stage's tasks only after a freeze, not for each batch. */
export function createLiveState(initial: RunState): LiveState {
  let state = initial;
  let own = new WeakSet<Tasks>();

  function adopt(draft: RunDraft, id: string): OwnedStage | undefined {
    const known = draft.stages.get(id);
    if (known === undefined || draft.owned.has(id) || !own.has(known.tasks)) return undefined;
    const stage = { ...known };
    const owned = { stage, tasks: known.tasks as Map<string, TaskState>, ownedTasks: new Set<string>() };
    draft.stages.set(id, stage);
    draft.owned.set(id, owned);
    return owned;
  }

  return {
    push(events) {
      const draft: RunDraft = { run: { ...state }, stages: new Map(state.stages), owned: new Map() };
      // A stage that a later event of the batch replaces is not owned at the end, but its map was changed.
      const changed = new Set<OwnedStage>();
      let last = state.lastSeq;
      for (const event of events) {
        if (event.seq <= last) continue;
        last = event.seq;
        draft.run.lastAt = event.at;
        if ('stage' in event) {
          const adopted = event.kind === 'stage.started' ? undefined : adopt(draft, event.stage);
          if (adopted !== undefined) changed.add(adopted);
          applyStageEvent(draft, event);
        } else applyRunEvent(draft, event);
      }
      if (last === state.lastSeq) return { state, touched: [] };
      for (const owned of draft.owned.values()) changed.add(owned);
      const touched = [...changed].map(({ stage, tasks, ownedTasks }) => {
        own.add(tasks);
        return { before: state.stages.get(stage.id)?.tasks ?? tasks, tasks, ids: ownedTasks };
      });
      draft.run.lastSeq = last;
      draft.run.stages = draft.stages;
      state = draft.run;
      return { state, touched };
    },
    freeze() {
      own = new WeakSet();
      return state;
    },
  };
}
