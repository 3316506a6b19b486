import type { RunEvent } from '../contract/events.ts';
import { findEventFault } from './event-schema.ts';

/** A line that is not the event that is due there; `line` counts from 1. */
export interface Fault {
  readonly line: number;
  readonly text: string;
  /** No event at all: what a write leaves that was cut off, where it is the last line. */
  readonly unreadable: boolean;
  readonly newer?: { readonly schema: number; readonly version: string };
}

/** Turns the text of a journal into events, block by block; a block is one or more whole lines joined by line ends. */
export interface JournalDecoder {
  /** The events of the next block. Where a line is faulty, those of the lines before and behind it; a gap is a fault too. */
  push(block: string): RunEvent[];
  readonly faults: readonly Fault[];
  /** Lines seen, and how many of the last of them hold no event. */
  lines(): { readonly count: number; readonly badTail: number };
}

/** Faults that are kept one by one; a broken disk leaves thousands. */
const FAULTS_KEPT = 100;

/**
 * Decodes a journal. Events are numbered from 1 without a gap; behind a faulty line the numbering is taken up again
 * with the next event that counts on.
 */
export function createJournalDecoder(schema: number): JournalDecoder {
  const faults: Fault[] = [];
  let count = 0;
  let badTail = 0;
  let seq = 0;

  /** Millions of good lines: one parse for the block, and no string for each line. Null where anything is amiss. */
  function fast(block: string): RunEvent[] | null {
    let values: unknown;
    try {
      values = JSON.parse(`[${block.replaceAll('\n', ',')}]`);
    } catch {
      return null;
    }
    const events = values as RunEvent[];
    for (let index = 0; index < events.length; index += 1) {
      const event = events[index];
      if (findEventFault(event) !== null || event?.seq !== seq + index + 1) return null;
      if (event.kind === 'run.started' && event.schema > schema) return null;
    }
    return events;
  }

  function slow(block: string): RunEvent[] {
    const events: RunEvent[] = [];
    for (const line of block.split('\n')) {
      count += 1;
      const found = decodeLine(line);
      const fault = typeof found === 'string' ? found : faultOfPlace(found);
      if (fault !== null && faults.length < FAULTS_KEPT) faults.push(describe(count, fault, found, schema));
      // Behind a gap the story goes on; what stands behind its place is a copy.
      if (typeof found !== 'string' && found.seq > seq) {
        seq = found.seq;
        badTail = 0;
        events.push(found);
      } else badTail += 1;
    }
    return events;
  }

  function faultOfPlace(event: RunEvent): string | null {
    if (event.kind === 'run.started' && event.schema > schema) return 'it is of a newer journal';
    const due = seq + 1;
    const skipped = badTail > 0 && event.seq > due;
    return event.seq === due || skipped ? null : `event ${event.seq} stands where ${due} is due`;
  }

  return {
    faults,
    lines: () => ({ count, badTail }),
    push(block) {
      const events = badTail > 0 ? null : fast(block);
      if (events === null) return slow(block);
      count += events.length;
      seq += events.length;
      return events;
    },
  };
}

/** One line as an event, or what is wrong with it. */
export function decodeLine(line: string): RunEvent | string {
  try {
    const value: unknown = JSON.parse(line);
    return findEventFault(value) ?? (value as RunEvent);
  } catch {
    return 'it is not JSON';
  }
}

function describe(line: number, text: string, found: RunEvent | string, schema: number): Fault {
  if (typeof found === 'string') return { line, text, unreadable: true };
  const fault = { line, text, unreadable: false };
  if (found.kind !== 'run.started' || found.schema <= schema) return fault;
  return { ...fault, newer: { schema: found.schema, version: found.version } };
}
