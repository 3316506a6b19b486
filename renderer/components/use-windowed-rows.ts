import { useVirtualizer } from '@tanstack/react-virtual';
import type { Row, Rows } from '../state/rows.ts';

/** Below this many rows all are drawn: a page that is whole can be searched and printed by the browser. */
const DRAWN_WHOLE = 150;
const HEIGHT = { head: 41, task: 36, detail: 90 } as const;
const OVERSCAN = 12;

interface WindowedRows {
  readonly items: readonly { readonly row: Row; readonly index: number }[];
  /** Heights in px of what is above and below the rows that are drawn. */
  readonly above: number;
  readonly below: number;
  readonly measure: (element: HTMLTableRowElement | null) => void;
}

/** The rows in sight of a scrolling element, and the space of the others; all rows where there are few. */
export function useWindowedRows(rows: Rows, scroller: HTMLElement | null | undefined): WindowedRows {
  const windowed = rows.count > DRAWN_WHOLE && scroller !== undefined;
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called while drawing and kept nowhere
  const virtualizer = useVirtualizer<HTMLElement, HTMLTableRowElement>({
    count: windowed ? rows.count : 0,
    enabled: windowed,
    getScrollElement: () => scroller ?? null,
    estimateSize: (index) => HEIGHT[rows.at(index)?.kind ?? 'task'],
    overscan: OVERSCAN,
    useFlushSync: false,
  });
  if (!windowed) {
    const all = Array.from({ length: rows.count }, (_, index) => index);
    return { items: pick(rows, all), above: 0, below: 0, measure: () => undefined };
  }
  const items = virtualizer.getVirtualItems();
  return {
    items: pick(
      rows,
      items.map(({ index }) => index),
    ),
    above: items[0]?.start ?? 0,
    below: virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0),
    measure: virtualizer.measureElement,
  };
}

function pick(rows: Rows, indexes: readonly number[]): { row: Row; index: number }[] {
  return indexes.flatMap((index) => {
    const row = rows.at(index);
    return row === undefined ? [] : [{ row, index }];
  });
}
