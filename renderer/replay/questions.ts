import type { EventsQuery } from '../../src/contract/api.ts';
import { fromErrorData } from '../../src/contract/errors.ts';
import type { Question, Told } from './messages.ts';

type Answer<Kind extends Told['kind']> = Extract<Told, { kind: Kind }>;

/** Questions that are open, each until its answer comes. */
export interface Questions {
  state(seq: number): Promise<Answer<'state'>>;
  events(query: EventsQuery): Promise<Answer<'events'>>;
  /** Takes an answer; anything else is passed over. */
  take(told: Told): void;
  /** Nobody answers any more. */
  fail(reason: unknown): void;
}

interface Open {
  readonly done: (told: Told) => void;
  readonly failed: (reason: unknown) => void;
}

/** Asks through `ask` and brings each answer to whoever asked. */
export function createQuestions(ask: (question: Question) => void): Questions {
  const open = new Map<number, Open>();
  let last = 0;
  const put = <Kind extends 'state' | 'events'>(
    question: (id: number) => Extract<Question, { kind: Kind }>,
  ): Promise<Answer<Kind>> =>
    new Promise((done, failed) => {
      last += 1;
      open.set(last, { done: done as Open['done'], failed });
      ask(question(last));
    });
  return {
    state: (seq) => put<'state'>((id) => ({ kind: 'state', id, seq })),
    events: (query) => put<'events'>((id) => ({ kind: 'events', id, query })),
    take(told) {
      if (!('id' in told)) return;
      const asked = open.get(told.id);
      open.delete(told.id);
      if (told.kind === 'failed') asked?.failed(fromErrorData(told.error));
      else asked?.done(told);
    },
    fail(reason) {
      for (const { failed } of open.values()) failed(reason);
      open.clear();
    },
  };
}
