import type { Path } from '../model/paths.ts';
import type { Json } from '../types.ts';
import { formatOf, type ParameterKind } from './parameter-format.ts';

/** A JSON Schema, or a part of one. */
type Schema = Readonly<Record<string, unknown>>;

interface Described {
  /** Leads to it in the site file. */
  readonly path: Path;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
}

/** One parameter as the stack's schema describes it. */
export interface Parameter extends Described {
  readonly kind: ParameterKind;
  /** It must be there wherever the object that it is in is there. */
  readonly required: boolean;
  /** As a field shows it. */
  readonly byDefault?: string;
  readonly choices: readonly string[];
  /** Least and greatest number. */
  readonly from?: string;
  readonly to?: string;
  readonly example?: string;
  /** Its value is the name of one of these of the site file. */
  readonly names?: 'hosts' | 'networks';
}

/** An object whose fields the schema describes. */
export interface ParameterGroup extends Described {
  readonly kind: 'group';
  readonly entries: readonly ParameterEntry[];
}

/** A list of objects whose fields the schema describes. */
export interface ParameterList extends Described {
  readonly kind: 'list';
  readonly items: Schema;
}

export type ParameterEntry = Parameter | ParameterGroup | ParameterList;

/** The fields of an object in the order of its schema, `at` being the object's own place in the site file. */
export function parametersOf(schema: Schema, at: Path = ['parameters']): ParameterEntry[] {
  const required = listOf(schema['required']);
  return Object.entries(objectOf(schema['properties'])).map(([name, value]) =>
    entryOf(objectOf(value), [...at, name], required.includes(name)),
  );
}

function entryOf(own: Schema, path: Path, required: boolean): ParameterEntry {
  const name = String(path.at(-1));
  const described = {
    ...{ path, name, title: stringOf(own['title']) ?? spaced(name) },
    ...given('description', stringOf(own['description'])),
  };
  if (hasFields(own)) return { ...described, kind: 'group', entries: parametersOf(own, path) };
  const items = objectOf(own['items']);
  if (own['type'] === 'array' && hasFields(items)) return { ...described, kind: 'list', items };
  const kind = kindOf(own);
  const { show } = formatOf(kind);
  const [byDefault, [example]] = [own['default'], listOf(own['examples'])];
  return {
    ...{ ...described, kind, required },
    choices: kind === 'choice' ? listOf(own['enum']).map(String) : [],
    ...given('byDefault', byDefault === undefined ? undefined : show(byDefault as Json)),
    ...given('example', example === undefined ? undefined : show(example as Json)),
    ...given('from', limitOf(own['minimum'])),
    ...given('to', limitOf(own['maximum'])),
    ...given('names', namesOf(own['refers_to'])),
  };
}

function hasFields(schema: Schema): boolean {
  return schema['type'] === 'object' && Object.keys(objectOf(schema['properties'])).length > 0;
}

function kindOf(schema: Schema): ParameterKind {
  const { type, enum: choices, items } = schema as { type?: unknown; enum?: unknown; items?: unknown };
  if (Array.isArray(choices)) return choices.every((one) => typeof one === 'string') ? 'choice' : 'json';
  if (type === 'integer' || type === 'number' || type === 'boolean') return type;
  if (type === 'string') return 'text';
  return type === 'array' && objectOf(items)['type'] === 'string' ? 'texts' : 'json';
}

/** A field without a title is called by its name, as a person would write it: `memory_gib` as Memory GiB. */
function spaced(name: string): string {
  const words = name
    .split('_')
    .map((word) => UNITS[word] ?? word)
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const UNITS: Readonly<Record<string, string>> = { gib: 'GiB', mib: 'MiB', cpus: 'CPUs', url: 'URL' };

function namesOf(refersTo: unknown): 'hosts' | 'networks' | undefined {
  return refersTo === 'host' ? 'hosts' : refersTo === 'network' ? 'networks' : undefined;
}

function objectOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function limitOf(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : undefined;
}

function given<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
}
