import type { CharSet } from '../../src/failures/char-set.ts';
import type { PatternNode } from '../../src/failures/pattern-tree.ts';

type Next = (at: number) => boolean;

/** Steps that a backtracking matcher takes to find out that a pattern does not fit at the beginning of the text. */
export function countSteps(pattern: PatternNode, text: string, limit: number): number {
  let steps = 0;
  match(pattern, 0, () => false);
  return steps;

  function match(node: PatternNode, at: number, next: Next): boolean {
    if (steps > limit) return true;
    switch (node.kind) {
      case 'char':
      case 'set':
        steps += 1;
        return at < text.length && has(node.set, text.charCodeAt(at)) && next(at + 1);
      case 'edge':
        steps += 1;
        return next(at);
      case 'look':
        match(node.body, at, () => true);
        return next(at);
      case 'group':
        return match(node.body, at, next);
      case 'choice':
        return node.options.some((option) => match(option, at, next));
      case 'sequence':
        return sequence(node.items, 0, at, next);
      case 'repeat':
        return repeat(node.body, node.min, node.max, at, next);
    }
  }

  function sequence(items: readonly PatternNode[], index: number, at: number, next: Next): boolean {
    const item = items[index];
    return item === undefined ? next(at) : match(item, at, (end) => sequence(items, index + 1, end, next));
  }

  function repeat(body: PatternNode, min: number, max: number, at: number, next: Next): boolean {
    if (max > 0 && match(body, at, (end) => end > at && repeat(body, min - 1, max - 1, end, next)))
      return true;
    return min <= 0 && next(at);
  }
}

/** A text that a pattern nearly fits: every run as long as it may be; `turn` picks the options. */
export function nearMiss(node: PatternNode, turn: number): string {
  switch (node.kind) {
    case 'char':
      return node.char;
    case 'set':
      return ['a', '1', ' ', '-', '"', '/', "'"].find((char) => has(node.set, char.charCodeAt(0))) ?? '#';
    case 'group':
      return nearMiss(node.body, turn);
    case 'choice':
      return nearMiss(node.options[turn % node.options.length] ?? node, turn + 1);
    case 'sequence':
      return node.items.map((item) => nearMiss(item, turn)).join('');
    case 'repeat':
      return nearMiss(node.body, turn).repeat(node.max);
    default:
      return '';
  }
}

function has(set: CharSet, code: number): boolean {
  return set[Math.min(code, 128)] ?? false;
}
