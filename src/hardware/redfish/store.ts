import type { Resource } from '../reader.ts';
import { idOf } from './expand.ts';
import { canonical, keyOf } from './uri.ts';

/** What was read of one BMC. */
export interface Store {
  /** Keeps a resource read at this path, under its own spelling of it. */
  keep(path: string, resource: Resource, etag?: string): void;
  find(path: string): { readonly resource: Resource; readonly etag?: string } | undefined;
  all(): ReadonlyMap<string, Resource>;
}

/** An empty store. */
export function createStore(): Store {
  const kept = new Map<
    string,
    { readonly name: string; readonly resource: Resource; readonly etag?: string }
  >();
  return {
    keep: (path, resource, etag) => {
      const id = idOf(resource);
      const name = canonical(id !== undefined && keyOf(id) === keyOf(path) ? id : path);
      kept.set(keyOf(path), etag === undefined ? { name, resource } : { name, resource, etag });
    },
    find: (path) => kept.get(keyOf(path)),
    all: () => new Map([...kept.values()].map(({ name, resource }) => [name, resource])),
  };
}
