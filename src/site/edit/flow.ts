import type { Style } from './render.ts';
import type { EditSource, Item } from './source.ts';
import { beforeBreak, columnOf, commaAfter, lineEnd, lineStart, startsLine, type Splice } from './text.ts';

/** Adds an entry to a flow collection behind the entry `after`, or before the first when it is -1. */
export function addToFlow(
  { text }: EditSource,
  style: Style,
  items: readonly Item[],
  after: number,
  body: string,
): Splice[] {
  const before = items[after];
  if (before === undefined) {
    const first = items[0]?.start ?? 0;
    const between = ownLine(text, items[0]) ? `,${style.eol}${' '.repeat(columnOf(text, first))}` : ', ';
    return [{ from: first, to: first, put: `${body}${between}` }];
  }
  if (!ownLine(text, before)) return [{ from: before.end, to: before.end, put: `, ${body}` }];
  const comma = commaAfter(text, before.end);
  const at = beforeBreak(text, lineEnd(text, Math.max(before.end, comma + 1)));
  const line = `${style.eol}${' '.repeat(columnOf(text, before.start))}${body}`;
  if (comma >= 0) return [{ from: at, to: at, put: `${line},` }];
  return [
    { from: before.end, to: before.end, put: ',' },
    { from: at, to: at, put: line },
  ];
}

/** Takes an entry and its comma out of a flow collection that has others; comments inside may stay. */
export function removeFromFlow(
  { text }: EditSource,
  _style: Style,
  items: readonly Item[],
  index: number,
  keepComments: boolean,
): Splice[] {
  const item = items[index];
  if (item === undefined) return [];
  const comma = commaAfter(text, item.end);
  const end = Math.max(item.end, comma + 1);
  const previous = items[index - 1];
  const lastComma = comma < 0 && previous !== undefined ? commaAfter(text, previous.end) : -1;
  const withoutLastComma = lastComma < 0 ? [] : [{ from: lastComma, to: lastComma + 1, put: '' }];
  if (ownLine(text, item)) {
    const to = lineEnd(text, end);
    const comment = /#.*/.exec(text.slice(end, to))?.[0].trimEnd();
    if (!keepComments || comment === undefined) {
      return [...withoutLastComma, { from: lineStart(text, item.start), to, put: '' }];
    }
    return [...withoutLastComma, { from: item.start, to: end + text.slice(end, to).indexOf('#'), put: '' }];
  }
  const next = items[index + 1];
  if (next !== undefined && !text.slice(item.end, next.start).includes('#')) {
    return [{ from: item.start, to: next.start, put: '' }];
  }
  if (previous !== undefined && !text.slice(previous.end, item.end).includes('#') && comma < 0) {
    return [{ from: previous.end, to: item.end, put: '' }];
  }
  return [...withoutLastComma, { from: item.start, to: end, put: '' }];
}

/** Whether an entry stands on lines of its own, with nothing else there but its comma and a comment. */
function ownLine(text: string, item: Item | undefined): boolean {
  if (item === undefined || !startsLine(text, item.start)) return false;
  return /^[ \t]*,?[ \t]*(#.*)?$/.test(text.slice(item.end, lineEnd(text, item.end)).trimEnd());
}
