import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type ParsedNode,
} from 'yaml';
import type { Fault, Path } from './finding.ts';
import { MAX_DEPTH } from './yaml.ts';

const MAX_VALUES = 1_000_000;
/** NUL and lone surrogates, which reach a text only by escapes and which other programs do not survive. */
const UNSPEAKABLE = /\0|\p{Cs}/u;

/** The composed text as a tree: plain values, and the place of each of them in the text. */
export interface SiteTree {
  readonly faults: readonly Fault[];
  /** The values as plain data; call only when there are no faults. */
  values(): unknown;
  /** Offset of the value at the path, or of its name; for a missing value of the nearest thing around it. */
  offsetOf(path: Path, at: 'key' | 'value'): number;
  /** How the value is written in the text, for a scalar. */
  sourceOf(path: Path): string | undefined;
}

/** Looks the document over once: repeated fields, names that are not text, and aliases that add up to a bomb. */
export function createTree(document: Document.Parsed): SiteTree {
  const survey = createSurvey();
  if (document.contents !== null) survey.visit(document.contents, 0);
  const find = (path: Path) => findNode(document.contents, path, survey.targets);
  return {
    faults: survey.faults,
    values: () => document.toJS({ maxAliasCount: -1 }) as unknown,
    offsetOf: (path, at) => {
      const found = find(path);
      return (at === 'key' ? (found.key ?? found.value) : (found.value ?? found.key)) ?? 0;
    },
    sourceOf: (path) => find(path).source,
  };
}

/** The tree of a text that could not be composed. */
export function faultyTree(faults: readonly Fault[]): SiteTree {
  return { faults, values: () => undefined, offsetOf: () => 0, sourceOf: () => undefined };
}

function createSurvey() {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  const sizes = new Map<Node, number>();
  const faults: Fault[] = [];
  const fault = (node: Node, code: string, message: string, hint: string) =>
    faults.push({ code, offset: node.range?.[0] ?? 0, message, hint });

  /** Counts the values under a node as they are after aliases are followed. */
  function visit(node: Node, depth: number): number {
    if (depth > MAX_DEPTH && faults.length === 0)
      fault(
        node,
        'SITE_TOO_DEEP',
        `The file is nested more than ${MAX_DEPTH} levels deep here.`,
        'A site file is nested about eight levels deep.',
      );
    if (depth > MAX_DEPTH) return 1;
    const size = isAlias(node) ? follow(node, node.source) : 1 + visitItems(node, depth);
    sizes.set(node, size);
    if (size > MAX_VALUES && faults.length === 0)
      fault(
        node,
        'SITE_TOO_MANY_ALIASES',
        'The aliases (*name) in here multiply to more values than any site has.',
        'Write the values out.',
      );
    return size;
  }

  function follow(alias: Node, name: string): number {
    const target = anchors.get(name);
    const size = target === undefined ? undefined : sizes.get(target);
    if (target === undefined) {
      fault(alias, 'YAML_BAD_ALIAS', `There is no anchor &${name} above this alias.`, 'Write the value out.');
      return 1;
    }
    if (size === undefined) {
      fault(
        alias,
        'YAML_BAD_ALIAS',
        `The alias *${name} stands inside the value it repeats.`,
        'Write the value out.',
      );
      return 1;
    }
    targets.set(alias, target);
    return size;
  }

  function visitItems(node: Node, depth: number): number {
    if (isScalar(node) && typeof node.value === 'string' && UNSPEAKABLE.test(node.value))
      fault(
        node,
        'SITE_BINARY',
        'This text holds an escape for a character that no text has.',
        'Remove the escape (\\0, \\x00 or half of a pair such as \\ud800).',
      );
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
    let size = 0;
    if (isSeq<ParsedNode>(node)) for (const item of node.items) size += visit(item, depth + 1);
    if (!isMap<ParsedNode, ParsedNode | null>(node)) return size;
    const names = new Set<string>();
    for (const { key, value } of node.items) {
      if (!isScalar(key) || typeof key.value !== 'string') {
        fault(key, 'YAML_NON_STRING_KEY', 'The name of this field is not text.', 'Put the name in quotes.');
      } else if (names.has(key.value)) {
        fault(
          key,
          'YAML_DUPLICATE_KEY',
          `The field ${key.value} is given twice in the same object.`,
          'Keep one of them.',
        );
      } else names.add(key.value);
      if (value !== null) size += visit(value, depth + 1);
    }
    return size;
  }

  return { visit, targets, faults };
}

interface FoundNode {
  readonly key?: number | undefined;
  readonly value?: number | undefined;
  readonly source?: string | undefined;
}

function findNode(root: Node | null, path: Path, targets: ReadonlyMap<Node, Node>): FoundNode {
  let [node, key]: [Node | null, Node | undefined] = [root, undefined];
  for (const step of path) {
    const inside = node === null ? node : (targets.get(node) ?? node);
    const next = childOf(inside, step);
    if (next === undefined) return place(key, node);
    [node, key] = [next.value, next.key];
  }
  return place(key, node);
}

function childOf(node: Node | null, step: string | number): { key?: Node; value: Node | null } | undefined {
  if (isSeq<ParsedNode>(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? undefined : { value };
  }
  if (!isMap<ParsedNode, ParsedNode | null>(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && pair.key.value === String(step));
}

function place(key: Node | undefined, node: Node | null): FoundNode {
  const source = isScalar(node) ? node.source : undefined;
  return { key: key?.range?.[0], value: node?.range?.[0], source };
}
