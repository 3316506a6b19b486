import { BringupError } from '../contract/errors.ts';
import type { EventBody, RunEvent } from '../contract/events.ts';
import type { Clock, JournalFile } from '../contract/ports.ts';
import { encodeEvent } from './journal.ts';
import { EMPTY_RUN, reduceRun, type RunState } from './state.ts';

/** Events that are told but not yet part of the state are folded at the latest when there are this many. */
const UNREDUCED = 10_000;

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
  /** State of a run that goes on: numbering continues after its last event. */
  readonly initial?: RunState;
  /** Hides secrets in an event before anybody, the journal included, gets it. */
  readonly redact?: (body: EventBody) => EventBody;
  /** Told once when the journal cannot be written any more. */
  onBroken(error: unknown): void;
}

export function createRecorder(ports: RecorderPorts): Recorder {
  const { run, journal, clock, onBroken, initial = EMPTY_RUN, redact = (body) => body } = ports;
  const listeners = new Set<(event: RunEvent) => void>();
  const queue: RunEvent[] = [];
  let unreduced: RunEvent[] = [];
  let state = initial;
  let seq = initial.lastSeq;
  let journalled = initial.lastSeq;
  let pumping: Promise<void> = Promise.resolve();
  let broken: { readonly error: unknown } | undefined;

  function fold(): void {
    state = reduceRun(state, unreduced);
    unreduced = [];
  }

  function tell(event: RunEvent): void {
    journalled = event.seq;
    unreduced.push(event);
    if (unreduced.length >= UNREDUCED) fold();
    for (const listener of listeners) listener(event);
  }

  async function pump(): Promise<void> {
    const batch = queue.splice(0);
    if (broken !== undefined || batch.length === 0) return;
    const written = await Promise.allSettled(batch.map((event) => journal.append(encodeEvent(event))));
    for (const [index, event] of batch.entries()) {
      const result = written[index];
      if (result?.status !== 'rejected') {
        tell(event);
        continue;
      }
      broken = { error: result.reason };
      await sayFarewell(result.reason);
      onBroken(result.reason);
      return;
    }
  }

  /** The reason why the record ends here is the last thing that it says. */
  async function sayFarewell(error: unknown): Promise<void> {
    const reason = `${error instanceof BringupError ? error.message : String(error)} The record ends here.`;
    const event: RunEvent = {
      ...{ seq: journalled + 1, at: clock.now().toISOString(), run },
      ...{ kind: 'run.interrupted', reason },
    };
    try {
      await journal.lastWords?.(encodeEvent(event));
    } catch {
      // Nothing more can be written: the error itself is told to whoever waits for the run.
      return;
    }
    if (journal.lastWords !== undefined) tell(event);
  }

  return {
    record(body) {
      seq += 1;
      queue.push({ seq, at: clock.now().toISOString(), run, ...redact(body) });
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
      fold();
      return state;
    },
  };
}
