import { BringupError } from '../contract/errors.ts';
import type { RunEvent } from '../contract/events.ts';
import { findEventFault } from './event-schema.ts';

/** Writes an event as one journal line, without its line end. */
export function encodeEvent(event: RunEvent): string {
  return JSON.stringify(event);
}

/** A journal as read; `notice` says that a last, torn line was left out. */
export interface JournalContent {
  readonly events: readonly RunEvent[];
  readonly notice?: string;
}

/**
 * Reads a journal. A last line that was torn when the machine went down is left out with a notice; anything wrong
 * before it, and any gap in the numbering, throws JOURNAL_DAMAGED naming the line.
 */
export async function readJournal(
  lines: Iterable<string> | AsyncIterable<string>,
  name: string,
): Promise<JournalContent> {
  const events: RunEvent[] = [];
  let number = 0;
  let torn: string | undefined;
  for await (const line of lines) {
    if (torn !== undefined) throw damaged(name, number, torn);
    number += 1;
    const { event, fault } = decodeLine(line);
    if (event === undefined) {
      torn = fault;
      continue;
    }
    const expected = events.length + 1;
    if (event.seq !== expected) {
      throw damaged(name, number, `event ${event.seq} stands where ${expected} is due`);
    }
    events.push(event);
  }
  if (torn === undefined) return { events };
  return { events, notice: `The last line (${number}) of journal ${name} was torn and is left out.` };
}

function decodeLine(line: string): { event?: RunEvent; fault: string } {
  try {
    const value: unknown = JSON.parse(line);
    const fault = findEventFault(value);
    return fault === null ? { event: value as RunEvent, fault: '' } : { fault };
  } catch {
    return { fault: 'it is not JSON' };
  }
}

function damaged(name: string, line: number, fault: string): BringupError {
  return new BringupError({
    code: 'JOURNAL_DAMAGED',
    message: `Line ${line} of journal ${name} is damaged: ${fault}.`,
    hint: 'The journal was changed or the disk is failing. Keep the file; apply again to start a new run.',
  });
}
