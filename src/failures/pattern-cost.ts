import { ANY, disjoint, union, type CharSet } from './char-set.ts';
import type { PatternNode } from './pattern-tree.ts';

/** Upper bounds for one start of a match: the ways in which a part can match, and the steps to try all of them. */
export interface PatternCost {
  readonly ways: number;
  readonly steps: number;
}

/**
 * The most work that a pattern can cause at one character of any text. Because every run is bounded, the work over a
 * whole text is at most this figure times its length: linear, whatever the text says.
 */
export function patternCost(node: PatternNode): PatternCost {
  return cost(node, []);
}

/** `rest` is what follows the node: a run that cannot swallow what follows has only one way to end. */
function cost(node: PatternNode, rest: readonly PatternNode[]): PatternCost {
  switch (node.kind) {
    case 'char':
    case 'set':
    case 'edge':
      return { ways: 1, steps: 1 };
    case 'look':
      return { ways: 1, steps: cost(node.body, []).steps };
    case 'group':
      return cost(node.body, rest);
    case 'choice':
      return choiceCost(node.options.map((option) => ({ option, ...cost(option, rest) })));
    case 'sequence':
      return node.items.reduceRight<PatternCost>(
        (later, item, index) => {
          const own = cost(item, [...node.items.slice(index + 1), ...rest]);
          return { ways: own.ways * later.ways, steps: own.steps + own.ways * later.steps };
        },
        { ways: 1, steps: 0 },
      );
    case 'repeat': {
      // A body that is repeated may be followed by itself.
      const again: PatternNode[] = node.max > 1 ? [{ ...node, min: 0, max: 1 }] : [];
      const inner = cost(node.body, [...again, ...rest]);
      if (inner.ways > 1 && node.max > 1)
        return { ways: inner.ways ** node.max, steps: inner.ways ** node.max };
      const range = node.max - node.min + 1;
      const own = firstChars(node.body);
      const determined = own !== null && endsIn(node.body, own) && disjoint(own, following(rest));
      // Where nothing fits behind it, a run still gives back character by character, and each is looked at once.
      return { ways: determined ? 1 : range, steps: node.max * inner.steps + range * failSteps(rest) };
    }
  }
}

function choiceCost(options: readonly (PatternCost & { readonly option: PatternNode })[]): PatternCost {
  const heads = options.map(({ option }) => literalHead(option));
  const apart = heads.every((head, index) =>
    heads.every(
      (other, place) => index === place || (head !== '' && !other.startsWith(head) && other !== ''),
    ),
  );
  const ways = options.map((option) => option.ways);
  return {
    ways: apart ? Math.max(...ways) : sum(ways),
    steps: choiceSteps(
      options.map(({ steps }) => steps),
      heads,
    ),
  };
}

/** Options that begin with another letter than the text fail at once: only those that share a letter cost their whole. */
function choiceSteps(steps: readonly number[], heads: readonly string[]): number {
  const groups = new Map<string, number>();
  heads.forEach((head, index) => {
    groups.set(head.charAt(0), (groups.get(head.charAt(0)) ?? 0) + (steps[index] ?? 0));
  });
  const open = groups.get('') ?? 0;
  groups.delete('');
  return heads.length + open + Math.max(0, ...groups.values());
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The literal text that a part begins with, in lower case. */
function literalHead(node: PatternNode): string {
  if (node.kind === 'char') return node.char.toLowerCase();
  if (node.kind === 'group') return literalHead(node.body);
  if (node.kind !== 'sequence') return '';
  let head = '';
  for (const item of node.items) {
    if (item.kind === 'edge') continue;
    if (item.kind !== 'char' && !(item.kind === 'set' && item.text === '\\s')) break;
    head += item.kind === 'char' ? item.char.toLowerCase() : ' ';
  }
  return head;
}

/** Characters that can come first, or null where the part can be empty. */
function firstChars(node: PatternNode): CharSet | null {
  switch (node.kind) {
    case 'char':
    case 'set':
      return node.set;
    case 'edge':
    case 'look':
      return null;
    case 'group':
      return firstChars(node.body);
    case 'choice': {
      const sets = node.options.map(firstChars);
      return sets.every((set) => set !== null) ? union(sets) : null;
    }
    case 'repeat':
      return node.min === 0 ? null : firstChars(node.body);
    case 'sequence':
      return node.items.length === 0 ? null : following(node.items);
  }
}

/** Characters that can follow; everything where nothing is known to. */
function following(rest: readonly PatternNode[]): CharSet {
  const sets: CharSet[] = [];
  for (const node of rest) {
    if (node.kind === 'edge' || node.kind === 'look') continue;
    const inner = node.kind === 'repeat' ? (firstChars(node.body) ?? ANY) : (firstChars(node) ?? ANY);
    sets.push(inner);
    if (node.kind !== 'repeat' || node.min > 0) return union(sets);
  }
  // The end of the pattern accepts whatever comes, so a run before it ends where it likes without another try.
  return union(sets);
}

/** Steps to see that nothing of `rest` begins at a place: what may be left out is passed, the first that may not fails. */
function failSteps(rest: readonly PatternNode[]): number {
  let steps = 0;
  for (const node of rest) {
    steps += node.kind === 'repeat' ? beginnings(node.body) : beginnings(node);
    if (node.kind !== 'edge' && node.kind !== 'look' && (node.kind !== 'repeat' || node.min > 0)) break;
  }
  return steps;
}

/** In how many ways a part can begin. */
function beginnings(node: PatternNode): number {
  if (node.kind === 'group' || node.kind === 'look') return beginnings(node.body);
  if (node.kind === 'choice') return sum(node.options.map(beginnings));
  const [first] = node.kind === 'sequence' ? node.items : [];
  return first === undefined ? 1 : beginnings(first);
}

function endsIn(node: PatternNode, set: CharSet): boolean {
  return (node.kind === 'set' || node.kind === 'char') && node.set === set;
}
