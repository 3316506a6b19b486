import { Ajv2020 } from 'ajv/dist/2020.js';
import { Type, type Static } from 'typebox';
import type { Owner } from '../contract/failure.ts';

/** Who can own a cause. */
export const OWNERS = [
  'field-engineer',
  'customer-network',
  'customer-it',
  'vendor',
  'software',
] as const satisfies readonly Owner[];

const Text = Type.String({ minLength: 1 });
const Texts = Type.Array(Text);
const Key = Type.String({ pattern: '^[a-z0-9_-]+(\\.[a-z0-9_-]+)+$' });
const closed = { additionalProperties: false } as const;

const RuleSchema = Type.Object(
  {
    any: Type.Optional(Texts),
    all: Type.Optional(Texts),
    none: Type.Optional(Texts),
    weight: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
  },
  closed,
);

const MatchSchema = Type.Object(
  {
    codes: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Z][A-Z0-9_]*$' }))),
    any: Type.Optional(Texts),
    all: Type.Optional(Texts),
    none: Type.Optional(Texts),
    weight: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
    rules: Type.Optional(Type.Array(RuleSchema)),
  },
  { additionalProperties: false, minProperties: 1 },
);

const EntrySchema = Type.Object(
  {
    key: Key,
    owner: Type.Unsafe<Owner>({ enum: OWNERS }),
    summary: Text,
    match: MatchSchema,
    explains: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9_-]+(\\.([a-z0-9_-]+|\\*))+$' }))),
    fixes: Type.Array(
      Type.Object(
        { title: Text, command: Type.Optional(Type.String()), action: Type.Optional(Type.String()) },
        closed,
      ),
    ),
    request: Type.Optional(Type.String()),
    examples: Type.Optional(Texts),
    not: Type.Optional(Texts),
  },
  closed,
);

const PhrasesSchema = Type.Object(
  { phrases: Type.Record(Type.String({ pattern: '^\\w+$' }), Type.Union([Text, Texts])) },
  closed,
);

/** One way in which a cause shows. */
export type RuleEntry = Static<typeof RuleSchema>;

/** One cause as a catalogue file writes it. */
export type CauseEntry = Static<typeof EntrySchema>;

/** The named parts of patterns as a catalogue file writes them. */
export type PhrasesEntry = Static<typeof PhrasesSchema>;

const ajv = new Ajv2020({ allErrors: true, strict: false });

/** True for a list of causes; what is wrong is left in `errors`. */
export const validateCauses = ajv.compile<CauseEntry[]>(Type.Array(EntrySchema));

/** True for a file of phrases. */
export const validatePhrases = ajv.compile<PhrasesEntry>(PhrasesSchema);
