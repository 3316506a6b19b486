import { ANY } from './char-set.ts';
import type { PatternNode } from './pattern-tree.ts';

/** So many characters of one line, whatever they are, between two parts of a pattern. */
export interface Gap {
  readonly min: number;
  readonly max: number;
}

/** A pattern cut at its gaps: one gap fewer than parts. */
export interface Parts {
  readonly parts: readonly PatternNode[];
  readonly gaps: readonly Gap[];
}

/** Shorter runs of any character stay inside a part. */
const SHORTEST_GAP = 10;

/**
 * Cuts a pattern at the runs of any character (`.{0,80}`) that stand between its parts. Looking for one part after the
 * other costs the sum of the parts; one regular expression over all of them would cost their product.
 */
export function splitParts(node: PatternNode): Parts {
  const items = node.kind === 'sequence' ? node.items : [node];
  const gaps: Gap[] = [];
  const parts: PatternNode[][] = [[]];
  for (const [index, item] of items.entries()) {
    if (isGap(item) && index < items.length - 1 && (parts.at(-1) ?? []).some(consumes)) {
      gaps.push({ min: item.min, max: item.max });
      parts.push([]);
    } else parts.at(-1)?.push(item);
  }
  return { parts: parts.map((list) => ({ kind: 'sequence', items: list })), gaps };
}

/** True for what takes up text: a part of edges alone would fit anywhere. */
function consumes(node: PatternNode): boolean {
  return node.kind !== 'edge' && node.kind !== 'look';
}

function isGap(node: PatternNode): node is Extract<PatternNode, { kind: 'repeat' }> {
  return (
    node.kind === 'repeat' && node.body.kind === 'set' && node.body.set === ANY && node.max >= SHORTEST_GAP
  );
}
