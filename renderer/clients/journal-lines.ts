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

/** What an answer says about lines that were left out. */
export function noteOf(unreadable: number): { readonly notice?: string } {
  return unreadable === 0 ? {} : { notice: `${unreadable} lines of this file could not be read.` };
}

/** The error for a command that acts, where a run is only looked at. */
export function readOnly(command: string): BringupError {
  return new BringupError({
    code: 'REPLAY_READ_ONLY',
    message: `This journal was opened as a file; ${command} is not possible here.`,
    hint: 'Go back to Sites to work on a site.',
  });
}
