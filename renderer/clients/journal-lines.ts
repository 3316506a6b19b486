import { BringupError } from '../../src/contract/errors.ts';
import type { RunEvent } from '../../src/contract/events.ts';

/** One line of a journal as an event; null where it is none. */
export function parseLine(line: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    return 'seq' in value && typeof value.seq === 'number' && 'kind' in value ? (value as RunEvent) : null;
  } catch {
    return null;
  }
}

/** The error for a file that does not begin as a journal does. */
export function notAJournal(line: number): BringupError {
  return new BringupError({
    code: 'JOURNAL_UNREADABLE',
    message: `This file is not a run journal: line ${line} is not a run event.`,
    hint: 'Choose a journal.jsonl of a run, or the output of `bringup apply --json`.',
  });
}
