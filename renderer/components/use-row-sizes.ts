import { useCallback, useEffect, useRef, useState, type RefCallback } from 'react';
import type { Rows } from '../state/rows.ts';

/** The height of a task whose title fits on its line, in px at the usual size of text. */
const TASK_HEIGHT = 36;
/** Heights that are remembered; those of rows seen longest ago are thought to be usual again. */
const MOST = 500;

interface Sizes {
  /** Height of most tasks. */
  readonly usual: number;
  /** Heights by row key, of rows that have another one. */
  readonly sizes: ReadonlyMap<string, number>;
}

/**
 * Heights of the rows that were drawn. They are read when the browser has laid the page out anyhow: asking for them earlier
 * would make it do so twice.
 */
export function useRowSizes(rows: Rows): Sizes & { readonly measure: RefCallback<HTMLTableRowElement> } {
  const [known, setKnown] = useState<Sizes>({ usual: TASK_HEIGHT, sizes: new Map() });
  const current = useRef(rows);
  useEffect(() => {
    current.current = rows;
  });
  const observer = useRef<ResizeObserver | undefined>(undefined);
  const measure = useCallback((row: HTMLTableRowElement | null) => {
    if (row === null) return undefined;
    observer.current ??= new ResizeObserver((entries) => {
      setKnown((before) => withSizes(before, entries, current.current));
    });
    observer.current.observe(row);
    return () => observer.current?.unobserve(row);
  }, []);
  return { ...known, measure };
}

function withSizes(before: Sizes, entries: readonly ResizeObserverEntry[], rows: Rows): Sizes {
  const seen = entries.flatMap(({ target, borderBoxSize }) => {
    const row = rows.at(Number((target as HTMLElement).dataset['index']));
    const height = borderBoxSize[0]?.blockSize ?? 0;
    return row === undefined || height === 0 ? [] : [{ key: row.key, kind: row.kind, height }];
  });
  const tasks = seen.filter(({ kind }) => kind === 'task').map(({ height }) => height);
  // Where text is larger than usual, so is every row; titles that need a second line are the exception.
  const learnt = tasks.length > 1 ? Math.min(...tasks) : before.usual;
  const usual = before.sizes.size === 0 || learnt < before.usual ? learnt : before.usual;
  const sizes = new Map(before.sizes);
  let changed = usual !== before.usual;
  for (const { key, kind, height } of seen) {
    const other = kind !== 'task' || Math.abs(height - usual) > 0.5;
    if (other ? sizes.get(key) === height : !sizes.has(key)) continue;
    changed = true;
    sizes.delete(key);
    if (other) sizes.set(key, height);
  }
  for (const key of sizes.keys()) {
    if (sizes.size <= MOST) break;
    sizes.delete(key);
  }
  return changed ? { usual, sizes } : before;
}
