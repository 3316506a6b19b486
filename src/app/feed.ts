import type { RunEvent } from '../contract/events.ts';
import type { LiveRun } from './apply.ts';
import type { RunJournals } from './ports.ts';

type Listener = (events: readonly RunEvent[]) => void;

/** Hands run events to whoever watches: those of this process as they happen, those of others from their journal. */
export interface Feed {
  publish(event: RunEvent): void;
  add(live: LiveRun): void;
  cancel(run: string): boolean;
  subscribe(run: string, from: number, listener: Listener): () => void;
  close(): Promise<void>;
}

interface Local {
  readonly events: RunEvent[];
  readonly listeners: Set<Listener>;
}

export function createFeed(journals: RunJournals): Feed {
  const local = new Map<string, Local>();
  const live = new Map<string, LiveRun>();
  const stops = new Set<() => void>();
  const localOf = (run: string): Local => {
    const found = local.get(run) ?? { events: [], listeners: new Set() };
    local.set(run, found);
    return found;
  };
  return {
    publish(event) {
      const { events, listeners } = localOf(event.run);
      events.push(event);
      for (const listener of listeners) listener([event]);
    },
    add(run) {
      live.set(run.run, run);
      void run.done.then(
        () => live.delete(run.run),
        () => live.delete(run.run),
      );
    },
    cancel(run) {
      const found = live.get(run);
      found?.cancel();
      return found !== undefined;
    },
    subscribe(run, from, listener) {
      const own = local.get(run);
      if (own === undefined) {
        const stop = journals.follow(run, (lines) => {
          const events = lines
            .map((line) => JSON.parse(line) as RunEvent)
            .filter((event) => event.seq >= from);
          if (events.length > 0) listener(events);
        });
        stops.add(stop);
        return () => {
          stops.delete(stop);
          stop();
        };
      }
      const past = own.events.filter((event) => event.seq >= from);
      if (past.length > 0) listener(past);
      own.listeners.add(listener);
      return () => own.listeners.delete(listener);
    },
    async close() {
      for (const stop of stops) stop();
      await Promise.allSettled([...live.values()].map((run) => run.done));
    },
  };
}
