import type { Archive } from './archive.ts';
import { logLine } from './log.ts';
import { meets, type Query } from './query.ts';

/** Lines looked through before the screen gets its turn. */
const SLICE = 4000;

/** A search through the log of one stage, in slices, so that a long log never stops the screen. */
export interface LogSearch {
  /** Numbers of the events found so far, ascending. */
  readonly found: readonly number[];
  /** Looks through the next lines; false when there are none left for now. Rejects as `runs.events` does. */
  advance(): Promise<boolean>;
}

/** Searches a stage's lines from its first to its last; lines that come later are found by further calls of `advance`. */
export function createLogSearch(archive: Archive, stage: string, query: Query): LogSearch {
  const found: number[] = [];
  let next = 0;
  return {
    found,
    async advance() {
      const seqs = archive.ofStage(stage);
      const slice = seqs.slice(next, next + SLICE);
      const [first] = slice;
      const last = slice.at(-1);
      if (first === undefined || last === undefined) return false;
      next += slice.length;
      for (const event of await archive.load(first, last)) {
        const line = logLine(event, archive.titleOf);
        if (line === undefined || !('stage' in event) || event.stage !== stage) continue;
        const text = `${line.task ?? ''} ${line.text}`;
        if (meets(query, { host: line.host, status: line.status, text })) found.push(event.seq);
      }
      return next < archive.ofStage(stage).length;
    },
  };
}
