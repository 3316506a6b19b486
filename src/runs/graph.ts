import { BringupError, EXIT } from '../contract/errors.ts';
import type { PlannedStage } from '../contract/events.ts';

/**
 * Orders stages so that each comes after those it waits for, else as they were given. Throws PLAN_GRAPH naming the
 * stage where an id is used twice, a predecessor is unknown, or stages wait for each other.
 */
export function orderStages(stages: readonly PlannedStage[]): PlannedStage[] {
  const ids = new Set<string>();
  for (const { id } of stages) {
    if (ids.has(id)) throw wrong(`Stage ${id} is planned twice.`);
    ids.add(id);
  }
  for (const { id, after } of stages) {
    const unknown = after.find((before) => !ids.has(before));
    if (unknown !== undefined) throw wrong(`Stage ${id} comes after ${unknown}, which is not planned.`);
  }
  const ordered: PlannedStage[] = [];
  const done = new Set<string>();
  while (ordered.length < stages.length) {
    const next = stages.find(({ id, after }) => !done.has(id) && after.every((before) => done.has(before)));
    if (next === undefined) {
      const waiting = stages.filter(({ id }) => !done.has(id)).map(({ id }) => id);
      throw wrong(`The stages ${waiting.join(', ')} wait for each other.`);
    }
    ordered.push(next);
    done.add(next.id);
  }
  return ordered;
}

function wrong(message: string): BringupError {
  const hint = 'Correct the order of the stages (`after`) in the stack file.';
  return new BringupError({ code: 'PLAN_GRAPH', exit: EXIT.invalid, message, hint });
}
