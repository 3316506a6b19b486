import type { RehearsalPace } from '../contract/events.ts';
import type { RehearsalPort } from './rehearsal-port.ts';

/** A real machine says every few seconds that it is still there. */
const HEARTBEAT_SECONDS = 5;
/** Without waits the others of the process still get their turn after so many events. */
const TURN = 25;

/** How fast a rehearsal goes on. */
export interface Tempo {
  /** Waits as long as the recorded machine took, by the pace; `onBeat` is called while it goes on. */
  wait(seconds: number, onBeat?: () => void): Promise<void>;
}

export function createTempo(
  port: Pick<RehearsalPort, 'sleep'>,
  pace: RehearsalPace,
  signal?: AbortSignal,
): Tempo {
  let calls = 0;
  return {
    async wait(seconds, onBeat) {
      if (pace === 'max') {
        calls += 1;
        if (calls % TURN === 0) await port.sleep(0);
        return;
      }
      // A cancelled rehearsal has nothing to wait for: no task that runs there must be let come to its end.
      for (let left = seconds / pace; left > 0 && signal?.aborted !== true; left -= HEARTBEAT_SECONDS) {
        await port.sleep(Math.min(left, HEARTBEAT_SECONDS) * 1000, signal);
        if (left > HEARTBEAT_SECONDS) onBeat?.();
      }
    },
  };
}
