import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BringupClient, LinkState } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { EMPTY_RUN, reduceRun, type RunState } from '../../src/runs/state.ts';

/** What the run page shows: the reduced state, the raw events for the log, and the link to the application service. */
export interface RunView {
  readonly run: RunState;
  readonly events: readonly RunEvent[];
  readonly link: LinkState;
}

export interface RunStore {
  readonly store: StoreApi<RunView>;
  /** Follows the run from the last event seen; returns stop. */
  open(): () => void;
}

/** Hidden windows get no animation frames; a timer keeps their state from piling up. */
const HIDDEN_DELAY_MS = 250;

/** State of one run: events that arrive within a frame are reduced together, so a burst costs one render. */
export function createRunStore(client: BringupClient, run: string): RunStore {
  const link = { connected: true, since: new Date().toISOString() };
  const store = createStore<RunView>(() => ({ run: EMPTY_RUN, events: [], link }));
  return { store, open: () => follow(client, run, store) };
}

function follow(client: BringupClient, run: string, store: StoreApi<RunView>): () => void {
  let last = store.getState().run.lastSeq;
  let waiting: RunEvent[] = [];
  let cancel: (() => void) | undefined;
  const flush = (): void => {
    cancel = undefined;
    const batch = waiting;
    waiting = [];
    store.setState((view) => ({ run: reduceRun(view.run, batch), events: view.events.concat(batch) }));
  };
  const receive = (events: readonly RunEvent[]): void => {
    for (const event of events) {
      if (event.seq <= last) continue;
      last = event.seq;
      waiting.push(event);
    }
    if (waiting.length > 0) cancel ??= schedule(flush);
  };
  const unsubscribe = client.subscribe(run, last + 1, receive, (link) => {
    store.setState({ link });
  });
  return () => {
    unsubscribe();
    cancel?.();
  };
}

function schedule(task: () => void): () => void {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(task, HIDDEN_DELAY_MS);
    return () => {
      clearTimeout(timer);
    };
  }
  const frame = requestAnimationFrame(task);
  return () => {
    cancelAnimationFrame(frame);
  };
}
