import { BringupError, EXIT } from '../contract/errors.ts';
import type { RunEvent } from '../contract/events.ts';
import type { StoredRun } from '../contract/ports.ts';
import { foldJournal, readBatches, type RunState } from '../runs/index.ts';
import type { RunJournals } from './ports.ts';

/** What is said of a run whose process ended before the run did. */
const LEFT =
  'Bringup ended while this run went on. What it had started at the site may have come to its end; resume the run to go on.';
const LEFT_ELSEWHERE =
  'This was exported while the run went on, or after Bringup had ended there; how it ended is not in it.';

/** A run as its journal tells it. `notice` says what of the journal could not be read. */
export interface FoundRun {
  readonly stored: StoredRun;
  readonly state: RunState;
  readonly notice?: string;
}

/** The state of one run, from as much of its journal as can be read. Throws RUN_UNKNOWN, JOURNAL_NEWER. */
export async function readState(journals: RunJournals, run: string): Promise<FoundRun> {
  return readStored(journals, await findStored(journals, run));
}

/** As readState, for a run that was listed. */
export async function readStored(journals: RunJournals, stored: StoredRun): Promise<FoundRun> {
  const { run, opened } = stored;
  const { state, notice } = await foldJournal(journals.lines(run), run, { damaged: 'read' });
  const open =
    state.status === 'running' && (opened !== undefined || !(await journals.active(state.site, run)));
  const interrupted = state.interrupted ?? (opened === undefined ? LEFT : LEFT_ELSEWHERE);
  return {
    stored,
    state: open ? { ...state, interrupted } : state,
    ...(notice === undefined ? {} : { notice }),
  };
}

/** Events of a run from number `from` on, `limit` at the most; `more` where there are others behind them. */
export async function readEvents(
  journals: RunJournals,
  {
    run,
    from = 1,
    limit = Infinity,
  }: { readonly run: string; readonly from?: number; readonly limit?: number },
): Promise<{ events: readonly RunEvent[]; more: boolean; notice?: string }> {
  await findStored(journals, run);
  const events: RunEvent[] = [];
  let more = false;
  let notice: string | undefined;
  const options = { damaged: 'read', onNotice: (text: string) => (notice = text) } as const;
  for await (const batch of readBatches(journals.lines(run), run, options)) {
    for (const event of batch) {
      if (event.seq < from) continue;
      if (events.length < limit) events.push(event);
      else more = true;
    }
    if (more) break;
  }
  return { events, more, ...(notice === undefined ? {} : { notice }) };
}

/** The run of that name among those on this machine. Throws RUN_UNKNOWN. */
export async function findStored(journals: RunJournals, run: string): Promise<StoredRun> {
  const found = (await journals.list()).find((entry) => entry.run === run);
  if (found !== undefined) return found;
  throw new BringupError({
    code: 'RUN_UNKNOWN',
    exit: EXIT.invalid,
    message: `There is no run ${run} on this machine.`,
    hint: 'See the runs with: bringup runs',
  });
}
