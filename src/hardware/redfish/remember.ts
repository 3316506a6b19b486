import type { RedfishReader, Resource } from '../reader.ts';
import { idOf } from './expand.ts';
import { keyOf } from './uri.ts';

/**
 * A reader that reads each resource once: for a snapshot, where many places link to the same one and members of an
 * expanded collection are already here. Failures are remembered too.
 */
export function rememberingReader(reader: RedfishReader): RedfishReader {
  const single = new Map<string, Promise<Resource>>();
  const collections = new Map<
    string,
    Promise<{ members: readonly Resource[]; gaps: readonly (readonly [string, unknown])[] }>
  >();
  return {
    get: (uri) => {
      const known = single.get(keyOf(uri)) ?? reader.get(uri);
      single.set(keyOf(uri), known);
      return known;
    },
    members: async (uri, onGap = () => undefined) => {
      const known = collections.get(keyOf(uri)) ?? collect(reader, uri);
      collections.set(keyOf(uri), known);
      const { members, gaps } = await known;
      for (const member of members) {
        const id = idOf(member);
        if (id !== undefined && !single.has(keyOf(id))) single.set(keyOf(id), Promise.resolve(member));
      }
      for (const [gap, error] of gaps) onGap(gap, error);
      return members;
    },
  };
}

async function collect(
  reader: RedfishReader,
  uri: string,
): Promise<{ members: readonly Resource[]; gaps: readonly (readonly [string, unknown])[] }> {
  const gaps: (readonly [string, unknown])[] = [];
  const members = await reader.members(uri, (gap, error) => gaps.push([gap, error]));
  return { members, gaps };
}
