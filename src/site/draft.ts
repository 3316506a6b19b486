import type { ErrorObject } from 'ajv/dist/2020.js';
import { pathOf } from './explain.ts';
import type { Path } from './finding.ts';
import type { Site } from './schema/site.ts';

/** A value of which any part may be missing, but what is there has the right form. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
    : T;

/** What cross checks look at: the site file without the values that already broke the schema. */
export type DraftSite = Draft<Site>;

/** Takes the values named by schema errors out of the data, so that cross checks still run on all the rest. */
export function draftSite(data: unknown, errors: readonly ErrorObject[]): DraftSite {
  const copy: unknown = errors.length === 0 ? data : JSON.parse(JSON.stringify(data));
  for (const error of errors) {
    if (error.keyword === 'required' || error.keyword === 'additionalProperties') continue;
    const path = pathOf(error.instancePath);
    if (path.length === 0) return {};
    remove(copy, path);
  }
  return copy as DraftSite;
}

function remove(data: unknown, path: Path): void {
  let parent = data as Record<string | number, unknown> | undefined;
  for (const step of path.slice(0, -1)) {
    parent = parent?.[step] as Record<string | number, unknown> | undefined;
  }
  const last = path.at(-1);
  if (parent !== undefined && last !== undefined) parent[last] = undefined;
}
