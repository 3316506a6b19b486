import { malformedValue } from './errors.ts';
import { parseFilter } from './filter.ts';
import type { Json } from './types.ts';

/** Where a collection is and what its members are called in the metadata. */
export interface CollectionKind {
  /** `/api/DeviceService/Devices`. */
  readonly path: string;
  /** `DeviceService.Device`. */
  readonly type: string;
  readonly pageSize: number;
}

/**
 * A collection as OME answers it: filtered, in pages, `@odata.count` telling all that pass the filter, and a next link as long
 * as there is more. `$top` beyond the page size is honoured, as the modules ask for 9999.
 */
export function collection(
  items: readonly Json[],
  query: URLSearchParams,
  kind: CollectionKind,
): Json & { readonly value: readonly Json[] } {
  const filter = query.get('$filter');
  const found = filter === null || filter.trim() === '' ? items : items.filter(parseFilter(filter));
  const top = countOf(query, '$top');
  const skip = countOf(query, '$skip') ?? 0;
  const page = found.slice(skip, skip + (top ?? kind.pageSize));
  const reached = skip + page.length;
  const more = top === undefined && reached < found.length;
  return {
    '@odata.context': `/api/$metadata#Collection(${kind.type})`,
    '@odata.count': found.length,
    value: page.map((item) => ({ '@odata.type': `#${kind.type}`, ...withUri(item, kind) })),
    ...(more ? { '@odata.nextLink': nextLink(kind.path, filter, reached) } : {}),
  };
}

/** One resource by itself. */
export function single(item: Json, kind: Pick<CollectionKind, 'path' | 'type'>): Json {
  return {
    '@odata.context': `/api/$metadata#${kind.type}/$entity`,
    '@odata.type': `#${kind.type}`,
    ...withUri(item, kind),
  };
}

function withUri(item: Json, kind: Pick<CollectionKind, 'path'>): Json {
  const id = item['Id'];
  if (typeof id !== 'number' && typeof id !== 'string') return item;
  return { '@odata.id': `${kind.path}(${typeof id === 'string' ? `'${id}'` : id})`, ...item };
}

function nextLink(path: string, filter: string | null, skip: number): string {
  const kept = filter === null ? '' : `$filter=${encodeURIComponent(filter)}&`;
  return `${path}?${kept}$skip=${skip}`;
}

function countOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text)) throw malformedValue(name);
  return Number(text);
}
