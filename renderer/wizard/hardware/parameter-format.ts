import type { Format } from '../model/field.ts';
import type { Json } from '../types.ts';

/** How a parameter is entered. `json` is for forms that the schema leaves open. */
export type ParameterKind = 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'texts' | 'json';

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
