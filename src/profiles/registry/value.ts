import { suggest } from '../../site/index.ts';
import type { Value } from '../rule-entry.ts';
import type { BiosAttribute } from './attribute-registry.ts';

/** Why a BIOS does not take what is wanted of it. `words` is the end of a sentence about the attribute. */
export interface Refusal {
  readonly code: string;
  readonly words: string;
  readonly hint?: string;
}

/** Values of an enumeration that are named at the most. */
const MAX_NAMED = 12;

/** Why the attribute does not take the value; undefined where it does. Whether it can be set at all is another question. Numbers in quotes are numbers where one is wanted. */
export function refusalOf(attribute: BiosAttribute, value: Value): Refusal | undefined {
  if (attribute.type === 'Password')
    return {
      code: 'BIOS_PASSWORD',
      words: 'is a password, which has no place in a profile',
      hint: 'Remove it, and set it at the machine.',
    };
  if (attribute.type === 'Enumeration') return ofEnumeration(attribute, value);
  if (attribute.type === 'Integer') return ofInteger(attribute, value);
  if (attribute.type === 'Boolean' && typeof value !== 'boolean')
    return wrong(value, 'Write true or false, without quotes.');
  if (attribute.type === 'String') return ofText(attribute, value);
  return undefined;
}

function ofEnumeration({ values }: BiosAttribute, value: Value): Refusal | undefined {
  const wanted = String(value);
  if (values.includes(wanted) && typeof value !== 'boolean') return undefined;
  const meant =
    typeof value === 'boolean'
      ? values.find((one) => /^(enabled?|on|yes|true)$/i.test(one) === value && SWITCHES.test(one))
      : suggest(wanted, values);
  const more = values.length > MAX_NAMED ? ` and ${values.length - MAX_NAMED} more` : '';
  const takes = `It takes ${values.slice(0, MAX_NAMED).join(', ')}${more}.`;
  return wrong(value, meant === undefined ? takes : `Did you mean ${meant}? ${takes}`);
}

const SWITCHES = /^(enabled?|disabled?|on|off|yes|no|true|false)$/i;

function ofInteger({ low, high, step }: BiosAttribute, value: Value): Refusal | undefined {
  const wanted = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof wanted !== 'number' || !Number.isInteger(wanted))
    return wrong(value, 'It takes a whole number.');
  const steps = step !== undefined && step > 1 ? ` in steps of ${step}` : '';
  const from = low === undefined ? '' : ` from ${low}`;
  const to = high === undefined ? '' : ` to ${high}`;
  const beyond = (low !== undefined && wanted < low) || (high !== undefined && wanted > high);
  const between = steps !== '' && (wanted - (low ?? 0)) % (step ?? 1) !== 0;
  if (!beyond && !between) return undefined;
  return { ...wrong(value, `It takes whole numbers${from}${to}${steps}.`), code: 'BIOS_RANGE' };
}

function ofText({ shortest, longest }: BiosAttribute, value: Value): Refusal | undefined {
  if (typeof value !== 'string') return wrong(value, 'Put it in quotes: it takes text.');
  const short = shortest !== undefined && value.length < shortest;
  // Some registries have 0 where there is no limit.
  const long = longest !== undefined && longest > 0 && value.length > longest;
  if (!short && !long) return undefined;
  const limit = short ? `at least ${shortest}` : `at most ${longest ?? ''}`;
  return {
    code: 'BIOS_RANGE',
    words: `cannot have ${value.length} characters`,
    hint: `It takes ${limit} of them.`,
  };
}

function wrong(value: Value, hint: string): Refusal {
  return { code: 'BIOS_VALUE', words: `cannot be ${JSON.stringify(value)}`, hint };
}
