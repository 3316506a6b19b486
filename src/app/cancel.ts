import type { RunEvent } from '../contract/events.ts';
import type { Feed } from './feed.ts';
import type { BringupPorts } from './ports.ts';
import { readState } from './read-run.ts';
import { takeUpRun } from './resume.ts';

/**
 * Cancels a run wherever it is carried out: in this process, in another one of this machine, or by nobody any more, in
 * which case it is taken up here to stop what still runs at the site. False where nothing runs.
 */
export async function cancelRun(
  ports: BringupPorts,
  feed: Feed,
  { run, now = false }: { readonly run: string; readonly now?: boolean },
  onEvent: (event: RunEvent) => void,
): Promise<boolean> {
  if (feed.cancel(run, now)) return true;
  const { state } = await readState(ports.journals, run);
  const left = [...state.stages.values()].some(({ goes_on: goesOn }) => goesOn === true);
  // Its journal says so before the process that carried it out lets go of the site.
  if (state.status !== 'running' && !left) return false;
  if (await ports.journals.active(state.site, run)) {
    await ports.control?.ask(run, now ? 'kill' : 'cancel');
    return ports.control !== undefined;
  }
  const live = await takeUpRun(ports, { options: { run }, cancel: true }, onEvent);
  feed.add(live);
  if (now) live.cancel(true);
  return true;
}
