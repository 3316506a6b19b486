import { EMPTY_RUN, reduceRun, type RunState } from '../../src/runs/state.ts';
import type { Archive } from './archive.ts';

/** A jump reduces at most so many events while the run is short; the distance doubles as the run grows. */
const FIRST_STEP = 16_384;
const MOST_CHECKPOINTS = 32;
/** Events reduced before the screen gets its turn. */
const SLICE = 8192;

/** States of a run along its events, so that any of them is near one that is kept. */
export interface Timeline {
  /** True when a state at this number of the last event is worth keeping. */
  wants(seq: number): boolean;
  keep(state: RunState): void;
  /** The state after event `seq`, from the nearest state before it; rejects as `runs.events` does. */
  stateAt(seq: number): Promise<RunState>;
}

/** Keeps up to 32 states of a run and reduces from the nearest one. */
export function createTimeline(archive: Pick<Archive, 'load'>): Timeline {
  let step = FIRST_STEP;
  let kept: RunState[] = [EMPTY_RUN];
  let shown: RunState = EMPTY_RUN;
  return {
    wants: (seq) => seq - (kept.at(-1)?.lastSeq ?? 0) >= step,
    keep(state) {
      kept.push(state);
      if (kept.length <= MOST_CHECKPOINTS) return;
      kept = kept.filter((_, index) => index % 2 === 0);
      step *= 2;
    },
    async stateAt(seq) {
      const near = kept.findLast(({ lastSeq }) => lastSeq <= seq) ?? EMPTY_RUN;
      let state = shown.lastSeq <= seq && shown.lastSeq > near.lastSeq ? shown : near;
      while (state.lastSeq < seq) {
        const events = await archive.load(state.lastSeq + 1, Math.min(seq, state.lastSeq + SLICE));
        const next = reduceRun(state, events);
        if (next === state) break;
        state = next;
      }
      shown = state;
      return state;
    },
  };
}
