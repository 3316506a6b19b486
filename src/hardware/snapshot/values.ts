/** Readers of single values: BMCs send null, strings for numbers, other cases and wrong types, and none of it may throw. */

type Bag = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object (not a list, not null). */
export function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path; undefined where a step is missing. A name that is not there as spelt is looked for in any case. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.hasOwn(here, name) ? (here as Bag)[name] : anyCase(here as Bag, name);
  }
  return here;
}

/** Whether a resource says nothing of itself: annotations only, as services leave for parts that are gone. */
export function isBlank(resource: Bag): boolean {
  return Object.keys(resource).every((key) => key.startsWith('@'));
}

/** Texts that makers leave where nothing was filled in; lower case. */
const PLACEHOLDERS = new Set([
  'n/a',
  'na',
  'none',
  'null',
  'unknown',
  'not available',
  'not specified',
  'not applicable',
  'no asset information',
  'nil',
  'free form asset tag',
  'default string',
  'system serial number',
  'system manufacturer',
  'system product name',
  'to be filled by o.e.m.',
  'to be filled by oem',
  '0123456789',
  '1234567890',
]);

/** A text without surrounding or doubled blanks; undefined for empty texts and for the makers' placeholders. */
export function text(value: unknown): string | undefined {
  const plain = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  const trimmed = plain.replace(/\s+/g, ' ').trim();
  return trimmed === '' || PLACEHOLDERS.has(trimmed.toLowerCase()) ? undefined : trimmed;
}

/** The first of several values that is a usable text. */
export function firstText(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const found = text(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Beyond the bytes of any storage; a larger number is no measure of anything in a server. */
const LARGEST = 1e18;

/** A number, also out of `"3200"` and `"3200 MHz"`. */
export function number(value: unknown): number | undefined {
  const match = typeof value === 'string' ? /^\s*(-?\d+(?:\.\d+)?)(?:\s*[a-z/%]+)?\s*$/i.exec(value) : null;
  const found = match === null ? value : Number(match[1]);
  return typeof found === 'number' && Math.abs(found) <= LARGEST ? found : undefined;
}

/** A number above zero: BMCs send 0 for sizes and speeds they do not know. */
export function positive(value: unknown): number | undefined {
  const found = number(value);
  return found !== undefined && found > 0 ? found : undefined;
}

/** A truth value, also out of `"true"`, `"Enabled"` and their opposites. */
export function flag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (/^(true|yes|enabled?|on)$/i.test(value.trim())) return true;
  return /^(false|no|disabled?|off)$/i.test(value.trim()) ? false : undefined;
}

/** A list; empty where the value is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Where a reference leads, as a path: host and fragment stripped, no trailing slash. */
export function link(value: unknown): string | undefined {
  const uri = typeof value === 'string' ? value : (at(value, '@odata.id') ?? at(value, 'href'));
  if (typeof uri !== 'string') return undefined;
  const path = uri
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .replace(/#.*$/, '')
    .replace(/\/+$/, '');
  return path.startsWith('/') ? path : undefined;
}

/** Where the references of a list lead, each once. A single reference counts as a list of one. */
export function links(value: unknown): readonly string[] {
  const entries = Array.isArray(value) ? value : [value];
  return [...new Set(entries.map(link).filter((uri) => uri !== undefined))];
}

/** The name of a resource inside its collection: its Id, else the end of its URI. */
export function idOf(resource: unknown): string {
  return firstText(at(resource, 'Id'), at(resource, 'MemberId'), link(resource)?.split('/').pop()) ?? '?';
}

type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The record without the fields that are undefined. */
export function compact<T extends object>(record: T): Compact<T> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  ) as unknown as Compact<T>;
}

/** Orders by a text as people do: `A2` before `A10`. */
export function byName<T>(records: readonly T[], name: (record: T) => string): T[] {
  return [...records].sort((a, b) => COLLATOR.compare(name(a), name(b)));
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

function anyCase(bag: Bag, name: string): unknown {
  const wanted = name.toLowerCase();
  const key = Object.keys(bag).find((candidate) => candidate.toLowerCase() === wanted);
  return key === undefined ? undefined : bag[key];
}
