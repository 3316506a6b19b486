import type { Explanation, RunSummary } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { RunEvent } from '../contract/events.ts';
import { explainFailure, type Catalogue } from '../failures/index.ts';
import { EMPTY_RUN, readJournal, reduceRun, summariseRun, type RunState } from '../runs/index.ts';
import type { RunJournals } from './ports.ts';

/** What is said of a run whose process ended before the run did. */
const LEFT =
  'Bringup ended while this run went on. What it had started at the site may have come to its end; apply again to go on.';

/** The events and state of one run, from its journal. Throws RUN_UNKNOWN. */
export async function readRun(
  journals: RunJournals,
  run: string,
): Promise<{ events: readonly RunEvent[]; state: RunState }> {
  if (!(await journals.list()).some((entry) => entry.run === run)) {
    throw new BringupError({
      code: 'RUN_UNKNOWN',
      exit: EXIT.invalid,
      message: `There is no run ${run} on this machine.`,
      hint: 'See the runs with: bringup runs',
    });
  }
  const { events } = await readJournal(journals.lines(run), run);
  const state = reduceRun(EMPTY_RUN, events);
  const left = state.status === 'running' && !(await journals.active(state.site, run));
  return { events, state: left ? { ...state, interrupted: LEFT } : state };
}

/** All runs, newest first. A journal that cannot be read does not hide the others: its run is left out. */
export async function listRuns(journals: RunJournals): Promise<RunSummary[]> {
  const summaries = await Promise.all(
    (await journals.list()).map(async ({ run }) => {
      try {
        const { state } = await readRun(journals, run);
        return state.lastSeq === 0 ? [] : [summariseRun(state)];
      } catch (thrown) {
        if (thrown instanceof BringupError) return [];
        throw thrown;
      }
    }),
  );
  return summaries.flat().sort((left, right) => right.started.localeCompare(left.started));
}

/** What the catalogue knows about a raw error text. */
export function explainText(text: string, catalogue: Catalogue): Explanation {
  const input = { what: 'the text given', where: { stage: '', runs_on: '' }, message: text, evidence: [] };
  const names = { run: '', site: '', at: '', version: '' };
  const { why, owner, fixes } = explainFailure(input, catalogue, names);
  return { key: why.key, summary: why.summary, owner, fixes };
}
