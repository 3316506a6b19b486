import fc from 'fast-check';
import type { SiteEdit } from '../../src/site/index.ts';

type Data = Record<string, unknown>;

/** How one generated file is written; each comment in it is unlike the others. */
interface Hand {
  readonly step: number;
  readonly listStep: number;
  readonly quote: '"' | "'" | '';
  readonly comments: number;
  readonly flowDepth: number;
  readonly eol: string;
  readonly lastEol: boolean;
  readonly mark: string;
}

const WORDS = [
  'node-1',
  'a b',
  'x',
  '10.20.0.1',
  "it's",
  'yes',
  '12E4',
  ': #',
  'ü🙂',
  '',
  'line\nline',
  '- x',
  '[',
  '"q"',
];
const NAMES = ['name', 'serial', 'roles', 'bmc', 'address', 'hosts', 'mtu', 'with space', '9', 'y'];

const scalar = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.integer({ min: -5, max: 5000 }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0.5, 1e21, Infinity),
);

const { value } = fc.letrec<{ value: unknown; map: Data; list: unknown[] }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthIdentifier: 'site' }, scalar, tie('map'), tie('list')),
  map: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  list: fc.array(tie('value'), { maxLength: 4 }),
}));

const root = fc.dictionary(fc.constantFrom(...NAMES), value, {
  minKeys: 1,
  maxKeys: 5,
  noNullPrototype: true,
});

const hand: fc.Arbitrary<Hand> = fc.record({
  step: fc.constantFrom(2, 3, 4),
  listStep: fc.constantFrom(0, 2, 4),
  quote: fc.constantFrom('"', "'", ''),
  comments: fc.nat(3),
  flowDepth: fc.constantFrom(1, 2, 9),
  eol: fc.constantFrom('\n', '\r\n'),
  lastEol: fc.boolean(),
  mark: fc.constantFrom('', '\uFEFF'),
});

/** A file of random values written in a random hand: block and flow, comments above and behind, blank lines. */
export const anyFile = fc.tuple(root, hand).map(([data, how]) => ({ data, text: writeFile(data, how) }));

function writeFile(data: Data, how: Hand): string {
  let comments = 0;
  const lines: string[] = [];
  const remark = () => (how.comments === 0 ? '' : `# c${++comments}`);
  const behind = () => (comments % 3 === 0 && how.comments > 1 ? ` ${remark()}` : '');
  const above = (column: number) => {
    if (how.comments > 2 && lines.length % 2 === 0) lines.push(`${' '.repeat(column)}${remark()}`);
    if (how.comments > 0 && lines.length % 5 === 4) lines.push('');
  };
  /** Writes a value whose first line is begun by `head`. */
  const put = (head: string, item: unknown, column: number, depth: number, isEntry: boolean) => {
    const isList = Array.isArray(item);
    const isBlock =
      typeof item === 'object' && item !== null && Object.keys(item).length > 0 && depth < how.flowDepth;
    if (!isBlock) return lines.push(`${head} ${flow(item, how)}${behind()}`);
    const inner = column + (isEntry ? 2 : isList ? how.listStep : how.step);
    if (!isEntry) lines.push(`${head}${behind()}`);
    let lead = isEntry ? `${head} ` : ' '.repeat(inner);
    for (const [name, child] of Object.entries(item)) {
      if (lead.trim() === '') above(inner);
      put(isList ? `${lead}-` : `${lead}${key(name)}:`, child, inner, depth + 1, isList);
      lead = ' '.repeat(inner);
    }
    return lines.length;
  };
  for (const [name, item] of Object.entries(data)) {
    above(0);
    put(`${key(name)}:`, item, 0, 1, false);
  }
  return how.mark + lines.join(how.eol) + (how.lastEol ? how.eol : '');
}

function flow(item: unknown, how: Hand): string {
  if (Array.isArray(item)) return `[${item.map((one) => flow(one, how)).join(', ')}]`;
  if (typeof item === 'object' && item !== null) {
    return `{${Object.entries(item)
      .map(([name, one]) => `${key(name)}: ${flow(one, how)}`)
      .join(', ')}}`;
  }
  if (item === Infinity) return '.inf';
  if (typeof item !== 'string') return String(item);
  if (/^[a-z]{1,4}[-0-9]*$/.test(item) && how.quote === '' && item !== 'yes') return item;
  return how.quote === "'" && !item.includes('\n') ? `'${item.replaceAll("'", "''")}'` : JSON.stringify(item);
}

function key(name: string): string {
  return /^[a-z]+$/.test(name) ? name : `"${name}"`;
}

type Step = string | number;

/** An edit that fits the data, chosen by numbers, and the edit that takes it back. */
export const anyEdit = fc.record({ at: fc.nat(1000), kind: fc.nat(4), other: fc.nat(1000), put: value });

export type Choice = typeof anyEdit extends fc.Arbitrary<infer C> ? C : never;

export function chooseEdit(
  data: unknown,
  { at, kind, other, put }: Choice,
): { edit: SiteEdit; back: SiteEdit } | undefined {
  const paths = pathsOf(data).filter((path) => path.length > 0);
  const path = paths[at % Math.max(1, paths.length)];
  const last = path?.at(-1);
  if (path === undefined || last === undefined) return undefined;
  const parent = valueAt(data, path.slice(0, -1)) as Data | unknown[];
  const old = valueAt(data, path);
  if (kind === 0 || (kind === 4 && !Array.isArray(parent) && 'renamed' in parent)) {
    return { edit: { op: 'set', path, value: put }, back: { op: 'set', path, value: old } };
  }
  if (!Array.isArray(parent)) {
    if (kind === 1)
      return {
        edit: { op: 'remove', path, keepComments: other % 2 === 0 },
        back: { op: 'set', path, value: old },
      };
    if (kind === 4) {
      return {
        edit: { op: 'rename', path, name: 'renamed' },
        back: { op: 'rename', path: [...path.slice(0, -1), 'renamed'], name: String(last) },
      };
    }
    const fresh = [...path.slice(0, -1), 'fresh'];
    return {
      edit: { op: 'set', path: fresh, value: put, after: String(last) },
      back: { op: 'remove', path: fresh },
    };
  }
  if (kind === 1) return { edit: { op: 'remove', path }, back: { op: 'insert', path, value: old } };
  if (kind === 2) return { edit: { op: 'insert', path, value: put }, back: { op: 'remove', path } };
  const to = other % parent.length;
  return {
    edit: { op: 'move', path, to },
    back: { op: 'move', path: [...path.slice(0, -1), to], to: Number(last) },
  };
}

function pathsOf(data: unknown, path: Step[] = []): Step[][] {
  if (typeof data !== 'object' || data === null) return [path];
  const isList = Array.isArray(data);
  return [
    path,
    ...Object.entries(data).flatMap(([name, one]) => pathsOf(one, [...path, isList ? Number(name) : name])),
  ];
}

export function valueAt(data: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>((here, step) => (here as Record<Step, unknown>)[step], data);
}
