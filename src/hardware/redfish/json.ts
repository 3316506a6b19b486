import type { Resource } from '../reader.ts';

/** Why a body is no resource, in words that end a sentence, or the resource itself. */
export type Parsed = { readonly resource: Resource } | { readonly wrong: string };

/** Reads a body as a resource: one JSON object, not nested deeper than `depth`. */
export function parseResource(body: string, depth: number): Parsed {
  if (body.trim() === '') return { wrong: 'an empty body' };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    if (/^\s*</.test(body)) return { wrong: 'a web page' };
    return {
      wrong: `malformed JSON (${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'})`,
    };
  }
  if (!isObject(value)) return { wrong: 'JSON that is no object' };
  return isDeeperThan(value, depth)
    ? { wrong: `JSON nested deeper than ${depth} levels` }
    : { resource: value };
}

/** Whether the value is a JSON object. */
export function isObject(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Level by level, so that hostile nesting costs no stack. */
function isDeeperThan(value: object, depth: number): boolean {
  let level: object[] = [value];
  for (let deep = 0; level.length > 0; deep += 1) {
    if (deep >= depth) return true;
    level = level.flatMap((item) =>
      Object.values(item).filter((child): child is object => typeof child === 'object' && child !== null),
    );
  }
  return false;
}

/** Follows the fragment of a link: JSON pointer by the standard, without its leading slash at some BMCs. */
export function pointInto(resource: Resource, pointer: string): Resource | undefined {
  let value: unknown = resource;
  for (const step of decodeURIComponent(pointer)
    .split('/')
    .filter((part) => part !== '')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return isObject(value) ? value : undefined;
}
