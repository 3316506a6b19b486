import { isSeq } from 'yaml';
import type { SiteEdit } from './edits.ts';
import { isFlow, itemsOf, nodeAt, type EditSource } from './source.ts';

interface Series {
  readonly op: 'insert' | 'remove';
  /** Entries that the list has in the text, before all edits of the series. */
  readonly length: number;
  /** The position at which the next edit of the series is: behind the last one that was put in, or before the last taken out. */
  readonly next: number;
}

/**
 * Edits of one block list that do not see each other's changes: entries put behind its last one after the other, or
 * taken out from the end towards the beginning. Hundreds of hosts are pasted and removed in one reading of the text so.
 */
export function createSeries(source: EditSource) {
  const lists = new Map<string, Series>();
  return {
    /** The edit as it is done on the text that was read, when it goes on with a series of its list. */
    goOn(edit: SiteEdit, parent: string): SiteEdit | undefined {
      const series = lists.get(parent);
      const index = Number(edit.path.at(-1));
      if (series === undefined || edit.op !== series.op) return undefined;
      if (edit.op === 'insert' ? index !== series.next : index > series.next || index < 0) return undefined;
      lists.set(parent, { ...series, next: edit.op === 'insert' ? index + 1 : index - 1 });
      return edit.op === 'insert' ? { ...edit, path: [...edit.path.slice(0, -1), series.length] } : edit;
    },
    /** The first edit of what may become a series. */
    begin(edit: SiteEdit, parent: string): void {
      if (edit.op !== 'insert' && edit.op !== 'remove') return;
      const node = nodeAt(source, edit.path.slice(0, -1));
      if (!isSeq(node) || isFlow(node)) return;
      const { length } = itemsOf(source, node);
      const index = Number(edit.path.at(-1));
      if (edit.op === 'remove') lists.set(parent, { op: 'remove', length, next: index - 1 });
      else if (index === length && length > 0) lists.set(parent, { op: 'insert', length, next: index + 1 });
    },
  };
}
