import type { PlannedStage, RunEvent } from '../contract/events.ts';

/** How many good attempts of a stage an expectation is made from. */
export const LEARN_FROM = 5;

/**
 * How long the whole, uninterrupted and good attempts of a run's stages took, in seconds, from its events of kind
 * `stage.*` and `run.*`; what ran on some hosts only, or while nobody watched, says nothing of the next time.
 */
export function goodDurations(events: Iterable<RunEvent>): Map<string, number[]> {
  const open = new Map<string, number>();
  const found = new Map<string, number[]>();
  for (const event of events) {
    if (event.kind === 'run.resumed' || event.kind === 'run.interrupted') open.clear();
    if (event.kind === 'stage.started') {
      const part = event.hosts !== undefined || event.from_task !== undefined || event.tag !== undefined;
      if (part || event.continued === true) open.delete(event.stage);
      else open.set(event.stage, Date.parse(event.at));
    }
    if (event.kind !== 'stage.finished') continue;
    const since = open.get(event.stage);
    open.delete(event.stage);
    const good = event.status === 'ok' || event.status === 'changed';
    if (since === undefined || !good || (event.failed_hosts ?? []).length > 0) continue;
    const seconds = (Date.parse(event.at) - since) / 1000;
    // The clock of the laptop may have been set back meanwhile.
    if (seconds >= 0) found.set(event.stage, [...(found.get(event.stage) ?? []), seconds]);
  }
  return found;
}

/** Stages with the median of what they took lately in place of the stack's expectation, where anything is known. */
export function expectFrom(
  stages: readonly PlannedStage[],
  taken: ReadonlyMap<string, readonly number[]>,
): PlannedStage[] {
  return stages.map((stage) => {
    const seconds = taken.get(stage.id)?.slice(0, LEARN_FROM) ?? [];
    if (seconds.length === 0) return stage;
    return { ...stage, expect_seconds: Math.round(median(seconds)), expect_from: 'history' };
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = low] = [sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)], sorted[middle]];
  return (low + high) / 2;
}
