import { Ajv2020 } from 'ajv/dist/2020.js';
import type { DraftSite } from '../draft.ts';
import type { Path } from '../finding.ts';
import type { CheckContext } from './check.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A value of the parameters with the part of the stack's schema that describes it. */
export interface DescribedValue {
  readonly value: unknown;
  readonly schema: Fields;
  readonly path: Path;
}

/** Read once for all checks of one file against one stack. */
const read = new WeakMap<object, { readonly schema: unknown; readonly values: readonly DescribedValue[] }>();

/**
 * Every value of a site file's parameters beside what the stack's schema says of it, so that words of Bringup's own in
 * there (`refers_to`, `host_has`, `in_repository`, `unique_by`; see docs/stacks/README.md) can be acted on; none where the
 * stack is not known. An `if` is followed into its `then`; values of a form that the schema does not expect are met as they are.
 */
export function describedParameters(
  { parameters }: Pick<DraftSite, 'parameters'>,
  { stack }: CheckContext,
): readonly DescribedValue[] {
  const schema = stack?.parameters;
  if (parameters === undefined || schema === undefined) return [];
  const known = read.get(parameters);
  if (known?.schema === schema) return known.values;
  const values = [...walk(parameters, schema, ['parameters'])];
  read.set(parameters, { schema, values });
  return values;
}

function* walk(value: unknown, schema: unknown, path: Path): Generator<DescribedValue> {
  if (!isObject(schema) || value === undefined || value === null) return;
  yield { value, schema, path };
  if (Array.isArray(value)) {
    for (const [index, entry] of (value as unknown[]).entries())
      yield* walk(entry, schema['items'], [...path, index]);
  } else if (isObject(value) && isObject(schema['properties'])) {
    for (const [name, own] of Object.entries(schema['properties']))
      if (Object.hasOwn(value, name)) yield* walk(value[name], own, [...path, name]);
  }
  // A validator of its own: one that is shared would keep every schema it has ever seen.
  if (isObject(schema['if']) && isObject(schema['then']))
    if (new Ajv2020({ strict: false, validateSchema: false }).validate(schema['if'], value))
      yield* walk(value, schema['then'], path);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
