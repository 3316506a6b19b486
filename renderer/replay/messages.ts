import type { EventsQuery } from '../../src/contract/api.ts';
import type { ErrorData } from '../../src/contract/errors.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import type { RunState, StageState, TaskState } from '../../src/runs/state.ts';
import type { EventIndex } from '../state/event-index.ts';
import type { ListedIndex } from '../state/stage-index.ts';

/** What the page asks of the thread that reads a journal; `id` is told with the answer. */
export type Question =
  | { readonly kind: 'open'; readonly file: Blob }
  | { readonly kind: 'state'; readonly id: number; readonly seq: number }
  | { readonly kind: 'events'; readonly id: number; readonly query: EventsQuery };

/** What it tells: while it reads, how far it is; at the end the run, in parts that take the page a few milliseconds each. */
export type Told =
  | { readonly kind: 'opened'; readonly run: string; readonly waiting: number; readonly state: PackedRun }
  | { readonly kind: 'refused'; readonly error: ErrorData }
  | { readonly kind: 'progress'; readonly waiting: number }
  | { readonly kind: 'tasks'; readonly stage: string; readonly tasks: readonly PackedTask[] }
  | { readonly kind: 'index'; readonly index: EventIndex }
  | { readonly kind: 'read'; readonly state: PackedRun }
  | { readonly kind: 'state'; readonly id: number; readonly state: PackedRun }
  | {
      readonly kind: 'events';
      readonly id: number;
      readonly events: readonly RunEvent[];
      readonly notice?: string;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorData };

/** A task whose answers are a text until somebody looks at them: most tasks of a long run are never looked at. */
export interface PackedTask {
  readonly head: Omit<TaskState, 'hosts'>;
  /** JSON of the entries of `hosts`. */
  readonly hosts: string;
}

/** The tasks of a stage at some moment: those of the end that are the same already, by their place there, and others. */
export interface PackedTasks {
  /** A place among the tasks of the end, or -1 for the next of `others`. */
  readonly places: Int32Array;
  readonly others: readonly PackedTask[];
  readonly index: ListedIndex;
}

export interface PackedStage extends Omit<StageState, 'tasks'> {
  /** Null where they are the very tasks of the end. */
  readonly packed: PackedTasks | null;
}

export interface PackedRun extends Omit<RunState, 'stages'> {
  readonly stages: readonly PackedStage[];
}
