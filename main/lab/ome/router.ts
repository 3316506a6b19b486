import type { OmeAnswer } from './errors.ts';
import type { Json, Ome } from './types.ts';

/** One request as a handler sees it: the values in brackets of its path, its query, and its body. */
export interface OmeCall {
  readonly ome: Ome;
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Json;
  /** The body as bytes, for uploads. */
  readonly raw: Buffer;
}

type Handler = (call: OmeCall) => OmeAnswer | Promise<OmeAnswer>;

/** `DeviceService/Devices(#)/SubSystemHealth`, where `#` stands for a number and `$` for a word in quotes. */
export type Route = readonly [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, handler: Handler];

/** What a request leads to: its handler with the values of the path, the methods the path takes, or nothing. */
export type Found =
  { readonly handler: Handler; readonly params: readonly string[] } | { readonly allow: readonly string[] };

/** Finds handlers by method and path (below `/api/`); OME takes doubled slashes for single ones. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Found | undefined {
  const compiled = routes.map(([method, path, handler]) => ({ method, pattern: patternOf(path), handler }));
  return (method, path) => {
    const matches = compiled.flatMap((route) => {
      const match = route.pattern.exec(path);
      return match === null ? [] : [{ ...route, params: match.slice(1) }];
    });
    const found = matches.find((route) => route.method === method);
    if (found !== undefined) return { handler: found.handler, params: found.params };
    return matches.length === 0 ? undefined : { allow: matches.map((route) => route.method) };
  };
}

function patternOf(path: string): RegExp {
  const text = path
    .replaceAll(/[.()/]/g, '\\$&')
    .replaceAll('#', '(\\d+)')
    .replaceAll('$', "'([^']*)'");
  return new RegExp(`^${text}$`, 'i');
}

/** 200 with a value. */
export function ok(body: unknown): OmeAnswer {
  return { status: 200, body };
}

/** 201 with a value. */
export function created(body: unknown): OmeAnswer {
  return { status: 201, body };
}

/** 204. */
export function done(): OmeAnswer {
  return { status: 204 };
}
