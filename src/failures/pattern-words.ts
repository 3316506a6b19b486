import type { PatternNode } from './pattern-tree.ts';

/** Words of which at least one stands in every text that the pattern matches; in lower case. Empty: none is known. */
export function patternWords(node: PatternNode): readonly string[] {
  const best = candidates(node).reduce<readonly string[]>(
    (left, right) => (worth(right) > worth(left) ? right : left),
    [],
  );
  return worth(best) > 0 ? best : [];
}

/** A set is worth its shortest word, less a little for each further one; below three letters it rules nothing out. */
function worth(words: readonly string[]): number {
  const shortest = Math.min(...words.map((word) => word.length));
  return words.length === 0 || words.length > 64 || shortest < 3 ? 0 : shortest - words.length / 32;
}

function candidates(node: PatternNode): (readonly string[])[] {
  switch (node.kind) {
    case 'char':
      return [[node.char.toLowerCase()]];
    case 'group':
      return candidates(node.body);
    case 'choice': {
      const each = node.options.map(patternWords);
      return each.every((words) => words.length > 0) ? [each.flat()] : [];
    }
    case 'repeat':
      return node.min > 0 ? candidates(node.body) : [];
    case 'sequence':
      return sequenceCandidates(node.items);
    default:
      return [];
  }
}

function sequenceCandidates(items: readonly PatternNode[]): (readonly string[])[] {
  const found: (readonly string[])[] = [];
  let run = '';
  for (const item of items) {
    if (item.kind === 'char') {
      run += item.char.toLowerCase();
      continue;
    }
    if (run !== '') found.push([run]);
    run = '';
    found.push(...candidates(item));
  }
  return run === '' ? found : [...found, [run]];
}
