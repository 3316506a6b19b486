import type { Json } from '../types.ts';
import type { Format } from '../model/field.ts';

type Schema = Readonly<Record<string, unknown>>;

/** How a parameter is entered. `json` is for forms that no field fits. */
export type ParameterKind = 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'texts' | 'json';

/** One parameter as the stack's schema describes it; `path` leads to it in the site file. */
export interface Parameter {
  readonly path: readonly string[];
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly kind: ParameterKind;
  readonly required: boolean;
  /** As a field shows it. */
  readonly byDefault?: string;
  readonly choices: readonly string[];
  readonly from?: string;
  readonly to?: string;
  /** Title of the object it is in, where it is not a parameter of the first level. */
  readonly group?: string;
}

/** The parameters of a stack in the order of its schema; those of an object stand together, under its title. */
export function parametersOf(
  schema: Schema,
  at: readonly string[] = ['parameters'],
  group?: string,
): Parameter[] {
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  return Object.entries(objectOf(schema['properties'])).flatMap(([name, value]) => {
    const own = objectOf(value);
    const path = [...at, name];
    const title = stringOf(own['title']) ?? name;
    if (own['type'] === 'object' && own['properties'] !== undefined)
      return parametersOf(own, path, group === undefined ? title : `${group}, ${title}`);
    const byDefault = own['default'];
    const kind = kindOf(own);
    return [
      {
        ...{ path, name, title, kind, required: required.includes(name) },
        choices: kind === 'choice' ? ((own['enum'] as unknown[]) ?? []).map(String) : [],
        ...given('description', stringOf(own['description'])),
        ...given('byDefault', byDefault === undefined ? undefined : formatOf(kind).show(byDefault as Json)),
        ...given('from', limitOf(own['minimum'] ?? own['minLength'])),
        ...given('to', limitOf(own['maximum'] ?? own['maxLength'])),
        ...given('group', group),
      },
    ];
  });
}

/** How a value of this kind is written by a person and read back; what does not fit stays text for the check to judge. */
export function formatOf(kind: ParameterKind): Format {
  return {
    show: (value) => {
      if (value === undefined || value === null) return '';
      if (kind === 'texts' && Array.isArray(value)) return value.map(String).join(', ');
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    },
    read: (typed) => (typed.trim() === '' ? undefined : read(kind, typed.trim())),
  };
}

function read(kind: ParameterKind, typed: string): Json {
  if ((kind === 'integer' || kind === 'number') && /^-?\d+(\.\d+)?$/.test(typed)) return Number(typed);
  if (kind === 'boolean') return typed === 'true' ? true : typed === 'false' ? false : typed;
  if (kind === 'texts') return typed.split(/[\s,;]+/).filter((part) => part !== '');
  if (kind !== 'json') return typed;
  try {
    return JSON.parse(typed) as Json;
  } catch {
    return typed;
  }
}

function kindOf(schema: Schema): ParameterKind {
  const { type, enum: choices, items } = schema as { type?: unknown; enum?: unknown; items?: unknown };
  if (Array.isArray(choices)) return choices.every((one) => typeof one === 'string') ? 'choice' : 'json';
  if (type === 'integer' || type === 'number' || type === 'boolean') return type;
  if (type === 'string') return 'text';
  return type === 'array' && objectOf(items)['type'] === 'string' ? 'texts' : 'json';
}

function objectOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function limitOf(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : undefined;
}

function given<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, string>>);
}
