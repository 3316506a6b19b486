import type { EditSource, Item } from './source.ts';
import { beforeBreak, columnOf, lineEnd, lineStart, type Splice } from './text.ts';

interface Slot {
  readonly from: number;
  readonly to: number;
}

/** Moves a list's entry: the texts of the entries change places, what stands between them stays. */
export function move(
  { text }: EditSource,
  items: readonly Item[],
  from: number,
  to: number,
  inFlow: boolean,
): Splice[] {
  const slots = items.map((item, index) =>
    inFlow ? { from: item.start, to: item.end } : blockSlot(text, item, index),
  );
  const order = slots.map((_, index) => index);
  order.splice(to, 0, ...order.splice(from, 1));
  return slots.flatMap((slot, index) => {
    const source = slots[order[index] ?? index];
    return source === undefined || source === slot
      ? []
      : [{ ...slot, put: text.slice(source.from, source.to) }];
  });
}

/** An entry with the comments right above it, except above the first, where they may be about the whole list. */
function blockSlot(text: string, item: Item, index: number): Slot {
  const column = columnOf(text, item.start);
  let from = item.start;
  for (let line = lineStart(text, from); index > 0 && line > 0;) {
    const above = lineStart(text, line - 1);
    if (!text.slice(above, line).startsWith(`${' '.repeat(column)}#`)) break;
    [from, line] = [above + column, above];
  }
  return { from, to: beforeBreak(text, lineEnd(text, item.end)) };
}
