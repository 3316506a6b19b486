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
  readonly timeline: Pick<Timeline, 'stateAt'>;
  /** Follows the run from the last event seen; returns stop. */
  open(): () => void;
}

/** Hidden windows get no animation frames; a timer keeps their state from piling up. */
const HIDDEN_DELAY_MS = 250;
/** Updates come at most this often: faster than anybody reads, and it leaves the time between to the reader. */
const GAP_MS = 80;
/** Drawing takes at most a part of the time: after an update that took long, the next one waits so many times as long. */
const REST = 8;
const MOST_GAP_MS = 500;
/** So many events since the last update are no news but a journal that is read, of which a glimpse now and then is enough. */
const READING = 4000;
const READING_GAP_MS = 400;
/** With so many events waiting it is said how far the reading is, and nothing else. */
const LONG = 20_000;
/** Events that wait for the next update are reduced before it once there are so many. */
const AHEAD = 2000;
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
  readonly timeline: Timeline;
  readonly live: LiveState;
}

function follow(client: BringupClient, run: string, parts: Parts): () => void {
  const { store } = parts;
  let last = store.getState().run.lastSeq;
  let state = store.getState().run;
  let queue: (readonly RunEvent[])[] = [];
  let queued = 0;
  const shown = { at: 0, seq: last, took: 0 };
  let next: { readonly soon: boolean; readonly cancel: () => void } | undefined;

  const due = (): number => {
    const gap = Math.min(MOST_GAP_MS, Math.max(GAP_MS, REST * shown.took));
    const reading = last - shown.seq > READING && shown.at > 0;
    return shown.at + (reading ? Math.max(gap, READING_GAP_MS) : gap) - performance.now();
  };
  const plan = (): void => {
    const soon = queued >= AHEAD;
    if (next !== undefined && (next.soon || !soon)) return;
    next?.cancel();
    next = { soon, cancel: soon ? later(flush, 0) : schedule(flush, due()) };
  };
  const flush = (): void => {
    next = undefined;
    const started = performance.now();
    let done = 0;
    for (const batch of queue) {
      state = fold(parts, batch);
      queued -= batch.length;
      done += 1;
      if (performance.now() - started > SLICE_MS) break;
    }
    queue = queue.slice(done);
    if (due() <= 0) show(started);
    if (queue.length > 0) next = { soon: true, cancel: later(flush, 1) };
    else if (state.lastSeq > shown.seq) plan();
  };
  const show = (started: number): void => {
    Object.assign(shown, { at: started, seq: state.lastSeq });
    // What is half read is not shown for a moment only to be other in the next; what was shown before stays.
    store.setState(queued > LONG ? { waiting: queued } : { run: state, waiting: queued });
    // The page is drawn before this comes: it is told how long that took.
    later(() => {
      shown.took = performance.now() - started;
    }, 0);
  };
  const receive = (events: readonly RunEvent[]): void => {
    const fresh = events.filter((event) => event.seq > last);
    last = fresh.at(-1)?.seq ?? last;
    for (let index = 0; index < fresh.length; index += SLICE_EVENTS)
      queue.push(fresh.slice(index, index + SLICE_EVENTS));
    queued += fresh.length;
    if (queued > 0) plan();
  };
  const unsubscribe = client.subscribe(run, last + 1, receive, (link) => {
    store.setState({ link });
  });
  return () => {
    unsubscribe();
    next?.cancel();
  };
}

function fold({ archive, timeline, live }: Parts, batch: readonly RunEvent[]): RunState {
  archive.append(batch);
  const { state, touched } = live.push(batch);
  for (const entry of touched) keepIndex(entry);
  if (timeline.wants(state.lastSeq)) timeline.keep(live.freeze());
  return state;
}

/** Runs a task in the first frame that is not earlier than `delay` milliseconds from now. */
function schedule(task: () => void, delay: number): () => void {
  if (document.visibilityState === 'hidden') return later(task, HIDDEN_DELAY_MS);
  let frame = 0;
  const ask = (): void => {
    frame = requestAnimationFrame(task);
  };
  const cancel = delay > 0 ? later(ask, delay) : undefined;
  if (cancel === undefined) ask();
  return () => {
    cancel?.();
    cancelAnimationFrame(frame);
  };
}

function later(task: () => void, delay: number): () => void {
  const timer = setTimeout(task, delay);
  return () => {
    clearTimeout(timer);
  };
}
