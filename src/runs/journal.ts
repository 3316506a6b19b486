import { BringupError, EXIT } from '../contract/errors.ts';
import { JOURNAL_SCHEMA, type RunEvent } from '../contract/events.ts';
import { createJournalDecoder, type JournalDecoder } from './decode-journal.ts';
import { EMPTY_RUN, reduceRun, type RunState } from './state.ts';

/** Writes an event as one journal line, without its line end. */
export function encodeEvent(event: RunEvent): string {
  return JSON.stringify(event);
}

/** Whole lines of a journal, one or many (joined by line ends) at a time. */
export type JournalLines = Iterable<string> | AsyncIterable<string>;

export interface ReadOptions {
  /** Read what can be read of a damaged journal, and say so, instead of refusing it. */
  readonly damaged?: 'refuse' | 'read';
}

/** A journal as read; `notice` says what was left out: a torn last line, or (where asked for) damaged lines. */
export interface JournalContent {
  readonly events: readonly RunEvent[];
  readonly notice?: string;
}

/**
 * Reads a journal. A last line that was torn when the machine went down is left out with a notice; anything wrong
 * before it, and any gap in the numbering, throws JOURNAL_DAMAGED naming the line. A journal of a newer Bringup throws
 * JOURNAL_NEWER.
 */
export async function readJournal(
  lines: JournalLines,
  name: string,
  options: ReadOptions = {},
): Promise<JournalContent> {
  const all: RunEvent[] = [];
  let notice: string | undefined;
  for await (const events of readBatches(lines, name, { ...options, onNotice: (text) => (notice = text) })) {
    for (const event of events) all.push(event);
  }
  return { events: all, ...(notice === undefined ? {} : { notice }) };
}

/** The state a journal tells, folded while it is read: the events are not kept. Throws as readJournal does. */
export async function foldJournal(
  lines: JournalLines,
  name: string,
  options: ReadOptions = {},
): Promise<{ readonly state: RunState; readonly notice?: string }> {
  let state = EMPTY_RUN;
  let notice: string | undefined;
  for await (const events of readBatches(lines, name, { ...options, onNotice: (text) => (notice = text) })) {
    state = reduceRun(state, events);
  }
  return { state, ...(notice === undefined ? {} : { notice }) };
}

/** The events of a journal in batches, so that a large one need not be held. Throws as readJournal does. */
export async function* readBatches(
  lines: JournalLines,
  name: string,
  { damaged = 'refuse', onNotice }: ReadOptions & { onNotice?(notice: string): void },
): AsyncGenerator<readonly RunEvent[]> {
  const decoder = createJournalDecoder(JOURNAL_SCHEMA);
  let read = 0;
  let last: RunEvent | undefined;
  for await (const block of lines) {
    const events = decoder.push(block);
    read += events.length;
    last = events.at(-1) ?? last;
    const newer = decoder.faults.find((fault) => fault.newer !== undefined)?.newer;
    if (newer !== undefined) throw newerJournal(name, newer);
    if (events.length > 0) yield events;
  }
  const { count, badTail } = decoder.lines();
  const [first] = decoder.faults;
  if (first === undefined) return;
  if (badTail === 1 && first.line === count && first.unreadable) {
    return onNotice?.(`The last line (${count}) of journal ${name} was torn and is left out.`);
  }
  if (damaged === 'refuse') throw damagedJournal(name, { decoder, read, last });
  const bad = count - read;
  const lost = ['Events are missing there', 'It is left out'][bad] ?? `${bad} lines are left out`;
  onNotice?.(
    `Line ${first.line} of journal ${name} is damaged: ${first.text}. ${lost}, so what follows may miss something.`,
  );
}

interface PartlyRead {
  readonly decoder: JournalDecoder;
  readonly read: number;
  readonly last: RunEvent | undefined;
}

function damagedJournal(name: string, { decoder, read, last }: PartlyRead): BringupError {
  const [first] = decoder.faults;
  const { count } = decoder.lines();
  const until =
    last === undefined ? 'No event can be read.' : `The last event that can be read is of ${last.at}.`;
  return new BringupError({
    code: 'JOURNAL_DAMAGED',
    message: `Line ${first?.line ?? 0} of journal ${name} is damaged: ${first?.text ?? ''}.`,
    hint: 'The journal was changed or the disk is failing. Keep the file; apply again to start a new run. What can be read is shown by: bringup show, bringup logs.',
    evidence: [
      { source: name, text: `${read} of ${count} lines can be read. ${until}` },
      ...decoder.faults.slice(0, 5).map(({ line, text }) => ({ source: `${name}:${line}`, text })),
    ],
  });
}

function newerJournal(name: string, newer: { schema: number; version: string }): BringupError {
  return new BringupError({
    code: 'JOURNAL_NEWER',
    exit: EXIT.invalid,
    message: `Journal ${name} was written by Bringup ${newer.version} in format ${newer.schema}; this Bringup reads up to ${JOURNAL_SCHEMA}.`,
    hint: `Open it with Bringup ${newer.version} or later.`,
  });
}
