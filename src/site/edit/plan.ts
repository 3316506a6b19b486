import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Path } from '../finding.ts';
import { addToBlock, removeFromBlock } from './block.ts';
import type { SiteEdit } from './edits.ts';
import { addToFlow, removeFromFlow } from './flow.ts';
import { move } from './move.ts';
import { renderField, renderInline, renderKey, renderValue, type Style } from './render.ts';
import { replaceValue } from './replace.ts';
import {
  isFlow,
  itemsOf,
  nodeAt,
  refuseAnchors,
  refuseShared,
  type EditSource,
  type Item,
} from './source.ts';
import { columnOf, type Splice } from './text.ts';

/** How many neighbours are looked at for the style of a new field. */
const NEIGHBOURS = 20;

/**
 * The pieces of text that an edit replaces; the edit's path must be right for the text. Throws BringupError when it
 * cannot be done without touching more.
 */
export function planEdit(source: EditSource, style: Style, edit: SiteEdit): Splice[] {
  const target = edit.op === 'set' ? withParents(source, edit) : edit;
  const path = target.path.slice(0, -1);
  const last = target.path.at(-1) ?? '';
  const parent = nodeAt(source, path);
  refuseShared(source, parent, path);
  const items = itemsOf(source, parent);
  const index = isMap(parent)
    ? items.findIndex(({ key }) => isScalar(key) && key.value === String(last))
    : Number(last);
  const item = items[index];
  const inFlow = isFlow(parent);
  const model = () => neighbour(source, parent, path, last);
  switch (target.op) {
    case 'set': {
      if (item === undefined) {
        const after = items.findIndex(({ key }) => isScalar(key) && key.value === target.after);
        return add(
          source,
          style,
          { parent, path, items, after: after < 0 ? items.length - 1 : after },
          target.value,
          {
            name: String(last),
            model: model(),
          },
        );
      }
      refuseAnchors(source, item.node, target.path);
      return replaceValue(
        source,
        style,
        item,
        target.value,
        inFlow,
        sameKind(item.node, target.value) ?? model(),
      );
    }
    case 'insert':
      return add(source, style, { parent, path, items, after: index - 1 }, target.value, { model: model() });
    case 'remove': {
      if (item === undefined) return [];
      refuseAnchors(source, item.node, target.path);
      if (items.length === 1) return replaceWhole(source, style, parent, path, isSeq(parent) ? [] : {});
      const remove = inFlow ? removeFromFlow : removeFromBlock;
      return remove(source, style, items, index, target.keepComments === true);
    }
    case 'move':
      return move(source, items, index, target.to, inFlow);
    case 'rename':
      return item?.key === undefined ? [] : [renamed(source, style, item.key, target.name)];
  }
}

interface Gap {
  readonly parent: Node | null | undefined;
  readonly path: Path;
  readonly items: readonly Item[];
  readonly after: number;
}

function add(
  source: EditSource,
  style: Style,
  { parent, path, items, after }: Gap,
  value: unknown,
  { name, model }: { name?: string; model: Node | undefined },
): Splice[] {
  const first = items[0];
  if (first === undefined) {
    return replaceWhole(source, style, parent, path, name === undefined ? [value] : { [name]: value });
  }
  if (isFlow(parent)) {
    const inline = renderInline(value, style, model);
    const body = name === undefined ? inline : `${renderKey(name, style)}: ${inline}`;
    return addToFlow(source, style, items, after, body);
  }
  const column = columnOf(source.text, first.start);
  const body =
    name === undefined
      ? `- ${renderValue(value, column + 2, style, model)}`
      : renderField(name, value, column, style, model);
  return addToBlock(source, style, items, after, body);
}

/** Replaces a collection that is empty or becomes empty: as the value of its own field, or as the whole document. */
function replaceWhole(
  source: EditSource,
  style: Style,
  node: Node | null | undefined,
  path: Path,
  value: object,
): Splice[] {
  if (path.length === 0) {
    const items = itemsOf(source, node);
    const from = isFlow(node) ? (node?.range?.[0] ?? 0) : (items[0]?.start ?? node?.range?.[0] ?? 0);
    const to = isFlow(node) ? (node?.range?.[1] ?? from) : (items.at(-1)?.end ?? from);
    return [{ from, to, put: renderValue(value, 0, style) }];
  }
  const around = nodeAt(source, path.slice(0, -1));
  const last = path.at(-1);
  const item = itemsOf(source, around).find((one, index) =>
    isMap(around) ? isScalar(one.key) && one.key.value === String(last) : index === Number(last),
  );
  return item === undefined ? [] : replaceValue(source, style, item, value, isFlow(around), undefined);
}

/** A field whose parents are missing is set together with them. */
function withParents(source: EditSource, edit: SiteEdit & { op: 'set' }): SiteEdit & { op: 'set' } {
  const parent = edit.path.length > 1 ? nodeAt(source, edit.path.slice(0, -1)) : source.document.contents;
  const missing = parent === undefined || parent === null || (isScalar(parent) && parent.value === null);
  if (!missing) return edit;
  const value = { [String(edit.path.at(-1))]: edit.value };
  return withParents(source, { op: 'set', path: edit.path.slice(0, -1), value });
}

function sameKind(node: Node | null, value: unknown): Node | undefined {
  if (node === null) return undefined;
  const matches = Array.isArray(value)
    ? isSeq(node)
    : typeof value === 'object' && value !== null
      ? isMap(node)
      : isScalar(node);
  return matches ? node : undefined;
}

/** The value whose style a new one takes: the entry before it in a list, or the field of that name in a neighbour. */
function neighbour(
  source: EditSource,
  parent: Node | null | undefined,
  path: Path,
  step: string | number,
): Node | undefined {
  if (isSeq(parent))
    return (parent.items[Number(step) - 1] ?? parent.items[Number(step)] ?? undefined) as Node | undefined;
  const list = typeof path.at(-1) === 'number' ? nodeAt(source, path.slice(0, -1)) : undefined;
  if (!isSeq(list)) return undefined;
  const at = Number(path.at(-1));
  for (const one of list.items.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS)) {
    const pair = isMap(one)
      ? one.items.find(({ key }) => isScalar(key) && key.value === String(step))
      : undefined;
    if (pair?.value !== undefined && pair.value !== null) return pair.value as Node;
  }
  return undefined;
}

function renamed({ text }: EditSource, style: Style, key: Node, name: string): Splice {
  const [from, to] = [key.range?.[0] ?? 0, key.range?.[1] ?? 0];
  const quote = text.charAt(from);
  const put =
    quote === '"'
      ? JSON.stringify(name)
      : quote === "'"
        ? `'${name.replaceAll("'", "''")}'`
        : renderKey(name, style);
  return { from, to, put };
}
