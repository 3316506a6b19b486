import type { RunEvent } from '../../src/contract/events.ts';
import { notAJournal, parseLine } from './journal-lines.ts';

/** Bytes read and parsed at once: some thousand events, a few milliseconds. */
const CHUNK = 1024 * 1024;
const NEWLINE = 10;

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
}

/** Reads the JSON lines of a journal. `after` throws JOURNAL_UNREADABLE where the beginning is not that of a run. */
export function createJournalFile(file: Blob): JournalFile {
  const pieces: Piece[] = [];
  let offset = 0;
  let line = 0;
  let last = 0;
  let unreadable = 0;
  let kept: { readonly piece: Piece; readonly events: readonly RunEvent[] } | undefined;
  let reading: Promise<boolean> = Promise.resolve(true);
  let ahead: { readonly from: number; readonly lines: ReturnType<typeof readLines> } | undefined;

  /** The lines from `offset` on; those after them are fetched while these are parsed. */
  async function nextLines(): Promise<{ text: string; end: number }> {
    const found = await (ahead?.from === offset ? ahead.lines : readLines(file, offset));
    ahead = found.end < file.size ? { from: found.end, lines: readLines(file, found.end) } : undefined;
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
    const { text, end } = await nextLines();
    const { events, bad, lines } = parseLines(text);
    const first = events[0];
    if (last === 0 && (first?.kind !== 'run.started' || bad[0] === 0)) throw notAJournal(line + 1);
    // The torn end of a journal that was being written is no damage.
    unreadable += end >= file.size && bad.at(-1) === lines - 1 ? bad.length - 1 : bad.length;
    const fresh = events.filter((event) => event.seq > last);
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
    const { events } = parseLines(await file.slice(piece.start, piece.end).text());
    kept = { piece, events };
    return events;
  }

  return {
    async after(seq) {
      // Two readers at once share what is read: one reads, the other waits for it.
      while (last <= seq) if (!(await (reading = reading.then(readOn)))) return undefined;
      const piece = pieces.find((entry) => entry.last > seq);
      return piece === undefined ? undefined : (await eventsOf(piece)).filter((event) => event.seq > seq);
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
  };
}

/** Whole lines from `start` on: one chunk, or as many as the longest line needs. */
async function readLines(file: Blob, start: number): Promise<{ text: string; end: number }> {
  for (let size = CHUNK; ; size *= 2) {
    const end = Math.min(file.size, start + size);
    const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
    const cut = end === file.size ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    if (cut > 0) return { text: new TextDecoder().decode(bytes.subarray(0, cut)), end: start + cut };
  }
}

/** Events of the lines of a text, the indexes of those that hold none, and how many lines there are. */
function parseLines(text: string): { events: readonly RunEvent[]; bad: number[]; lines: number } {
  try {
    // One call for all lines is several times as fast as one for each.
    const events = JSON.parse(`[${text.trimEnd().replaceAll('\n', ',')}]`) as RunEvent[];
    if (inOrder(events)) return { events, bad: [], lines: events.length };
  } catch {
    // Read line by line below, to name the one that is broken.
  }
  const lines = text.split('\n');
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

/** True where the values are events, each with a higher number than the one before it. */
function inOrder(values: readonly Partial<RunEvent>[]): values is readonly RunEvent[] {
  let last = 0;
  for (const { seq = 0, kind = '' } of values) {
    if (seq <= last || kind.length === 0) return false;
    last = seq;
  }
  return true;
}
