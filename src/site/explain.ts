import type { ErrorObject } from 'ajv/dist/2020.js';
import { quoted, spoken, type Finding, type Path } from './finding.ts';
import { suggest } from './suggest.ts';
import { TYPE_NAMES } from './type-names.ts';

/** What the messages need of a subschema. */
interface Subschema {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly patternErrorMessage?: string;
  readonly properties?: Readonly<Record<string, Subschema>>;
  readonly enum?: readonly string[];
  readonly secretName?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

const SECRET_FIELD = /^(password|passwd|pass|secret|token|private_?key|api_?key|passphrase)$/i;

/** Says in a sentence what one schema error means; `sourceOf` gives a scalar as it is written in the text. */
export function explainError(error: ErrorObject, sourceOf: (path: Path) => string | undefined): Finding {
  const path = pathOf(error.instancePath);
  const schema = error.parentSchema as Subschema;
  const params = error.params as Record<string, unknown>;
  const seen = schema.secretName === true ? '' : `, not ${quoted(error.data)}`;
  const fault = (code: string, message: string, hint = exampleHint(schema)): Finding => ({
    severity: 'error',
    code,
    path,
    message: `${spoken(path)} ${message}.`,
    ...(hint === undefined ? {} : { hint }),
  });
  switch (error.keyword) {
    case 'required':
      return missingField(String(params['missingProperty']), error, path, schema);
    case 'additionalProperties':
      return unknownField(String(params['additionalProperty']), path, schema);
    case 'type':
      return wrongType(String(params['type']), error.data, sourceOf(path), fault);
    case 'enum':
      return notAllowed(error.data, schema.enum ?? [], fault);
    case 'const':
      return fault('SITE_BAD_VALUE', `must be ${quoted(params['allowedValue'])}${seen}`, undefined);
    case 'pattern':
      return fault(
        'SITE_BAD_VALUE',
        `${schema.patternErrorMessage ?? 'is not in the form it must have'}${seen}`,
      );
    case 'format':
      return fault('SITE_BAD_ADDRESS', `must be an IPv4 address${seen}`, addressHint(error.data));
    case 'minimum':
    case 'maximum':
      return fault('SITE_OUT_OF_RANGE', `must be between ${schema.minimum} and ${schema.maximum}${seen}`);
    case 'minLength':
      return fault('SITE_BAD_VALUE', 'must not be empty');
    case 'maxLength':
      return fault('SITE_BAD_VALUE', `must have at most ${String(params['limit'])} characters`);
    case 'minItems':
    case 'maxItems': {
      const count = error.keyword === 'minItems' ? 'at least' : 'at most';
      return fault(
        'SITE_BAD_VALUE',
        `must have ${count} ${String(params['limit'])} entries, not ${lengthOf(error.data)}`,
      );
    }
    default:
      return fault('SITE_BAD_VALUE', error.message ?? 'is wrong');
  }
}

type MakeFault = (code: string, message: string, hint?: string) => Finding;

function missingField(name: string, error: ErrorObject, path: Path, schema: Subschema): Finding {
  const mode = (error.data as Record<string, unknown>)['mode'];
  const because = error.schemaPath.includes('/then/') ? ` when its mode is ${String(mode)}` : '';
  const hint = schema.properties?.[name]?.description;
  return {
    severity: 'error',
    code: 'SITE_MISSING_FIELD',
    path,
    at: 'key',
    message: `${spoken(path)} needs the field ${name}${because}.`,
    ...(hint === undefined ? {} : { hint: `${name}: ${hint}` }),
  };
}

function unknownField(name: string, path: Path, schema: Subschema): Finding {
  const head = { severity: 'error', path: [...path, name], at: 'key' } as const;
  if (SECRET_FIELD.test(name)) {
    const message = `${spoken(path)} holds a ${name}, but a site file never holds a secret.`;
    return {
      ...head,
      code: 'SITE_SECRET',
      message,
      hint: 'Name a credential here and store its value with: bringup credentials set NAME.',
    };
  }
  if (name === '<<') {
    const message = `${spoken(path)} uses a YAML merge key (<<), which a site file does not have.`;
    return { ...head, code: 'SITE_MERGE_KEY', message, hint: 'Write the fields out.' };
  }
  const known = Object.keys(schema.properties ?? {});
  const meant = suggest(name, known);
  const hint = meant === undefined ? `It can have: ${known.join(', ')}.` : `Did you mean ${meant}?`;
  return {
    ...head,
    code: 'SITE_UNKNOWN_FIELD',
    message: `${spoken(path)} has no field ${quoted(name)}.`,
    hint,
  };
}

function wrongType(wanted: string, value: unknown, source: string | undefined, fault: MakeFault): Finding {
  const name = TYPE_NAMES[wanted] ?? wanted;
  if (value === null) return fault('SITE_WRONG_TYPE', `is empty, but must be ${name}`);
  const kind = Array.isArray(value) ? 'array' : typeof value;
  const seen =
    typeof value === 'object'
      ? (TYPE_NAMES[kind] ?? kind)
      : `${source ?? quoted(value)}, which is ${TYPE_NAMES[kind] ?? kind}`;
  const quote = wanted === 'string' && typeof value !== 'object';
  const unquote = wanted === 'integer' && typeof value === 'string' && /^\d+$/.test(value);
  const hint = quote
    ? `Put it in quotes: "${source ?? quoted(value)}".`
    : unquote
      ? 'Remove the quotes.'
      : undefined;
  return fault('SITE_WRONG_TYPE', `must be ${name}, not ${seen}`, ...(hint === undefined ? [] : [hint]));
}

function notAllowed(value: unknown, allowed: readonly string[], fault: MakeFault): Finding {
  const meant = typeof value === 'string' ? suggest(value, allowed) : undefined;
  const hint = meant === undefined ? undefined : `Did you mean ${meant}?`;
  return fault('SITE_BAD_VALUE', `must be one of ${allowed.join(', ')}, not ${quoted(value)}`, hint);
}

function addressHint(value: unknown): string {
  if (typeof value !== 'string') return 'Write it like 10.20.0.5.';
  if (value.includes('/')) return 'Write the address alone; the prefix length belongs to the network.';
  if (value.includes(':')) return 'This version of Bringup works with IPv4 only.';
  return 'Write it as four numbers from 0 to 255 without leading zeros, like 10.20.0.5.';
}

function exampleHint(schema: Subschema): string | undefined {
  const example = schema.examples?.[0];
  return example === undefined ? undefined : `For example ${quoted(example)}.`;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** A JSON pointer (RFC 6901) as a path. */
export function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}
