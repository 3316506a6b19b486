import type { Path } from '../finding.ts';
import { faultyTree, type SiteTree } from '../tree.ts';
import { tooMany } from '../yaml.ts';
import { readPlainYaml, TooMany, type QuickYaml } from './reader.ts';
import { Unsure } from './scalars.ts';

/** Characters that change what a line or a space is; left to the YAML library. */
const UNUSUAL = /[\t\uFEFF]|\r(?!\n)/;

/** The tree of a text that the quick reader is sure of, otherwise undefined: then the YAML library has to read it. */
export function readQuickly(text: string): SiteTree | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    const yaml = readPlainYaml(text);
    const find = createFinder(yaml);
    return {
      faults: [],
      values: () => yaml.root,
      offsetOf: (path, at) => {
        const { key, offset } = find(path);
        return at === 'key' ? (key ?? offset) : offset;
      },
      sourceOf: (path) => sourceOf(text, find(path)),
    };
  } catch (thrown) {
    if (thrown instanceof TooMany) return faultyTree([tooMany(thrown.offset)]);
    // A very long line can exhaust the stack of a regular expression.
    if (thrown instanceof Unsure || thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

interface Found {
  readonly key?: number;
  readonly offset: number;
  readonly value: unknown;
}

function createFinder({ root, start, places }: QuickYaml): (path: Path) => Found {
  const positions = new Map<object, ReadonlyMap<string, number>>();
  /** Fields that defaults have added since stand behind those of the text, so they have no offset. */
  const positionOf = (data: object, name: string): number | undefined => {
    const known = positions.get(data) ?? new Map(Object.keys(data).map((key, index) => [key, index]));
    positions.set(data, known);
    return known.get(name);
  };
  return (path) => {
    let found: Found = { offset: start, value: root };
    for (const step of path) {
      const data = found.value as Record<string | number, unknown>;
      const offsets = places.get(data);
      if (offsets === undefined) break;
      const isList = Array.isArray(data);
      const position = isList ? Number(step) : positionOf(data, String(step));
      const offset = position === undefined ? undefined : offsets[isList ? position : 2 * position + 1];
      if (position === undefined || offset === undefined) break;
      const key = isList ? undefined : offsets[2 * position];
      found = key === undefined ? { offset, value: data[step] } : { key, offset, value: data[step] };
    }
    return found;
  };
}

/** Only numbers can be written in more than one way here. */
function sourceOf(text: string, { value, offset }: Found): string | undefined {
  if (typeof value === 'number') return /^[\d.]+/.exec(text.slice(offset, offset + 40))?.[0];
  return typeof value === 'string' || typeof value === 'boolean' ? `${value}` : undefined;
}
