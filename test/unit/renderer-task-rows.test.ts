import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layHeights } from '../../renderer/state/heights.ts';
import { firstPlaces, listedPlaces, newestFirst, without } from '../../renderer/state/places.ts';
import { parseQuery } from '../../renderer/state/query.ts';
import { layOut } from '../../renderer/state/rows.ts';
import { keepIndex } from '../../renderer/state/stage-index.ts';
import { groupTasks } from '../../renderer/state/task-groups.ts';
import { createLiveState, EMPTY_RUN, reduceRun, type StageState } from '../../src/runs/state.ts';
import { retriedRun } from '../fixtures/journals/retried.ts';
import { failedRun, preflightFailedRun, runningRun, wideRun } from '../fixtures/journals/samples.ts';

const journals = [failedRun, preflightFailedRun, retriedRun, runningRun, wideRun(12)];
const queries = [undefined, parseQuery('status:ok'), parseQuery('node-2'), parseQuery('dhcp')];

const told = (stage: StageState | undefined, query: (typeof queries)[number]) =>
  stage === undefined
    ? undefined
    : groupTasks(stage, query).map(({ places, ...group }) => ({ ...group, places: [...places] }));

describe('places of tasks', () => {
  const some = fc.uniqueArray(fc.nat(60), { maxLength: 40 }).map((list) => list.sort((a, b) => a - b));

  it('are those of a list, whatever is left out and whichever end is first', () => {
    fc.assert(
      fc.property(some, fc.array(fc.nat(60)), fc.boolean(), (list, few, turned) => {
        const rest = list.filter((place) => !few.includes(place));
        const expected = turned ? rest.toReversed() : rest;
        const left = without(listedPlaces(list), few);
        const places = turned ? newestFirst(left) : left;
        expect([...places]).toEqual(expected);
        for (let place = -1; place <= 61; place += 1)
          expect(places.indexOf(place)).toBe(expected.indexOf(place));
        expect([places.at(-1), places.at(places.length)]).toEqual([undefined, undefined]);
      }),
    );
  });

  it('of a list stay as they are when more are appended to it', () => {
    const list = [1, 4];
    const places = listedPlaces(list);
    list.push(9);
    expect([[...places], places.indexOf(9)]).toEqual([[1, 4], -1]);
    expect([...newestFirst(firstPlaces(3))]).toEqual([2, 1, 0]);
  });
});

describe('groups of a run that goes on', () => {
  it('are those of the whole run at every moment, searched or not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...journals),
        fc.constantFrom(...queries),
        fc.integer({ min: 1, max: 9 }),
        (events, query, size) => {
          const live = createLiveState(EMPTY_RUN);
          for (let from = 0; from < events.length; from += size) {
            const { state, touched } = live.push(events.slice(from, from + size));
            for (const entry of touched) keepIndex(entry);
            const anew = reduceRun(EMPTY_RUN, events.slice(0, from + size));
            for (const [id, stage] of state.stages)
              expect(told(stage, query)).toEqual(told(anew.stages.get(id), query));
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('rows', () => {
  it('are found by the key they have', () => {
    for (const events of journals) {
      for (const stage of reduceRun(EMPTY_RUN, events).stages.values()) {
        const opened = new Map([...stage.tasks.keys()].map((id, index) => [id, index % 3 === 0]));
        const rows = layOut(stage, groupTasks(stage), { folded: new Map([['passed', false]]), opened });
        const all = Array.from({ length: rows.count }, (_, index) => rows.at(index));
        expect(all.map((row) => rows.indexOf(row?.key ?? ''))).toEqual([...all.keys()]);
        const special = all.flatMap((row, index) =>
          row === undefined || row.kind === 'task' ? [] : [{ index, kind: row.kind }],
        );
        expect(rows.special.toSorted((a, b) => a.index - b.index)).toEqual(special);
      }
    }
  });

  it('lie where the heights of those above put them', () => {
    const others = fc.uniqueArray(fc.record({ index: fc.nat(25), height: fc.integer({ min: 1, max: 90 }) }), {
      selector: ({ index }) => index,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), others, (count, list) => {
        const heights = layHeights(count, 36, list);
        const each = Array.from(
          { length: count },
          (_, at) => list.find(({ index }) => index === at)?.height ?? 36,
        );
        let top = 0;
        for (const [index, height] of each.entries()) {
          expect(heights.topOf(index)).toBe(top);
          expect([heights.indexAt(top), heights.indexAt(top + height - 0.5)]).toEqual([index, index]);
          top += height;
        }
        expect([heights.total, heights.indexAt(-50), heights.indexAt(top + 50)]).toEqual([top, 0, count - 1]);
      }),
    );
  });
});
