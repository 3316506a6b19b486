import { valueAt } from '../model/paths.ts';
import type { SiteModel } from '../types.ts';
import type { ParameterEntry } from './parameter-schema.ts';

/** How many of these the site file sets; a list counts as one, an object by its fields. */
export function setIn(document: SiteModel['document'], entries: readonly ParameterEntry[]): number {
  return entries.reduce((sum, entry) => {
    if (entry.kind === 'group') return sum + setIn(document, entry.entries);
    return sum + (valueAt(document, entry.path) === undefined ? 0 : 1);
  }, 0);
}
