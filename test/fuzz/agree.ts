import { isDeepStrictEqual } from 'node:util';
import type { Path } from '../../src/site/finding.ts';
import { readQuickly } from '../../src/site/quick/tree.ts';
import { readSource } from '../../src/site/source.ts';
import { createTree } from '../../src/site/tree.ts';
import { readYaml } from '../../src/site/yaml.ts';

/** How the quick reader differs from the YAML library on a text, or undefined; it may always leave the text to the library. */
export function disagreement(text: string): string | undefined {
  if (readSource(text).fault !== undefined) return undefined;
  const quick = readQuickly(text);
  if (quick === undefined) return undefined;
  const { document, faults } = readYaml(text);
  if (document === undefined) return `the library refuses it: ${faults[0]?.message ?? ''}`;
  const careful = createTree(document);
  if (careful.faults.length > 0) return `the library refuses it: ${careful.faults[0]?.message ?? ''}`;
  const [ours, theirs] = [quick.values(), careful.values()];
  if (!isDeepStrictEqual(ours, theirs))
    return `values: ${JSON.stringify(ours)} against ${JSON.stringify(theirs)}`;
  for (const path of pathsOf(theirs, [])) {
    for (const at of ['key', 'value'] as const) {
      const [a, b] = [quick.offsetOf(path, at), careful.offsetOf(path, at)];
      if (a !== b) return `the ${at} of ${path.join('.')} is at ${a} against ${b}`;
    }
    const [a, b] = [quick.sourceOf(path), careful.sourceOf(path)];
    if (b !== undefined && b !== '' && a !== b)
      return `the source of ${path.join('.')} is ${a ?? ''} against ${b}`;
  }
  return undefined;
}

function* pathsOf(data: unknown, path: Path): Generator<Path> {
  yield path;
  if (typeof data !== 'object' || data === null) return;
  for (const [key, value] of Object.entries(data)) {
    yield* pathsOf(value, [...path, Array.isArray(data) ? Number(key) : key]);
  }
  yield [...path, 'not-there'];
}
