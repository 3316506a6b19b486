import { Type, type TSchemaOptions } from 'typebox';

/** A value as written in a rule. */
export type Value = string | number | boolean;

/** What is asked of one value; several operators of one rule must all hold. */
export interface Conditions {
  readonly is?: Value;
  readonly one_of?: readonly Value[];
  /** `*` stands for any text, `?` for one character. */
  readonly like?: string;
  readonly not?: Value | Conditions;
  readonly at_least?: number;
  readonly at_most?: number;
  readonly between?: readonly [number, number];
  readonly version_at_least?: string;
  readonly has?: readonly string[];
  readonly exists?: boolean;
}

/** A rule as written: about one field, or a group of rules (`all`, `any`, `none`). */
export interface RuleEntry extends Conditions {
  readonly field?: string;
  /** Which items of a list field are meant, by their own fields. */
  readonly where?: Readonly<Record<string, Value | Conditions>>;
  readonly count?: number | Conditions;
  /** Field of the items that is added up; the operators then ask about the sum. */
  readonly sum?: string;
  readonly all?: readonly RuleEntry[];
  readonly any?: readonly RuleEntry[];
  readonly none?: readonly RuleEntry[];
}

const text = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });
const value = (description: string) =>
  Type.Unsafe<Value>({ type: ['string', 'number', 'boolean'], description });
const rules = (description: string) =>
  Type.Optional(Type.Array(Type.Unsafe<RuleEntry>({ $ref: '#/$defs/rule' }), { minItems: 1, description }));

const CONDITIONS = {
  is: Type.Optional(value('Exactly this; upper and lower case are the same.')),
  one_of: Type.Optional(Type.Array(value('One of the values.'), { minItems: 1 })),
  like: Type.Optional(text('A pattern: * is any text, ? is one character.')),
  not: Type.Optional(Type.Unsafe<Value | Conditions>({ $ref: '#/$defs/value_or_conditions' })),
  at_least: Type.Optional(Type.Number({ description: 'This number or more.' })),
  at_most: Type.Optional(Type.Number({ description: 'This number or less.' })),
  between: Type.Optional(
    Type.Unsafe<readonly [number, number]>({
      type: 'array',
      items: { type: 'number' },
      minItems: 2,
      maxItems: 2,
      description: 'The smallest and the largest number.',
    }),
  ),
  version_at_least: Type.Optional(text('This version or a later one.')),
  has: Type.Optional(Type.Array(text('A word.'), { minItems: 1 })),
  exists: Type.Optional(Type.Boolean({ description: 'Whether the BMC tells it at all.' })),
};

const valueOrConditions = {
  type: ['string', 'number', 'boolean', 'object'],
  properties: CONDITIONS,
  additionalProperties: false,
  minProperties: 1,
} as unknown as TSchemaOptions;

/** Fields of a rule, for the schemas that hold rules; they need `RULE_DEFINITIONS` at their root. */
export const RULE_PROPERTIES = {
  field: Type.Optional(text('Which field of the hardware snapshot, such as memory.total_gib.')),
  ...CONDITIONS,
  where: Type.Optional(
    Type.Record(Type.String(), Type.Unsafe<Value | Conditions>({ $ref: '#/$defs/value_or_conditions' }), {
      minProperties: 1,
    }),
  ),
  count: Type.Optional(
    Type.Unsafe<number | Conditions>({ ...valueOrConditions, type: ['number', 'object'], minimum: 0 }),
  ),
  sum: Type.Optional(text('The field of the items that is added up.')),
  all: rules('Each of these must hold.'),
  any: rules('At least one of these must hold.'),
  none: rules('None of these may hold.'),
};

/** The recursive parts of the schema. */
export const RULE_DEFINITIONS = {
  rule: Type.Object(RULE_PROPERTIES, { additionalProperties: false }),
  value_or_conditions: Type.Unsafe<Value | Conditions>(valueOrConditions),
};

/** Names of the operators, as `Conditions` has them. */
export const OPERATOR_NAMES = Object.keys(CONDITIONS) as (keyof Conditions)[];
