import type { BringupClient } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';

/** The part of a WebSocket the pump needs; `ws` fits. */
export interface PumpSocket {
  readonly bufferedAmount: number;
  send(data: string, done: (error?: Error | null) => void): void;
}

/** A reader this far behind (bytes) gets nothing more until it has caught up to the low mark. */
const HIGH_MARK = 4 * 1024 * 1024;
const LOW_MARK = 256 * 1024;
/** Events in one message; keeps a long journal from becoming one giant frame. */
const BATCH = 500;

/**
 * Sends the events of a run to a socket. A slow reader makes the pump unsubscribe and take up again from its last event
 * once the socket has drained: the journal is the buffer, memory stays bounded. Returns stop.
 */
export function pumpEvents(
  service: Pick<BringupClient, 'subscribe'>,
  run: string,
  from: number,
  socket: PumpSocket,
): () => void {
  let next = from;
  let stopped = false;
  let full = false;
  let unsubscribe: (() => void) | undefined;

  const pause = (): void => {
    full = true;
    unsubscribe?.();
    unsubscribe = undefined;
  };
  // A socket says null where there was no error and data had waited, undefined where none had.
  const sent = (error?: Error | null): void => {
    if (error instanceof Error || stopped || !full || socket.bufferedAmount > LOW_MARK) return;
    start();
  };
  const deliver = (events: readonly RunEvent[]): void => {
    const fresh = events.filter((event) => event.seq >= next);
    for (let index = 0; index < fresh.length && !stopped && !full; index += BATCH) {
      const batch = fresh.slice(index, index + BATCH);
      next = (batch.at(-1)?.seq ?? next) + 1;
      if (socket.bufferedAmount > HIGH_MARK) full = true;
      socket.send(JSON.stringify(batch), sent);
    }
    if (full) pause();
  };
  const start = (): void => {
    full = false;
    const stop = service.subscribe(run, next, deliver);
    // A service may deliver while it subscribes, so the mark can be reached before there is anything to unsubscribe.
    if (stopped || isFull()) stop();
    else unsubscribe = stop;
  };
  const isFull = (): boolean => full;
  start();
  return () => {
    stopped = true;
    unsubscribe?.();
  };
}
