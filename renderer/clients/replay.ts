import type { BringupClient, EventsQuery } from '../../src/contract/api.ts';
import { BringupError } from '../../src/contract/errors.ts';
import { createJournalFile, type JournalFile } from './journal-file.ts';

/** A run in a file: its name, and a client that plays it. */
export interface Replay {
  readonly run: string;
  readonly client: BringupClient;
}

/** Opens a journal file as a client: the same screens, read-only, however long it is. Rejects with JOURNAL_UNREADABLE. */
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
      const { unreadable } = file;
      const notice =
        unreadable === 0 ? {} : { notice: `${unreadable} lines of this file could not be read.` };
      return { events, more: false, ...notice } as never;
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

function readOnly(command: string): BringupError {
  return new BringupError({
    code: 'REPLAY_READ_ONLY',
    message: `This journal was opened as a file; ${command} is not possible here.`,
    hint: 'Go back to Sites to work on a site.',
  });
}
