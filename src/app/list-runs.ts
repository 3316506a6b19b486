import type { RunSummary } from '../contract/api.ts';
import { BringupError } from '../contract/errors.ts';
import type { StoredRun } from '../contract/ports.ts';
import { summariseRun } from '../runs/index.ts';
import type { RunJournals } from './ports.ts';
import { readStored } from './read-run.ts';

/** What is kept of a run that has ended: it holds for the journal of this stamp, read by this version, and no other. */
interface KeptSummary {
  readonly stamp: string;
  readonly version: string;
  readonly summary: RunSummary;
}

/** All runs, newest first. A journal that cannot be read does not hide the others: its run is left out. */
export async function listRuns(journals: RunJournals, version: string): Promise<RunSummary[]> {
  const summaries: RunSummary[] = [];
  for (const stored of await journals.list()) {
    try {
      const summary =
        (await keptSummary(journals, stored, version)) ?? (await readSummary(journals, stored, version));
      if (summary !== null) summaries.push(summary);
    } catch (thrown) {
      if (!(thrown instanceof BringupError)) throw thrown;
    }
  }
  return summaries.sort((left, right) => right.started.localeCompare(left.started));
}

async function keptSummary(
  journals: RunJournals,
  stored: StoredRun,
  version: string,
): Promise<RunSummary | null> {
  const text = await journals.kept(stored.run, 'summary.json');
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as KeptSummary;
    return kept.stamp === stored.stamp && kept.version === version ? kept.summary : null;
  } catch {
    return null;
  }
}

async function readSummary(
  journals: RunJournals,
  stored: StoredRun,
  version: string,
): Promise<RunSummary | null> {
  const { state } = await readStored(journals, stored);
  if (state.lastSeq === 0) return null;
  const { run, opened, stamp } = stored;
  if (opened !== undefined) return { ...summariseRun(state), opened };
  const summary = summariseRun(state);
  if (state.finished !== undefined) {
    const kept: KeptSummary = { stamp, version, summary };
    // Only a help: where there is no room for it, the journal is read again the next time.
    await journals.keep(run, 'summary.json', JSON.stringify(kept)).catch(() => undefined);
  }
  return summary;
}
