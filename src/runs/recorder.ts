import type { EventBody, RunEvent } from '../contract/events.ts';
import type { Clock, JournalFile } from '../contract/ports.ts';
import { encodeEvent } from './journal.ts';
import { EMPTY_RUN, reduceRun, type RunState } from './state.ts';

/** Numbers the events of a run, journals each and only then tells it. */
export interface Recorder {
  /** Takes an event; it is numbered and dated now. */
  record(body: EventBody): void;
  /** Resolves when everything recorded is on disk and told; rejects when the journal cannot be written. */
  sync(): Promise<void>;
  onEvent(listener: (event: RunEvent) => void): () => void;
  state(): RunState;
}

export interface RecorderPorts {
  readonly run: string;
  readonly journal: JournalFile;
  readonly clock: Clock;
  /** Told once when the journal cannot be written any more. */
  onBroken(error: unknown): void;
}

export function createRecorder({ run, journal, clock, onBroken }: RecorderPorts): Recorder {
  const listeners = new Set<(event: RunEvent) => void>();
  const queue: RunEvent[] = [];
  const unreduced: RunEvent[] = [];
  let state = EMPTY_RUN;
  let seq = 0;
  let pumping: Promise<void> = Promise.resolve();
  let broken: { readonly error: unknown } | undefined;

  async function pump(): Promise<void> {
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      if (broken !== undefined) return;
      try {
        await journal.append(encodeEvent(event));
      } catch (error) {
        broken = { error };
        onBroken(error);
        return;
      }
      unreduced.push(event);
      for (const listener of listeners) listener(event);
    }
  }

  return {
    record(body) {
      seq += 1;
      queue.push({ seq, at: clock.now().toISOString(), run, ...body });
      pumping = pumping.then(pump);
    },
    async sync() {
      await pumping;
      if (broken !== undefined) throw broken.error;
      await journal.sync();
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state() {
      state = reduceRun(state, unreduced.splice(0));
      return state;
    },
  };
}
