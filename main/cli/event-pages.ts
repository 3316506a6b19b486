import type { BringupClient } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';

/** Events that are asked for at once. */
const PAGE = 100_000;

/** Reads the events of a run page by page, from number `from` to `to`; returns what of the journal could not be read. */
export async function eachPage(
  client: BringupClient,
  run: string,
  onEvents: (events: readonly RunEvent[]) => void,
  { from: first = 1, to = Infinity }: { readonly from?: number; readonly to?: number } = {},
): Promise<string | undefined> {
  for (let from = first; ;) {
    const limit = Math.min(PAGE, to - from + 1);
    const { events, more, notice } = await client.call('runs.events', { run, from, limit });
    onEvents(events);
    const last = events.at(-1);
    if (!more || last === undefined || last.seq >= to) return notice;
    from = last.seq + 1;
  }
}
