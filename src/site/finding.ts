/** Where something is in the site file: field names and list positions from the root. */
export type Path = readonly (string | number)[];

/** A problem before it is given its place in the text. `at: 'key'` points to the field's name instead of its value. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly path: Path;
  readonly at?: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

/** A problem of the text itself, found before it has any structure; `offset` counts UTF-16 units. */
export interface Fault {
  readonly code: string;
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

/** `hosts[0].bmc.address`, the way people say it; the root is `the site file`. */
export function spoken(path: Path): string {
  return path.length === 0 ? 'the site file' : jsonPath(path).replace(/^\$\.?/, '');
}

/** The path as RFC 9535 writes it: `$.hosts[0].bmc.address`. */
export function jsonPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(step) ? `${text}.${step}` : `${text}[${JSON.stringify(step)}]`;
  }, '$');
}

/** A value as it is quoted in a message: one line, never long. */
export function quoted(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, 80) : value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
