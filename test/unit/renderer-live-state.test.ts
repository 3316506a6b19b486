import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexOf, keepIndex } from '../../renderer/state/stage-index.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { createLiveState, EMPTY_RUN, reduceRun, type RunState } from '../../src/runs/state.ts';
import { retriedRun, staleRun } from '../fixtures/journals/retried.ts';
import { failedRun, preflightFailedRun, wideRun } from '../fixtures/journals/samples.ts';

const journals = [failedRun, preflightFailedRun, retriedRun, staleRun, wideRun(12)];

/** A journal cut into batches, with a freeze after some of them. */
const cuts = fc
  .tuple(fc.constantFrom(...journals), fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean())))
  .map(([events, parts]) => {
    const batches: { events: readonly RunEvent[]; freeze: boolean }[] = [];
    let rest = events;
    for (const [size, freeze] of parts) {
      batches.push({ events: rest.slice(0, size), freeze });
      rest = rest.slice(size);
    }
    return { whole: events, batches: [...batches, { events: rest, freeze: false }] };
  });

describe('a state that grows', () => {
  it('is the reduced state, however its events are cut', () => {
    fc.assert(
      fc.property(cuts, ({ whole, batches }) => {
        const live = createLiveState(EMPTY_RUN);
        for (const { events, freeze } of batches) {
          live.push(events);
          if (freeze) live.freeze();
        }
        expect(live.freeze()).toEqual(reduceRun(EMPTY_RUN, whole));
      }),
    );
  });

  it('leaves a frozen state as it was', () => {
    fc.assert(
      fc.property(cuts, ({ whole, batches }) => {
        const live = createLiveState(EMPTY_RUN);
        const kept: RunState[] = [];
        for (const { events, freeze } of batches) {
          live.push(events);
          if (freeze) kept.push(live.freeze());
        }
        for (const state of kept) expect(state).toEqual(reduceRun(EMPTY_RUN, whole.slice(0, state.lastSeq)));
      }),
    );
  });

  it('keeps the index of each stage as if it were made anew', () => {
    fc.assert(
      fc.property(cuts, ({ whole, batches }) => {
        const live = createLiveState(EMPTY_RUN);
        for (const { events, freeze } of batches) {
          const { state, touched } = live.push(events);
          for (const entry of touched) keepIndex(entry);
          for (const stage of state.stages.values()) indexOf(stage);
          if (freeze) live.freeze();
        }
        const anew = reduceRun(EMPTY_RUN, whole);
        for (const [id, stage] of live.freeze().stages) {
          const fresh = anew.stages.get(id);
          expect(indexOf(stage)).toEqual(fresh && indexOf(fresh));
        }
      }),
    );
  });
});
