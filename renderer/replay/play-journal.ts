import { createStore } from 'zustand/vanilla';
import type { BringupClient, EventsQuery } from '../../src/contract/api.ts';
import { fromErrorData } from '../../src/contract/errors.ts';
import { EMPTY_RUN } from '../../src/runs/state.ts';
import { readOnly } from '../clients/journal-lines.ts';
import type { Replay } from '../clients/replay.ts';
import { createArchive } from '../state/archive.ts';
import { createEventIndex } from '../state/event-index.ts';
import type { RunView } from '../state/run-store.ts';
import type { Question, Told } from './messages.ts';
import { createQuestions, type Questions } from './questions.ts';
import { createUnpacker } from './unpack.ts';

/** A thread that reads a journal. */
export interface Reader {
  ask(question: Question): void;
  /** `told` gets what it tells, `broken` the reason where it cannot run or died. */
  listen(told: (told: Told) => void, broken: (reason: Error) => void): void;
  end(): void;
}

/**
 * Opens a journal that `reader` reads: resolves with its first part, the rest is in the store once it is read. Rejects with
 * JOURNAL_UNREADABLE, or with the reason why the reader does not run.
 */
export function playJournal(reader: Reader, file: Blob): Promise<Replay> {
  const questions = createQuestions((question) => {
    reader.ask(question);
  });
  const client = clientOf(questions.events);
  const link = { connected: true, since: new Date().toISOString() };
  const store = createStore<RunView>(() => ({ run: EMPTY_RUN, waiting: 0, link }));
  const unpacker = createUnpacker();
  const index = createEventIndex();
  return new Promise((resolve, reject) => {
    const take = (told: Told): void => {
      switch (told.kind) {
        case 'opened': {
          const { run } = told;
          const archive = createArchive(run, (command, input) => client.call(command, input), index);
          const stateAt = async (seq: number) => unpacker.unpack((await questions.state(seq)).state);
          const open = () => () => undefined;
          store.setState({ run: unpacker.unpack(told.state), waiting: told.waiting });
          resolve({
            ...{ run, client },
            store: { store, archive, timeline: { stateAt }, open },
            close: () => {
              reader.end();
            },
          });
          return;
        }
        case 'refused':
          reader.end();
          reject(fromErrorData(told.error));
          return;
        case 'progress':
          store.setState({ waiting: told.waiting });
          return;
        case 'tasks':
          unpacker.add(told.stage, told.tasks);
          return;
        case 'index':
          Object.assign(index, told.index);
          return;
        case 'read':
          store.setState({ run: unpacker.finish(told.state), waiting: 0 });
          return;
        default:
          questions.take(told);
      }
    };
    reader.listen(take, (reason) => {
      reader.end();
      questions.fail(reason);
      store.setState({ link: { connected: false, since: new Date().toISOString() } });
      reject(reason);
    });
    reader.ask({ kind: 'open', file });
  });
}

function clientOf(events: Questions['events']): BringupClient {
  return {
    call: async (command, input) => {
      if (command !== 'runs.events') throw readOnly(command);
      const { events: found, notice } = await events(input as EventsQuery);
      return { events: found, more: false, ...(notice === undefined ? {} : { notice }) } as never;
    },
    // Whoever shows this run has its store.
    subscribe: () => () => undefined,
  };
}
