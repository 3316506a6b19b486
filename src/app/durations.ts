import type { PlannedStage, RunEvent } from '../contract/events.ts';
import { BringupError } from '../contract/errors.ts';
import { decodeLine, expectFrom, goodDurations, LEARN_FROM } from '../runs/index.ts';
import type { RunJournals } from './ports.ts';

/** Journals that are looked into at the most, newest first. */
const LOOK_INTO = 20;
/** Only lines that begin and end things are parsed: a journal may hold a million others. */
const TELLING = /"kind":"(?:run|stage)\.(?:started|finished|resumed|interrupted)"/;

/** Stages with the median of their last good attempts on this laptop as expectation, where there are any. */
export async function learnDurations(
  journals: RunJournals,
  stack: string,
  stages: readonly PlannedStage[],
): Promise<readonly PlannedStage[]> {
  const taken = new Map<string, number[]>(stages.map(({ id }) => [id, []]));
  const newest = (await journals.list()).filter(({ opened }) => opened === undefined).slice(0, LOOK_INTO);
  for (const { run } of newest) {
    if ([...taken.values()].every((seconds) => seconds.length >= LEARN_FROM)) break;
    for (const [stage, seconds] of goodDurations(await tellingEvents(journals, run, stack))) {
      // The newest attempt of a run comes last in it.
      taken.get(stage)?.push(...seconds.reverse());
    }
  }
  return expectFrom(stages, taken);
}

async function tellingEvents(journals: RunJournals, run: string, stack: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  try {
    for await (const block of journals.lines(run)) {
      for (const line of block.split('\n')) {
        if (!TELLING.test(line)) continue;
        const event = decodeLine(line);
        if (typeof event === 'string') continue;
        if (event.kind === 'run.started' && (event.stack.split(' ')[0] !== stack || event.choices?.rehearsal))
          return [];
        events.push(event);
      }
    }
  } catch (thrown) {
    // A journal that cannot be read teaches nothing.
    if (!(thrown instanceof BringupError)) throw thrown;
  }
  return events;
}
