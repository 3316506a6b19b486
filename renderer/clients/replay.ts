import type { BringupClient } from '../../src/contract/api.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { RunEvent } from '../../src/contract/events.ts';

/** Client over a journal that was opened as a file: the same screens, read-only. */
export function createReplayClient(events: readonly RunEvent[]): BringupClient {
  return {
    call: (command) =>
      Promise.reject(
        new BringupError({
          code: 'REPLAY_READ_ONLY',
          message: `This journal was opened as a file; ${command} is not possible here.`,
          hint: 'Go back to Sites to work on a site.',
        }),
      ),
    subscribe: (_run, from, listener) => {
      listener(events.filter((event) => event.seq >= from));
      return () => undefined;
    },
  };
}

/** Reads the JSON lines of a journal; a torn last line is left out, anything else unreadable is an error that names the line. */
export function readJournal(text: string): RunEvent[] {
  const lines = text.split('\n');
  const events: RunEvent[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const event = parseLine(line);
    if (event === null && index === lines.length - 1) break;
    if (event === null || (events.length === 0 && event.kind !== 'run.started')) throw notAJournal(index + 1);
    events.push(event);
  }
  if (events.length === 0) throw notAJournal(1);
  return events;
}

function parseLine(line: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    return 'seq' in value && typeof value.seq === 'number' && 'kind' in value ? (value as RunEvent) : null;
  } catch {
    return null;
  }
}

function notAJournal(line: number): BringupError {
  return new BringupError({
    code: 'JOURNAL_UNREADABLE',
    message: `This file is not a run journal: line ${line} is not a run event.`,
    hint: 'Choose a journal.jsonl of a run, or the output of `bringup apply --json`.',
  });
}
