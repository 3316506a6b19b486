import { invalidValue } from './errors.ts';
import type { Json } from './types.ts';

/** A value as an object, or an empty one when it is none. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** A value as a list, or an empty one when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A value as text; anything that is neither text nor a plain value counts as empty. */
export function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

/** The whole numbers of a list; numbers written as text count as well. */
export function idsOf(value: unknown): readonly number[] {
  return listOf(value).map(Number).filter(Number.isInteger);
}

/** Text that a request must have; otherwise the refusal that names it. */
export function neededText(body: Json, name: string): string {
  const text = textOf(body[name]);
  if (text === '') throw invalidValue(name);
  return text;
}

/** A time as OME writes it, in UTC: `2026-11-21 12:00:00.000`; null when there was none. */
export function timeOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString().replace('T', ' ').replace('Z', '');
}
