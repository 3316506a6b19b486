import type { RunEvent } from '../../src/contract/events.ts';
import { notAJournal, parseLine } from './journal-lines.ts';

/** Bytes read and parsed at once: some thousand events, some milliseconds. */
const CHUNK = 1024 * 1024;
/** The same where nobody waits for the thread: each part of a file costs a turn through the browser. */
export const LARGE_CHUNK = 4 * CHUNK;
const NEWLINE = 10;
const COMMA = 44;

/** Where a piece of the file begins, and which events are in it. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

/** A journal that is read piece by piece: it may be larger than what one wants in memory. */
export interface JournalFile {
  /** The next events behind number `seq`, read from the file as far as needed; undefined at its end. */
  after(seq: number): Promise<readonly RunEvent[] | undefined>;
  /** Events of pieces that were read before. */
  range(from: number, to: number): Promise<readonly RunEvent[]>;
  /** Lines that could not be read and are left out. */
  readonly unreadable: number;
  /** How much of the file was read. */
  readonly bytesRead: number;
}

/** Reads the JSON lines of a journal. `after` throws JOURNAL_UNREADABLE where the beginning is not that of a run. */
export function createJournalFile(file: Blob, chunk: number = CHUNK): JournalFile {
  const pieces: Piece[] = [];
  let offset = 0;
  let line = 0;
  let last = 0;
  let unreadable = 0;
  let kept: { readonly piece: Piece; readonly events: readonly RunEvent[] } | undefined;
  let reading: Promise<boolean> = Promise.resolve(true);
  let ahead: { readonly from: number; readonly lines: ReturnType<typeof readLines> } | undefined;

  /** The lines from `offset` on; those after them are fetched while these are parsed. */
  async function nextLines(): Promise<Lines> {
    const found = await (ahead?.from === offset ? ahead.lines : readLines(file, offset, chunk));
    ahead = found.end < file.size ? { from: found.end, lines: readLines(file, found.end, chunk) } : undefined;
    // Whoever asks for them is told; until then a failure is nobody's.
    ahead?.lines.catch(() => undefined);
    return found;
  }

  /** Reads one piece more; false at the end of the file. */
  async function readOn(): Promise<boolean> {
    if (offset >= file.size) {
      if (last === 0) throw notAJournal(1);
      return false;
    }
    const { bytes, end } = await nextLines();
    const { events, bad, lines } = parseLines(bytes);
    const first = events[0];
    if (last === 0 && (first?.kind !== 'run.started' || bad[0] === 0)) throw notAJournal(line + 1);
    // The torn end of a journal that was being written is no damage.
    unreadable += end >= file.size && bad.at(-1) === lines - 1 ? bad.length - 1 : bad.length;
    const fresh = behind(events, last);
    last = fresh.at(-1)?.seq ?? last;
    if (fresh[0] !== undefined) {
      const piece = { start: offset, end, first: fresh[0].seq, last };
      pieces.push(piece);
      kept = { piece, events: fresh };
    }
    line += lines;
    offset = end;
    return true;
  }

  async function eventsOf(piece: Piece): Promise<readonly RunEvent[]> {
    if (kept?.piece === piece) return kept.events;
    const part = await file.slice(piece.start, piece.end).arrayBuffer();
    const { events } = parseLines(new Uint8Array(part));
    kept = { piece, events };
    return events;
  }

  return {
    async after(seq) {
      // Two readers at once share what is read: one reads, the other waits for it.
      while (last <= seq) if (!(await (reading = reading.then(readOn)))) return undefined;
      const piece = pieces.find((entry) => entry.last > seq);
      return piece === undefined ? undefined : behind(await eventsOf(piece), seq);
    },
    async range(from, to) {
      const found: RunEvent[] = [];
      for (const piece of pieces) {
        if (piece.last < from || piece.first > to) continue;
        for (const event of await eventsOf(piece))
          if (event.seq >= from && event.seq <= to) found.push(event);
      }
      return found;
    },
    get unreadable() {
      return unreadable;
    },
    get bytesRead() {
      return offset;
    },
  };
}

/** The bytes of whole lines, and where in the file they end. */
interface Lines {
  readonly bytes: Uint8Array;
  readonly end: number;
}

/** Whole lines from `start` on: one chunk, or as many as the longest line needs. */
async function readLines(file: Blob, start: number, chunk: number): Promise<Lines> {
  for (let size = chunk; ; size *= 2) {
    const end = Math.min(file.size, start + size);
    const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
    const cut = end === file.size ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    if (cut > 0) return { bytes: bytes.subarray(0, cut), end: start + cut };
  }
}

/** Events of lines, the indexes of those that hold none, and how many lines there are. The bytes stay as they are. */
function parseLines(bytes: Uint8Array): { events: readonly RunEvent[]; bad: number[]; lines: number } {
  const decoder = new TextDecoder();
  const breaks = innerBreaks(bytes);
  try {
    // One call for all lines is several times as fast as one for each, and bytes are changed faster than a text.
    for (const at of breaks) bytes[at] = COMMA;
    const events = JSON.parse(`[${decoder.decode(bytes)}]`) as RunEvent[];
    if (inOrder(events)) return { events, bad: [], lines: events.length };
  } catch {
    // Read line by line below, to name the one that is broken.
  } finally {
    for (const at of breaks) bytes[at] = NEWLINE;
  }
  const lines = decoder.decode(bytes).split('\n');
  const events: RunEvent[] = [];
  const bad: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const event = parseLine(line);
    if (event === null) bad.push(index);
    else events.push(event);
  }
  return { events, bad, lines: lines.length };
}

/** Where lines end, but for the last one. */
function innerBreaks(bytes: Uint8Array): number[] {
  const breaks: number[] = [];
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) breaks.push(at);
  if (breaks.at(-1) === bytes.length - 1) breaks.pop();
  return breaks;
}

/** Those of ascending events that come after a number: mostly all of them. */
function behind(events: readonly RunEvent[], seq: number): readonly RunEvent[] {
  return (events[0]?.seq ?? 0) > seq ? events : events.filter((event) => event.seq > seq);
}

/** True where the values are events, each with a higher number than the one before it. */
function inOrder(values: readonly Partial<RunEvent>[]): values is readonly RunEvent[] {
  let last = 0;
  for (const { seq = 0, kind = '' } of values) {
    if (seq <= last || kind.length === 0) return false;
    last = seq;
  }
  return true;
}
