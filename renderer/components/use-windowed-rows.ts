import type { RefCallback } from 'react';
import { layHeights } from '../state/heights.ts';
import type { Row, Rows } from '../state/rows.ts';
import { useRowSizes } from './use-row-sizes.ts';
import { useScrolled } from './use-scrolled.ts';

/** Below this many rows all are drawn: a page that is whole can be searched and printed by the browser. */
const DRAWN_WHOLE = 150;
/** Rows drawn beyond each end of what is in sight, in px. */
const BEYOND = 260;
const HEIGHT = { head: 41, detail: 90 } as const;

interface WindowedRows {
  readonly items: readonly { readonly row: Row; readonly index: number }[];
  /** Heights in px of what is above and below the rows that are drawn. */
  readonly above: number;
  readonly below: number;
  readonly measure: RefCallback<HTMLTableRowElement>;
}

/** The rows in sight of a scrolling element, and the space of the others; all rows where there are few. */
export function useWindowedRows(rows: Rows, scroller: HTMLElement | null | undefined): WindowedRows {
  const windowed = rows.count > DRAWN_WHOLE && scroller !== undefined;
  const { top, height } = useScrolled(windowed ? scroller : undefined);
  const { usual, sizes, measure } = useRowSizes(rows);
  if (!windowed) return { items: pick(rows, 0, rows.count), above: 0, below: 0, measure: nothing };
  const others = new Map<number, number>(rows.special.map(({ index, kind }) => [index, HEIGHT[kind]]));
  for (const [key, size] of sizes) others.set(rows.indexOf(key), size);
  const heights = layHeights(
    rows.count,
    usual,
    [...others].map(([index, size]) => ({ index, height: size })),
  );
  const from = heights.indexAt(top - BEYOND);
  const to = Math.min(rows.count, heights.indexAt(top + height + BEYOND) + 1);
  return {
    items: pick(rows, from, to),
    above: heights.topOf(from),
    below: heights.total - heights.topOf(to),
    measure,
  };
}

function nothing(): void {
  return undefined;
}

function pick(rows: Rows, from: number, to: number): { row: Row; index: number }[] {
  const items: { row: Row; index: number }[] = [];
  for (let index = from; index < to; index += 1) {
    const row = rows.at(index);
    if (row !== undefined) items.push({ row, index });
  }
  return items;
}
