import type { ErrorObject } from 'ajv/dist/2020.js';
import { quoted, suggest, TYPE_NAMES, type Path } from '../site/index.ts';
import type { Fault } from './document.ts';

interface Subschema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly enum?: readonly string[];
}

/** Says in a sentence what one schema error means. The validator must run with `verbose`. */
export function explainShape(error: ErrorObject): Fault {
  const path = pathOf(error.instancePath);
  const schema = error.parentSchema as Subschema;
  const params = error.params as Readonly<Record<string, unknown>>;
  const what =
    path.length === 0
      ? 'The file'
      : `The field ${path.filter((step) => typeof step === 'string').at(-1) ?? ''}`;
  switch (error.keyword) {
    case 'required':
      return missing(String(params['missingProperty']), path, what, schema);
    case 'additionalProperties':
      return unknown(String(params['additionalProperty']), path, Object.keys(schema.properties ?? {}));
    case 'type': {
      const wanted = [params['type']].flat().map((name) => TYPE_NAMES[String(name)] ?? String(name));
      const seen = error.data === null ? 'it is empty' : `it is ${quoted(error.data)}`;
      const quotes = params['type'] === 'string' && typeof error.data === 'number';
      const hint = quotes ? { hint: 'Put it in quotes, as YAML reads 3.10 as the number 3.1.' } : {};
      return {
        code: 'WRONG_TYPE',
        path,
        message: `${what} must be ${wanted.join(' or ')}; ${seen}.`,
        ...hint,
      };
    }
    case 'enum': {
      const allowed = schema.enum ?? [];
      const hint = did(suggest(String(error.data), allowed));
      const message = `${what} must be one of ${allowed.join(', ')}, not ${quoted(error.data)}.`;
      return { code: 'BAD_VALUE', path, message, ...(hint === undefined ? {} : { hint }) };
    }
    case 'pattern':
      return {
        code: 'BAD_VALUE',
        path,
        message: `${what} has the value ${quoted(error.data)}, which is not in the form it must have.`,
        hint: 'Use lower-case letters, digits and dashes.',
      };
    default:
      return { code: 'BAD_VALUE', path, message: `${what} ${error.message ?? 'is wrong'}.` };
  }
}

function missing(name: string, path: Path, what: string, schema: Subschema): Fault {
  const hint = schema.properties?.[name]?.description;
  return {
    code: 'MISSING_FIELD',
    path,
    at: 'key',
    message: `${what} needs the field ${name}.`,
    ...(hint === undefined ? {} : { hint: `${name}: ${hint}` }),
  };
}

function unknown(name: string, path: Path, known: readonly string[]): Fault {
  const hint = did(suggest(name, known)) ?? `It can have: ${known.join(', ')}.`;
  return {
    code: 'UNKNOWN_FIELD',
    path: [...path, name],
    at: 'key',
    message: `There is no field ${quoted(name)} here.`,
    hint,
  };
}

function did(meant: string | undefined): string | undefined {
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}

/** A JSON pointer (RFC 6901) as a path. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}
