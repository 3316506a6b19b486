import { Ajv2020 } from 'ajv/dist/2020.js';
import { Type, type Static } from 'typebox';
import type { Problem } from '../contract/api.ts';
import { suggest, type Path } from '../site/index.ts';
import { checkRule } from './check-rule.ts';
import { readDocument, type Fault } from './document.ts';
import { inOrder } from './parse.ts';
import type { Rule } from './ready-rule.ts';
import { RULE_DEFINITIONS, RULE_PROPERTIES } from './rule-entry.ts';
import { compileRule } from './rule.ts';
import { explainShape } from './shape.ts';

const text = (description: string) => Type.String({ minLength: 1, maxLength: 500, description });

const RequirementSchema = Type.Object(
  {
    ...RULE_PROPERTIES,
    name: Type.Optional(text('A short name for people.')),
    roles: Type.Optional(Type.Array(text('A role of the stack.'), { minItems: 1 })),
    severity: Type.Unsafe<'fail' | 'warn'>({
      type: 'string',
      enum: ['fail', 'warn'],
      description: 'fail stops the run, warn is only said.',
    }),
    why: text('Why it is needed.'),
  },
  { additionalProperties: false },
);

const Requirements = Type.Optional(Type.Array(RequirementSchema));

/** The part of a stack file that says what machines must be like; everything else in it is for the stack's own schema. */
const NeedsSchema = Type.Object(
  {
    stack: Type.String(),
    roles: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    requires: Requirements,
    applications: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' }),
            title: Type.Optional(text('What people read.')),
            requires: Requirements,
          },
          { additionalProperties: false },
        ),
      ),
    ),
  },
  { $defs: RULE_DEFINITIONS },
);

const validate = new Ajv2020({ allErrors: true, strict: false, verbose: true }).compile<
  Static<typeof NeedsSchema>
>(NeedsSchema);

/** One thing that a stack or one of its applications needs of a machine. */
export interface Requirement {
  /** The stack's or application's name. */
  readonly application: string;
  /** Only machines with one of these roles; all when missing. */
  readonly roles?: readonly string[];
  readonly severity: 'fail' | 'warn';
  readonly why: string;
  readonly rule: Rule;
}

/** Reads `requires` and `applications` of a stack file; the rest of it is not looked at. Never throws. */
export function parseRequirements(
  stackText: string,
  file: string,
): { readonly requirements: readonly Requirement[]; readonly problems: readonly Problem[] } {
  const { source, problems } = readDocument(stackText, file, { code: 'STACK', noun: 'stack file' });
  if (source === undefined) return { requirements: [], problems };
  const { data } = source;
  const tell = (faults: readonly Fault[]) => ({
    requirements: [],
    problems: inOrder(faults.map((fault) => source.problem(fault))),
  });
  if (!validate(data)) return tell((validate.errors ?? []).map(explainShape));
  const blocks: {
    readonly application: string;
    readonly entries: NonNullable<typeof data.requires>;
    readonly path: Path;
  }[] = [
    { application: data.stack, entries: data.requires ?? [], path: ['requires'] },
    ...(data.applications ?? []).map(({ name, requires }, index) => ({
      application: name,
      entries: requires ?? [],
      path: ['applications', index, 'requires'],
    })),
  ];
  const faults = blocks.flatMap(({ entries, path }) =>
    entries.flatMap((entry, index) => [
      ...checkRule(entry, [...path, index]),
      ...unknownRoles(entry.roles ?? [], data.roles, [...path, index]),
    ]),
  );
  if (faults.length > 0) return tell(faults);
  const requirements = blocks.flatMap(({ application, entries }) =>
    entries.map((entry): Requirement => {
      const { severity, why, roles } = entry;
      return {
        application,
        severity,
        why,
        rule: compileRule(entry),
        ...(roles === undefined ? {} : { roles }),
      };
    }),
  );
  return { requirements, problems: [] };
}

function unknownRoles(
  roles: readonly string[],
  known: Readonly<Record<string, unknown>> | undefined,
  path: Path,
): Fault[] {
  if (known === undefined) return [];
  const names = Object.keys(known);
  return roles.flatMap((role, index): Fault[] => {
    if (names.includes(role)) return [];
    const meant = suggest(role, names);
    const hint = meant === undefined ? `It has ${names.join(', ')}.` : `Did you mean ${meant}?`;
    return [
      {
        code: 'UNKNOWN_ROLE',
        path: [...path, 'roles', index],
        message: `The stack has no role ${role}.`,
        hint,
      },
    ];
  });
}
