import type { BringupClient, EventsQuery } from '../../src/contract/api.ts';
import type { RunStore } from '../state/run-store.ts';
import { createJournalFile, type JournalFile } from './journal-file.ts';
import { noteOf, readOnly } from './journal-lines.ts';

/** A run in a file: its name, and a client that plays it. */
export interface Replay {
  readonly run: string;
  readonly client: BringupClient;
  /** The run itself, where another thread reads the file. */
  readonly store?: RunStore;
  /** Lets go of the file. */
  readonly close?: () => void;
}

/** Opens a journal file as a client: the same screens, read-only. Rejects with JOURNAL_UNREADABLE. */
export async function openReplay(blob: Blob): Promise<Replay> {
  const file = createJournalFile(blob);
  const first = await file.after(0);
  return { run: first?.[0]?.run ?? '', client: clientOf(file) };
}

function clientOf(file: JournalFile): BringupClient {
  return {
    call: async (command, input) => {
      if (command !== 'runs.events') throw readOnly(command);
      const { from = 1, limit = Infinity } = input as EventsQuery;
      const events = await file.range(from, from + limit - 1);
      return { events, more: false, ...noteOf(file.unreadable) } as never;
    },
    subscribe: (_run, from, listener) => {
      const watch = { open: true };
      const play = async (): Promise<void> => {
        for (let seq = from - 1; watch.open;) {
          const events = await file.after(seq);
          if (events === undefined || !watch.open) return;
          seq = events.at(-1)?.seq ?? seq;
          listener(events);
        }
      };
      // What cannot be read any more (the file was removed) is not shown; what was read stays.
      play().catch(() => undefined);
      return () => {
        watch.open = false;
      };
    },
  };
}
