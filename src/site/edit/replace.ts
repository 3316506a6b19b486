import { isCollection, isSeq, type Node } from 'yaml';
import { renderInline, renderValue, wantsBlock, type Style } from './render.ts';
import { isFlow, type EditSource, type Item } from './source.ts';
import { beforeBreak, columnOf, lineEnd, type Splice } from './text.ts';

/** Replaces the value of an entry. Its comment stays, on the line of the field's name where the value becomes a block. */
export function replaceValue(
  { text }: EditSource,
  style: Style,
  item: Item,
  value: unknown,
  inFlow: boolean,
  model: Node | null | undefined,
): Splice[] {
  const to = beforeBreak(text, item.end);
  const wasBlock = isCollection(item.node) && !isFlow(item.node);
  const empty = item.end === item.from;
  if (inFlow || !wantsBlock(value, model)) {
    const inline = renderInline(value, style, model);
    if (wasBlock) return [{ from: item.gap, to, put: ` ${inline}${commentBehind(text, item.gap)}` }];
    return [{ from: item.from, to, put: empty ? ` ${inline}` : inline }];
  }
  if (item.key === undefined || (wasBlock && isSeq(item.node) === Array.isArray(value))) {
    const column = empty ? columnOf(text, item.start) + 2 : columnOf(text, item.from);
    const block = renderValue(value, column, style, model);
    return [{ from: item.from, to, put: empty ? ` ${block}` : block }];
  }
  const column = columnOf(text, item.start) + (Array.isArray(value) ? style.listStep : style.step);
  const below = `${style.eol}${' '.repeat(column)}${renderValue(value, column, style, model)}`;
  if (wasBlock) return [{ from: item.gap, to, put: `${commentBehind(text, item.gap)}${below}` }];
  const end = Math.max(to, beforeBreak(text, lineEnd(text, to)));
  return [
    { from: item.gap, to, put: '' },
    { from: end, to: end, put: below },
  ];
}

/** The comment between a field's name and the block below it. */
function commentBehind(text: string, offset: number): string {
  const comment = /^[ \t]+(#[^\r\n]*)/.exec(text.slice(offset, offset + 2000))?.[1];
  return comment === undefined ? '' : ` ${comment}`;
}
