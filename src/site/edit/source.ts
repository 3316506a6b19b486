import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  visit,
  type CST,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { BringupError, EXIT } from '../../contract/errors.ts';
import { spoken, type Path } from '../finding.ts';
import { readYaml } from '../yaml.ts';
import { lineOf } from './text.ts';

/** One entry of a collection: a field with its name or a list's entry. */
export interface Item {
  readonly node: Node | null;
  readonly key?: Node;
  /** Where the entry begins: its dash in a block list, its name in a map, the value in a flow list. */
  readonly start: number;
  /** Behind the colon or dash, where the value may begin; in a flow list the value's start. */
  readonly gap: number;
  /** Where the value's own text begins, tag included and anchor not. */
  readonly from: number;
  /** Behind the value's text, without spaces, comments and line break; a block scalar includes its line breaks. */
  readonly end: number;
}

/** The text and its composed document, and what edits need to find their way. */
export interface EditSource {
  readonly text: string;
  readonly document: Document.Parsed;
  /** Names of anchors that some alias repeats. */
  readonly repeated: ReadonlyMap<string, number>;
}

/** Composes a text for editing. Throws BringupError SITE_EDIT_UNREADABLE with the line when it is not valid YAML. */
export function openSource(text: string): EditSource {
  const { document, faults } = readYaml(text, { keepSourceTokens: true });
  const fault = faults[0];
  if (document === undefined) {
    throw new BringupError({
      code: 'SITE_EDIT_UNREADABLE',
      exit: EXIT.invalid,
      message: `The site file cannot be edited: line ${lineOf(text, fault?.offset ?? 0)}: ${fault?.message ?? ''}`,
      hint: fault?.hint ?? 'Correct the line by hand first.',
    });
  }
  const repeated = new Map<string, number>();
  if (text.includes('*'))
    visit(document, { Alias: (_, alias) => void repeated.set(alias.source, alias.range?.[0] ?? 0) });
  return { text, document, repeated };
}

/** The node at a path. Throws SITE_EDIT_ALIAS inside an alias, SITE_EDIT_ANCHOR inside what an alias repeats. */
export function nodeAt(source: EditSource, path: Path): Node | null | undefined {
  let node: Node | null | undefined = source.document.contents;
  for (const [depth, step] of path.entries()) {
    refuseShared(source, node, path.slice(0, depth));
    node = isSeq(node)
      ? (node.items[Number(step)] as Node | undefined)
      : isMap(node)
        ? (pairOf(node.items, step)?.value as Node | null | undefined)
        : undefined;
    if (node === undefined || node === null) return node;
  }
  return node;
}

/** Throws when a change inside the node would change another place as well. */
export function refuseShared(source: EditSource, node: Node | null | undefined, path: Path): void {
  if (isAlias(node)) {
    throw refused(
      'SITE_EDIT_ALIAS',
      source,
      node,
      `${spoken(path)} is the alias *${node.source}, whose value stands elsewhere`,
    );
  }
  const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined;
  const alias = anchor === undefined ? undefined : source.repeated.get(anchor);
  if (anchor === undefined || alias === undefined) return;
  const where = `*${anchor} on line ${lineOf(source.text, alias)}`;
  throw refused(
    'SITE_EDIT_ANCHOR',
    source,
    node,
    `${spoken(path)} is repeated by ${where}, so the edit would change both`,
  );
}

/** Throws when the node holds an anchor that is repeated somewhere, for edits that take the whole node away. */
export function refuseAnchors(source: EditSource, node: Node | null | undefined, path: Path): void {
  if (source.repeated.size === 0 || node === null || node === undefined || isAlias(node)) return;
  visit(node, { Value: (_, inner) => refuseShared(source, isAlias(inner) ? null : inner, path) });
}

/** An edit that cannot be done without changing more than it says, with its line and what to do. */
export function refused(
  code: string,
  { text }: EditSource,
  node: Node | null | undefined,
  why: string,
): BringupError {
  return new BringupError({
    code,
    exit: EXIT.invalid,
    message: `Line ${lineOf(text, node?.range?.[0] ?? 0)} cannot be edited from here: ${why}.`,
    hint: 'Write the value out there by hand, without & and *, then try again.',
  });
}

function pairOf(items: readonly Pair[], step: string | number): Pair | undefined {
  return items.find(({ key }) => isScalar(key) && key.value === String(step));
}

/** The entries of a collection with their places in the text. Throws SITE_EDIT_SHAPE for forms that are left alone. */
export function itemsOf(source: EditSource, node: Node | null | undefined): Item[] {
  if (isSeq(node)) {
    const tokens = tokensOf(source, node);
    return node.items.map((value, index) => item(source, value as Node, tokens[index]));
  }
  if (!isMap(node)) return [];
  return node.items.map((pair) => item(source, pair.value as Node | null, pair.srcToken, pair.key as Node));
}

function tokensOf(source: EditSource, node: Node): CST.CollectionItem[] {
  const token = node.srcToken;
  if (token === undefined || !('items' in token)) throw unusual(source, node);
  return token.items as CST.CollectionItem[];
}

function item(
  source: EditSource,
  node: Node | null,
  token: CST.CollectionItem | undefined,
  key?: Node,
): Item {
  const lead = significant(token?.start ?? []);
  const indicators = key === undefined ? lead : significant(token?.sep ?? []);
  const [dash] = lead.filter(({ type }) => type === 'seq-item-ind');
  const odd = (key === undefined ? [] : lead).some(({ type }) => type !== 'comma');
  const mark = indicators.find(({ type }) => type === 'seq-item-ind' || type === 'map-value-ind');
  const value = token?.value;
  const offset = value === undefined || value === null ? undefined : value.offset;
  if (odd || (key !== undefined && mark === undefined)) throw unusual(source, key ?? node);
  const gap = mark === undefined ? (offset ?? node?.range?.[0] ?? 0) : mark.offset + mark.source.length;
  const props = indicators.filter(({ type }) => type === 'tag' || type === 'anchor');
  const last = props.at(-1);
  const from =
    props.find(({ type }) => type === 'tag')?.offset ?? offset ?? (last === undefined ? gap : endOf(last));
  const start = key?.range?.[0] ?? dash?.offset ?? props[0]?.offset ?? gap;
  const end = contentEnd(source, node) ?? (last === undefined ? gap : endOf(last));
  return { node, start, gap, from, end: Math.max(end, from), ...(key === undefined ? {} : { key }) };
}

function significant(tokens: readonly CST.SourceToken[]): CST.SourceToken[] {
  return tokens.filter(({ type }) => type !== 'space' && type !== 'newline' && type !== 'comment');
}

function endOf(token: CST.SourceToken): number {
  return token.offset + token.source.length;
}

/** Behind the node's last character that is not a comment; undefined for a value that is not there. */
export function contentEnd(source: EditSource, node: Node | null): number | undefined {
  if (node?.srcToken === undefined) return undefined;
  if (!isCollection(node) || isFlow(node)) return node.range?.[1];
  return itemsOf(source, node).at(-1)?.end;
}

/** Whether a collection is written with brackets. */
export function isFlow(node: Node | null | undefined): boolean {
  return isCollection(node) && node.srcToken?.type === 'flow-collection';
}

function unusual(source: EditSource, node: Node | null | undefined): BringupError {
  return refused(
    'SITE_EDIT_SHAPE',
    source,
    node,
    'it is written in a rare form of YAML (a "?" key, or a named field in a list)',
  );
}
