import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LogRecord } from '../../src/contract/logs.ts';

/**
 * Keeps what is read in its place while messages come in above it, and counts those that were not seen yet. At the top
 * of the list there is nothing to hold: there the newest is always seen.
 */
export function useHeldPlace(
  scroller: HTMLElement | null,
  records: readonly LogRecord[],
  rowHeight: number,
): number {
  const first = records[0]?.id;
  const known = useRef(first);
  // The message that was the newest when the reader left the top.
  const [left, setLeft] = useState<string | undefined>(undefined);
  useLayoutEffect(() => {
    const before = known.current;
    known.current = first;
    if (scroller === null || before === undefined || before === first || scroller.scrollTop < rowHeight)
      return;
    const added = records.findIndex(({ id }) => id === before);
    if (added > 0) scroller.scrollBy({ top: added * rowHeight, behavior: 'instant' });
  }, [scroller, first, records, rowHeight]);
  useEffect(() => {
    if (scroller === null) return undefined;
    const onScroll = (): void => {
      const atTop = scroller.scrollTop < rowHeight;
      setLeft((held) => (atTop ? undefined : (held ?? known.current)));
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      scroller.removeEventListener('scroll', onScroll);
    };
  }, [scroller, rowHeight]);
  return left === undefined
    ? 0
    : Math.max(
        0,
        records.findIndex(({ id }) => id === left),
      );
}
