import { Ajv2020 } from 'ajv/dist/2020.js';
import { Type, type Static } from 'typebox';
import { parse } from 'yaml';
import type { Fix, Owner } from '../contract/failure.ts';

const OWNERS = [
  'field-engineer',
  'customer-network',
  'customer-it',
  'vendor',
  'software',
] as const satisfies readonly Owner[];

const EntrySchema = Type.Object(
  {
    key: Type.String({ pattern: '^[a-z0-9_-]+(\\.[a-z0-9_-]+)+$' }),
    owner: Type.Unsafe<Owner>({ enum: OWNERS }),
    summary: Type.String({ minLength: 1 }),
    match: Type.Object(
      {
        any: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
        codes: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Z][A-Z0-9_]*$' }))),
      },
      { additionalProperties: false, minProperties: 1 },
    ),
    fixes: Type.Array(
      Type.Object(
        {
          title: Type.String({ minLength: 1 }),
          command: Type.Optional(Type.String()),
          action: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
    ),
    request: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

const validate = new Ajv2020({ allErrors: true, strict: false }).compile<Static<typeof EntrySchema>[]>(
  Type.Array(EntrySchema),
);

/** One known cause: a failure is of this kind when a pattern or a code of it matches. */
export interface KnownCause {
  readonly key: string;
  readonly owner: Owner;
  readonly summary: string;
  readonly patterns: readonly RegExp[];
  readonly codes: readonly string[];
  readonly fixes: readonly Fix[];
  readonly request?: string;
}

/** One fault of a catalogue file. */
export interface CatalogueProblem {
  readonly file: string;
  readonly message: string;
}

export interface Catalogue {
  readonly causes: readonly KnownCause[];
  readonly problems: readonly CatalogueProblem[];
}

/** Reads `playbooks/failures/*.yaml`; a file or entry that is wrong becomes a problem, the rest is still used. */
export function loadCatalogue(files: readonly { readonly file: string; readonly text: string }[]): Catalogue {
  const causes: KnownCause[] = [];
  const problems: CatalogueProblem[] = [];
  const homes = new Map<string, string>();
  for (const { file, text } of files) {
    const report = (message: string): void => void problems.push({ file, message });
    for (const entry of readEntries(text, report)) {
      const home = homes.get(entry.key);
      if (home !== undefined) {
        report(`The key ${entry.key} is already used in ${home}.`);
        continue;
      }
      homes.set(entry.key, file);
      const { match, ...rest } = entry;
      causes.push({
        ...rest,
        patterns: compile(entry.key, match.any ?? [], report),
        codes: match.codes ?? [],
      });
    }
  }
  return { causes, problems };
}

function readEntries(text: string, report: (message: string) => void): Static<typeof EntrySchema>[] {
  let data: unknown;
  try {
    data = parse(text, { maxAliasCount: 50 });
  } catch (thrown) {
    report(`Not YAML: ${thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)}`);
    return [];
  }
  if (validate(data)) return data;
  for (const error of validate.errors ?? []) {
    const allowed = error.keyword === 'enum' ? `: ${OWNERS.join(', ')}` : '';
    report(`${error.instancePath || '/'} ${error.message ?? 'is wrong'}${allowed}.`);
  }
  return [];
}

function compile(key: string, sources: readonly string[], report: (message: string) => void): RegExp[] {
  return sources.flatMap((source) => {
    try {
      return [new RegExp(source, 'im')];
    } catch (thrown) {
      report(`Pattern of ${key}: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
      return [];
    }
  });
}
