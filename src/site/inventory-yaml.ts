/** Words that YAML 1.1, which Ansible reads, takes for something else than text. */
const WORD_WITH_MEANING = /^(y|n|yes|no|on|off|true|false|null)$/i;
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/;
const TEMPLATE = /\{[{%#]/;
/** What JSON leaves as it is, but YAML 1.1 takes for a line break or does not allow. */
const UNPRINTABLE = /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g;

/** An anchor's name and the value it stands for, or only its name where the value is repeated. */
export class Anchored {
  readonly anchor: string;
  readonly value: unknown;

  /** Without a value it is an alias. */
  constructor(anchor: string, value?: unknown) {
    this.anchor = anchor;
    this.value = value;
  }
}

/** A value on one line, in the words of YAML 1.1; text that looks like a Jinja template is marked `!unsafe`. */
export function writeFlow(value: unknown): string {
  if (typeof value === 'string') return TEMPLATE.test(value) ? `!unsafe ${quote(value)}` : writeText(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'object' || value === null) return 'null';
  if (value instanceof Anchored) {
    return value.value === undefined ? `*${value.anchor}` : `&${value.anchor} ${writeFlow(value.value)}`;
  }
  if (Array.isArray(value)) return `[${value.map(writeFlow).join(', ')}]`;
  const fields: string[] = [];
  for (const [name, field] of Object.entries(value)) {
    if (field !== undefined) fields.push(`${writeText(name)}: ${writeFlow(field)}`);
  }
  return `{${fields.join(', ')}}`;
}

/** A field whose value, when it is a collection or a Map, has one line for each of its entries. */
export function writeField(indent: string, name: string, value: unknown): string {
  if (value instanceof Map) return writeMap(indent, name, value as ReadonlyMap<string, unknown>);
  if (typeof value !== 'object' || value === null)
    return `${indent}${writeText(name)}: ${writeFlow(value)}\n`;
  if (!Array.isArray(value)) return writeMap(indent, name, new Map(Object.entries(value)));
  return block(
    `${indent}${writeText(name)}:`,
    '[]',
    value.map((entry) => `${indent}  - ${writeFlow(entry)}\n`),
  );
}

function writeMap(indent: string, name: string, fields: ReadonlyMap<string, unknown>): string {
  const lines: string[] = [];
  for (const [key, value] of fields) {
    if (value !== undefined) lines.push(`${indent}  ${writeText(key)}: ${writeFlow(value)}\n`);
  }
  return block(`${indent}${writeText(name)}:`, '{}', lines);
}

function block(head: string, empty: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${head} ${empty}\n` : `${head}\n${lines.join('')}`;
}

function writeText(text: string): string {
  const plain = (PLAIN.test(text) && !WORD_WITH_MEANING.test(text)) || IPV4.test(text);
  return plain ? text : quote(text);
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** PyYAML takes a number with an exponent for one only with a decimal point. */
function writeNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return String(value).replace(/^(-?\d+)e/, '$1.0e');
}
