import { BringupError } from '../../src/contract/errors.ts';
import { openReplay, type Replay } from '../clients/replay.ts';
import type { Told } from './messages.ts';
import { playJournal, type Reader } from './play-journal.ts';

/** Bytes that the page itself reads in a part of a second; a thread is worth its start beyond them. */
const LARGE = 8 * 1024 * 1024;

/** Opens a journal file for the run page: a long one is read by a thread of its own. Rejects with JOURNAL_UNREADABLE. */
export async function openJournal(file: Blob): Promise<Replay> {
  if (file.size < LARGE) return openReplay(file);
  try {
    return await playJournal(startReader(), file);
  } catch (thrown) {
    if (thrown instanceof BringupError) throw thrown;
    // Where no thread can be had, the page reads as long as it takes.
    return openReplay(file);
  }
}

function startReader(): Reader {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return {
    ask(question) {
      worker.postMessage(question);
    },
    listen(told, broken) {
      worker.onmessage = ({ data }: MessageEvent<Told>) => {
        told(data);
      };
      worker.onerror = ({ message }) => {
        broken(new Error(message));
      };
    },
    end() {
      worker.terminate();
    },
  };
}
