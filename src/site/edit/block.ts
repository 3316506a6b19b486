import type { Style } from './render.ts';
import type { EditSource, Item } from './source.ts';
import { beforeBreak, columnOf, lineEnd, lineStart, startsLine, type Splice } from './text.ts';

/** Adds an entry to a block collection, on lines of its own behind the entry `after`, or before the first when it is -1. */
export function addToBlock(
  { text }: EditSource,
  style: Style,
  items: readonly Item[],
  after: number,
  body: string,
): Splice[] {
  const first = items[0]?.start ?? 0;
  const indent = ' '.repeat(columnOf(text, first));
  const before = items[after];
  if (before !== undefined) {
    const at = lineEnd(text, before.end);
    const open = at === text.length && !text.endsWith('\n');
    return [
      { from: at, to: at, put: open ? `${style.eol}${indent}${body}` : `${indent}${body}${style.eol}` },
    ];
  }
  if (!startsLine(text, first)) return [{ from: first, to: first, put: `${body}${style.eol}${indent}` }];
  const at = lineStart(text, first);
  return [{ from: at, to: at, put: `${indent}${body}${style.eol}` }];
}

/** Takes an entry's lines out of a block collection that has others; comments inside may stay as lines of their own. */
export function removeFromBlock(
  { text }: EditSource,
  style: Style,
  items: readonly Item[],
  index: number,
  keepComments: boolean,
): Splice[] {
  const item = items[index];
  if (item === undefined) return [];
  const to = lineEnd(text, item.end);
  const indent = ' '.repeat(columnOf(text, item.start));
  const kept = keepComments ? commentsIn(text, item, to) : [];
  if (startsLine(text, item.start)) {
    const put = kept.map((comment) => `${indent}${comment}${style.eol}`).join('');
    const from = lineStart(text, item.start);
    if (to < text.length || text.endsWith('\n')) return [{ from, to, put }];
    return [
      {
        from: beforeBreak(text, from),
        to,
        put: kept.map((comment) => `${style.eol}${indent}${comment}`).join(''),
      },
    ];
  }
  // The first field of an object that begins behind its dash: the next one takes its place there.
  const next = items[index + 1]?.start ?? to;
  if (kept.length === 0 && text.slice(to, next).trim() === '')
    return [{ from: item.start, to: next, put: '' }];
  const behindDash = item.start - (/[ ]*$/.exec(text.slice(0, item.start))?.[0].length ?? 0);
  const put = kept
    .map((comment, line) => (line === 0 ? ` ${comment}` : `${style.eol}${indent}${comment}`))
    .join('');
  return [{ from: behindDash, to: beforeBreak(text, to), put }];
}

/** Comments of an entry, on its own lines or behind its text, in their order. */
function commentsIn(text: string, item: Item, to: number): string[] {
  const inside = text.slice(item.start, to).split(/\r?\n/);
  const isText = item.node?.srcToken?.type === 'block-scalar';
  const lines = isText ? inside.slice(0, 1) : inside;
  return lines.flatMap(
    (line) => /^(?:[^"'#]|"(?:[^"\\]|\\.)*"|'[^']*'|(?<=\S)#)*?(?:^|\s)(#.*)$/.exec(line)?.[1] ?? [],
  );
}
