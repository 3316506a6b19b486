import { describe, expect, it } from 'vitest';
import { pumpEvents } from '../../main/server/event-pump.ts';
import type { RunEvent } from '../../src/contract/events.ts';

type Listener = (events: readonly RunEvent[]) => void;

function journalOf(count: number): RunEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    seq: index + 1,
    at: '2026-11-21T02:00:00.000Z',
    run: 'r',
    kind: 'stage.started',
    stage: 's',
  }));
}

function createService(journal: RunEvent[]) {
  const listeners = new Set<Listener>();
  return {
    listeners,
    starts: [] as number[],
    subscribe(_run: string, from: number, listener: Listener) {
      this.starts.push(from);
      listeners.add(listener);
      listener(journal.filter((event) => event.seq >= from));
      return () => listeners.delete(listener);
    },
  };
}

function createSocket() {
  const sent: RunEvent[] = [];
  const waiting: ((error?: Error | null) => void)[] = [];
  return {
    sent,
    bufferedAmount: 0,
    send(data: string, done: (error?: Error | null) => void) {
      sent.push(...(JSON.parse(data) as RunEvent[]));
      waiting.push(done);
    },
    drain() {
      this.bufferedAmount = 0;
      // Node calls back with null where data had waited.
      for (const done of waiting.splice(0)) done(null);
    },
  };
}

describe('pumpEvents', () => {
  it('lets go of a slow reader and takes up again from its last event', () => {
    const service = createService(journalOf(2000));
    const socket = createSocket();
    socket.bufferedAmount = 10 * 1024 * 1024;
    pumpEvents(service, 'r', 1, socket);
    expect(socket.sent).toHaveLength(500);
    expect(service.listeners.size).toBe(0);
    socket.drain();
    expect(service.starts).toEqual([1, 501]);
    expect(socket.sent.map((event) => event.seq)).toEqual(journalOf(2000).map((event) => event.seq));
  });

  it('does not repeat events that a service delivers twice', () => {
    const service = createService(journalOf(3));
    const socket = createSocket();
    pumpEvents(service, 'r', 2, socket);
    for (const listener of service.listeners) listener(journalOf(4));
    expect(socket.sent.map((event) => event.seq)).toEqual([2, 3, 4]);
  });

  it('sends nothing after it was stopped', () => {
    const service = createService(journalOf(1));
    const socket = createSocket();
    pumpEvents(service, 'r', 1, socket)();
    expect(service.listeners.size).toBe(0);
    socket.drain();
    expect(socket.sent).toHaveLength(1);
  });
});
