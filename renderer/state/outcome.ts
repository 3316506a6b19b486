import type { Status } from '../../src/contract/events.ts';
import type { HostState } from '../../src/runs/state.ts';

const BAD: readonly Status[] = ['failed', 'unreachable', 'timed-out', 'cancelled'];
const GOOD: readonly Status[] = ['ok', 'changed', 'skipped', 'overridden'];

/** True for statuses that stop a run: failed, unreachable, timed out, cancelled. */
export function isBad(status: Status): boolean {
  return BAD.includes(status);
}

/** True for statuses that need nothing more: ok, changed, skipped, overridden. */
export function isGood(status: Status): boolean {
  return GOOD.includes(status);
}

/** True when a stage has ended, well or badly. */
export function isOver(status: Status): boolean {
  return isBad(status) || isGood(status);
}

/** What an answer means for the stage: a failure that the playbook allows for is only worth a flag. */
export function outcomeOf(answer: HostState): Status {
  return answer.ignored === true && isBad(answer.status) ? 'overridden' : answer.status;
}
