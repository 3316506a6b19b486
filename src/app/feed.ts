import type { RunEvent } from '../contract/events.ts';
import type { LiveRun } from './launch.ts';
import type { RunJournals } from './ports.ts';
import { readEvents } from './read-run.ts';

type Listener = (events: readonly RunEvent[]) => void;

/** So many of the newest events of a run stay in memory, about 10 MB; older ones are read from its journal when asked for. */
const KEPT = 20_000;

/** Hands run events to whoever watches: those of this process as they happen, those of others from their journal. */
export interface Feed {
  publish(event: RunEvent): void;
  add(live: LiveRun): void;
  /** False where the run is not carried out in this process. */
  cancel(run: string, now: boolean): boolean;
  subscribe(run: string, from: number, listener: Listener): () => void;
  /** Resolves once every run that has told its end has let go of its journal and its site. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Local {
  readonly events: RunEvent[];
  readonly listeners: Set<Listener>;
}

/** `kept` events of each run at least are held in memory, twice as many at the most. */
export function createFeed(journals: RunJournals, kept = KEPT): Feed {
  const local = new Map<string, Local>();
  const live = new Map<string, LiveRun>();
  const stops = new Set<() => void>();
  /** Runs whose end was told and that may still be closing what they held. */
  const ending = new Set<string>();
  const localOf = (run: string): Local => {
    const found = local.get(run) ?? { events: [], listeners: new Set() };
    local.set(run, found);
    return found;
  };

  /** Follows the journal of a run that another process carries out, or did. */
  function follow(run: string, from: number, listener: Listener): () => void {
    const stop = journals.follow(run, (lines) => {
      const events = lines.map((line) => JSON.parse(line) as RunEvent).filter((event) => event.seq >= from);
      if (events.length > 0) listener(events);
    });
    stops.add(stop);
    return () => {
      stops.delete(stop);
      stop();
    };
  }

  /** What is not in memory, older events or those of the process that began the run, is read first; what happens meanwhile comes after. */
  function catchUp(run: string, own: Local, from: number, first: number, listener: Listener): () => void {
    let open = true;
    const waiting: RunEvent[] = [...own.events];
    let deliver: Listener = (events) => waiting.push(...events);
    const relay: Listener = (events) => {
      deliver(events);
    };
    own.listeners.add(relay);
    void readEvents(journals, { run, from, limit: first - from })
      .then(({ events }) => events.filter((event) => event.seq < first))
      // What cannot be read any more is left out; what happens now is told all the same.
      .catch((): readonly RunEvent[] => [])
      .then((past) => {
        if (!open) return;
        deliver = listener;
        const all = [...past, ...waiting];
        if (all.length > 0) listener(all);
      });
    return () => {
      open = false;
      deliver = () => undefined;
      own.listeners.delete(relay);
    };
  }

  return {
    publish(event) {
      if (event.kind === 'run.finished') ending.add(event.run);
      else ending.delete(event.run);
      const { events, listeners } = localOf(event.run);
      events.push(event);
      // Half at once, so that dropping costs nothing in the mean.
      if (events.length > 2 * kept) events.splice(0, events.length - kept);
      for (const listener of listeners) listener([event]);
    },
    add(run) {
      live.set(run.run, run);
      localOf(run.run);
      void run.done.then(
        () => live.delete(run.run),
        () => live.delete(run.run),
      );
    },
    cancel(run, now) {
      const found = live.get(run);
      found?.cancel(now);
      return found !== undefined;
    },
    subscribe(run, from, listener) {
      const own = local.get(run);
      if (own === undefined) return follow(run, from, listener);
      const first = own.events[0]?.seq ?? live.get(run)?.from ?? 1;
      if (from < first) return catchUp(run, own, from, first, listener);
      const past = own.events.filter((event) => event.seq >= from);
      if (past.length > 0) listener(past);
      own.listeners.add(listener);
      return () => own.listeners.delete(listener);
    },
    async settled() {
      const closing = [...live.values()].filter(({ run }) => ending.has(run));
      await Promise.allSettled(closing.map(({ done }) => done));
    },
    async close() {
      for (const stop of stops) stop();
      await Promise.allSettled([...live.values()].map((run) => run.done));
    },
  };
}
