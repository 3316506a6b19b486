import { useEffect, useMemo, useState } from 'react';
import type { Archive } from './archive.ts';
import { createLogSearch } from './log-search.ts';
import type { Query } from './query.ts';

interface LogLines {
  readonly count: number;
  /** Number of the event in a line; lines count from 0. */
  readonly seqAt: (line: number) => number;
  readonly searching: boolean;
}

/** The lines of a stage's log up to event `upTo`: all, or those that meet a search, which goes on in slices. */
export function useLogLines(
  archive: Archive,
  stage: string,
  upTo: number,
  query: Query | undefined,
): LogLines {
  const search = useMemo(
    () => (query === undefined ? undefined : createLogSearch(archive, stage, query)),
    [archive, stage, query],
  );
  const [progress, setProgress] = useState<{ readonly found: number; readonly busy: boolean }>({
    found: 0,
    busy: false,
  });
  useEffect(() => {
    if (search === undefined) return undefined;
    let open = true;
    const goOn = async (): Promise<void> => {
      const more = await search.advance();
      if (!open) return;
      setProgress({ found: search.found.length, busy: more });
      if (more) setTimeout(() => void goOn().catch(() => undefined));
    };
    // What cannot be read any more is not found; what was found stays.
    goOn().catch(() => undefined);
    return () => {
      open = false;
    };
  }, [search, upTo]);
  const seqs = search?.found ?? archive.ofStage(stage);
  return {
    count: upToIndex(seqs, upTo),
    seqAt: (line) => seqs[line] ?? 0,
    searching: search !== undefined && progress.busy,
  };
}

/** How many of ascending numbers are not beyond `last`. */
function upToIndex(seqs: readonly number[], last: number): number {
  let low = 0;
  let high = seqs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((seqs[middle] ?? Infinity) > last) high = middle;
    else low = middle + 1;
  }
  return low;
}
