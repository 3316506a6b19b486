import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BringupClient, LinkState } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { createLiveState, EMPTY_RUN, type LiveState, type RunState } from '../../src/runs/state.ts';
import { createArchive, type Archive } from './archive.ts';
import { keepIndex } from './stage-index.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** What the run page shows: the reduced state, how many events still wait to be reduced, and the link to the application service. */
export interface RunView {
  readonly run: RunState;
  /** Events that arrived and are not in `run` yet; 0 but while a long run is read. */
  readonly waiting: number;
  readonly link: LinkState;
}

export interface RunStore {
  readonly store: StoreApi<RunView>;
  readonly archive: Archive;
  readonly timeline: Timeline;
  /** Follows the run from the last event seen; returns stop. */
  open(): () => void;
}

/** Hidden windows get no animation frames; a timer keeps their state from piling up. */
const HIDDEN_DELAY_MS = 250;
/** Updates come at most this often: faster than anybody reads, and it leaves the time between to the reader. */
const GAP_MS = 80;
/** While a long run is read, what is read so far is shown this often; drawing it more often would only take the time for reading. */
const READING_GAP_MS = 400;
/** With so many events waiting it is said how far the reading is, and nothing else. */
const LONG = 20_000;
/** Time for reducing before input gets its turn, and how many events are reduced between two looks at the clock. */
const SLICE_MS = 30;
const SLICE_EVENTS = 500;

/** State of one run: events that arrive within a frame are reduced together, so a burst costs one render. */
export function createRunStore(client: BringupClient, run: string): RunStore {
  const link = { connected: true, since: new Date().toISOString() };
  const store = createStore<RunView>(() => ({ run: EMPTY_RUN, waiting: 0, link }));
  const archive = createArchive(run, (command, input) => client.call(command, input));
  const timeline = createTimeline(archive);
  const live = createLiveState(EMPTY_RUN);
  return {
    store,
    archive,
    timeline,
    open: () => follow(client, run, { store, archive, timeline, live }),
  };
}

interface Parts extends Omit<RunStore, 'open'> {
  readonly live: LiveState;
}

function follow(client: BringupClient, run: string, parts: Parts): () => void {
  const { store } = parts;
  let last = store.getState().run.lastSeq;
  let state = store.getState().run;
  let queue: (readonly RunEvent[])[] = [];
  let queued = 0;
  let shown = 0;
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    const started = performance.now();
    let done = 0;
    for (const batch of queue) {
      state = fold(parts, batch);
      queued -= batch.length;
      done += 1;
      if (performance.now() - started > SLICE_MS) break;
    }
    queue = queue.slice(done);
    cancel = queue.length === 0 ? undefined : schedule(flush, 1);
    if (queue.length > 0 && started - shown < READING_GAP_MS) return;
    shown = performance.now();
    // What is half read is not shown for a moment only to be other in the next; what was shown before stays.
    store.setState(queued > LONG ? { waiting: queued } : { run: state, waiting: queued });
  };
  const receive = (events: readonly RunEvent[]): void => {
    const fresh = events.filter((event) => event.seq > last);
    last = fresh.at(-1)?.seq ?? last;
    for (let index = 0; index < fresh.length; index += SLICE_EVENTS)
      queue.push(fresh.slice(index, index + SLICE_EVENTS));
    queued += fresh.length;
    if (queued > 0) cancel ??= schedule(flush, shown + GAP_MS - performance.now());
  };
  const unsubscribe = client.subscribe(run, last + 1, receive, (link) => {
    store.setState({ link });
  });
  return () => {
    unsubscribe();
    cancel?.();
  };
}

function fold({ archive, timeline, live }: Parts, batch: readonly RunEvent[]): RunState {
  archive.append(batch);
  const { state, touched } = live.push(batch);
  for (const entry of touched) keepIndex(entry);
  if (timeline.wants(state.lastSeq)) timeline.keep(live.freeze());
  return state;
}

/** Runs a task in the next frame that is not earlier than `delay` milliseconds from now. */
function schedule(task: () => void, delay: number): () => void {
  if (document.visibilityState === 'hidden' || delay > 0) {
    const hidden = document.visibilityState === 'hidden';
    const timer = setTimeout(task, hidden ? HIDDEN_DELAY_MS : delay);
    return () => {
      clearTimeout(timer);
    };
  }
  const frame = requestAnimationFrame(task);
  return () => {
    cancelAnimationFrame(frame);
  };
}
