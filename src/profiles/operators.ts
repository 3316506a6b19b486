import { matchesGlob } from './glob.ts';
import type { Conditions, Value } from './rule-entry.ts';
import type { Kind, Seen } from './subject.ts';
import { opposite, truthOf, type Truth } from './truth.ts';
import { compareVersions } from './versions.ts';

/** Conditions on one value, made ready: a test and the words for it. */
export interface Test {
  (seen: Seen): Truth;
  /** What is wanted: `at least 24`, `like PowerEdge*`. */
  readonly words: string;
  /** How many operators there are in it; counts for specificity. */
  readonly size: number;
}

interface Operator {
  readonly kinds: readonly Kind[];
  words(wanted: never, unit: string): string;
  /** Undefined: the value seen does not decide it. */
  make(wanted: never): (seen: NonNullable<Seen>) => boolean | undefined;
}

const SCALAR: readonly Kind[] = ['text', 'number', 'version', 'flag', 'any'];

const MAX_SPELLINGS = 10_000;
const spellings = new Map<string, string>();

/**
 * Texts are compared without case and padding: makers change both between models. The same few texts come again with
 * every machine, so their spelling is kept.
 */
function plain(value: Value): Value {
  if (typeof value !== 'string') return value;
  const known = spellings.get(value);
  if (known !== undefined) return known;
  if (spellings.size >= MAX_SPELLINGS) spellings.clear();
  const spelling = value.trim().replace(/\s+/g, ' ').toLowerCase();
  spellings.set(value, spelling);
  return spelling;
}

/** BIOS attributes come as text from one maker and as numbers or booleans from another. */
function same(a: Value, b: Value): boolean {
  return a === b || (typeof a !== typeof b && String(a) === String(b));
}

const numbers = (test: (seen: number) => boolean) => (seen: NonNullable<Seen>) =>
  typeof seen === 'number' ? test(seen) : typeof seen === 'string' ? decimal(seen, test) : undefined;

function decimal(text: string, test: (seen: number) => boolean): boolean | undefined {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? undefined : test(value);
}

const OPERATORS = {
  is: {
    kinds: SCALAR,
    words: (wanted: Value, unit) => `${yesNo(wanted)}${unit}`,
    make: (wanted: Value) => {
      const goal = plain(wanted);
      return (seen) => same(plain(seen as Value), goal);
    },
  },
  one_of: {
    kinds: SCALAR,
    words: (wanted: readonly Value[], unit) => `${listed(wanted.map(yesNo), 'or')}${unit}`,
    make: (wanted: readonly Value[]) => {
      const goals = wanted.map(plain);
      return (seen) => goals.some((goal) => same(plain(seen as Value), goal));
    },
  },
  like: {
    kinds: ['text', 'version', 'any'],
    words: (wanted: string) => `like ${wanted}`,
    make: (wanted: string) => {
      const pattern = String(plain(wanted));
      return (seen) => matchesGlob(String(plain(String(seen))), pattern);
    },
  },
  at_least: {
    kinds: ['number', 'any'],
    words: (wanted: number, unit) => `at least ${wanted}${unit}`,
    make: (wanted: number) => numbers((seen) => seen >= wanted),
  },
  at_most: {
    kinds: ['number', 'any'],
    words: (wanted: number, unit) => `at most ${wanted}${unit}`,
    make: (wanted: number) => numbers((seen) => seen <= wanted),
  },
  between: {
    kinds: ['number', 'any'],
    words: ([low, high]: readonly [number, number], unit) => `between ${low} and ${high}${unit}`,
    make: ([low, high]: readonly [number, number]) => numbers((seen) => seen >= low && seen <= high),
  },
  version_at_least: {
    kinds: ['version', 'text', 'any'],
    words: (wanted: string) => `version ${wanted} or later`,
    make: (wanted: string) => (seen) => {
      const order = compareVersions(String(seen), wanted);
      return order === undefined ? undefined : order >= 0;
    },
  },
  has: {
    kinds: ['words'],
    words: (wanted: readonly string[]) => listed(wanted, 'and'),
    make: (wanted: readonly string[]) => (seen) => {
      const words = new Set((seen as readonly string[]).map((word) => word.toLowerCase()));
      return wanted.every((word) => words.has(word.toLowerCase()));
    },
  },
} satisfies Partial<Record<keyof Conditions, Operator>>;

type Plain = keyof typeof OPERATORS;

/** The operators that a field of this kind has. */
export function operatorsOf(kind: Kind): string[] {
  const plainOnes = (Object.keys(OPERATORS) as Plain[]).filter((name) =>
    (OPERATORS[name].kinds as readonly Kind[]).includes(kind),
  );
  return [...plainOnes, 'not', 'exists'];
}

/** Makes conditions ready to be tested; a bare value means `is`. Unit is put behind numbers in the words. */
export function compileConditions(conditions: Value | Conditions, unit = ''): Test {
  const entries = typeof conditions === 'object' ? conditions : { is: conditions };
  const tests = Object.entries(entries)
    .filter(([name]) => name === 'exists' || name === 'not' || Object.hasOwn(OPERATORS, name))
    .map(([name, wanted]) => compileOne(name as keyof Conditions, wanted as never, unit));
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  const test = (seen: Seen): Truth => {
    let unseen = false;
    for (const one of tests) {
      const truth = one(seen);
      if (truth === 'no') return 'no';
      if (truth === 'unseen') unseen = true;
    }
    return unseen ? 'unseen' : 'yes';
  };
  const size = tests.reduce((sum, one) => sum + one.size, 0);
  return Object.assign(test, { words: tests.map((one) => one.words).join(' and '), size });
}

function compileOne(name: keyof Conditions, wanted: never, unit: string): Test {
  if (name === 'exists') {
    const test = (seen: Seen): Truth => truthOf((seen !== undefined) === wanted);
    return Object.assign(test, { words: wanted ? 'told by the BMC' : 'not told by the BMC', size: 1 });
  }
  if (name === 'not') {
    const inner = compileConditions(wanted, unit);
    const test = (seen: Seen): Truth => opposite(inner(seen));
    return Object.assign(test, { words: `not ${inner.words}`, size: inner.size });
  }
  const operator: Operator = OPERATORS[name];
  const holds = operator.make(wanted);
  const test = (seen: Seen): Truth => (seen === undefined ? 'unseen' : truthOf(holds(seen)));
  return Object.assign(test, { words: operator.words(wanted, unit), size: 1 });
}

function yesNo(value: Value): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

/** `a, b or c`. */
export function listed(words: readonly string[], joint: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`;
}

/** A value seen, in words. */
export function seenWords(seen: NonNullable<Seen>, unit: string): string {
  if (typeof seen === 'object') return seen.length === 0 ? 'none' : seen.join(' ');
  return `${yesNo(seen)}${unit}`;
}

/** What was seen, to be put behind what was wanted; `not seen: ...` speaks for itself. */
export function asSeen(seen: string): string {
  return seen.startsWith('not seen') ? seen : `seen: ${seen}`;
}
