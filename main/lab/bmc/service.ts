import { createHash } from 'node:crypto';
import { deleteHandler, patchHandler, postHandler } from './actions.ts';
import type { Capture } from './capture.ts';
import { takeFault } from './faults.ts';
import type { Machine } from './types.ts';
import { type RedfishAnswer, notAllowed, notFound, refuse } from './messages.ts';
import { isAnswer, queryResource } from './query.ts';
import type { Resource } from './resource.ts';
import { type RequestHeaders, type Sessions, createSessions } from './sessions.ts';
import { uploadPlace } from './update.ts';
import { readResource, readText } from './views.ts';

/** One HTTP request as the service needs it; header names in lower case, `url` with its query. */
export interface RedfishRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: RequestHeaders;
  /** The body, or only its head when it is an upload. */
  readonly body: string;
}

/** One BMC without its network: requests in, answers out. */
export interface RedfishService {
  readonly sessions: Sessions;
  answer(request: RedfishRequest): RedfishAnswer;
}

/** What anyone may read before logging in, DSP0266 section "Authentication". */
const PUBLIC = new Set(['/redfish', '/redfish/v1', '/redfish/v1/odata', '/redfish/v1/$metadata']);
const METADATA = `<?xml version="1.0" encoding="UTF-8"?>
<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices/></edmx:Edmx>`;

/** The Redfish service of one machine. */
export function createRedfishService(machine: Machine): RedfishService {
  const sessions = createSessions(machine);
  const allows = allowCache(machine.capture);
  return { sessions, answer: (request) => withoutBodyForHead(request.method, answer(request)) };

  function answer(request: RedfishRequest): RedfishAnswer {
    machine.settle();
    const [rawPath = '', search = ''] = request.url.split(/\?(.*)/s);
    const path = canonical(machine, decode(rawPath));
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (request.method === 'POST' && path === machine.capture.outline.sessions) {
      const body = parseBody(request);
      return body === undefined ? malformed() : sessions.login(body, path);
    }
    if (!(isRead && PUBLIC.has(path))) {
      const refused = sessions.refuse(request.headers, path);
      if (refused !== undefined) return refused;
    }
    const fault = takeFault(machine.faults, 'error', path);
    if (fault !== undefined)
      return refuse(
        fault.status ?? 500,
        'InternalError',
        'The request failed due to an internal service error.',
      );
    if (isRead) return read(request, path, search);
    return write(request, path);
  }

  function read(request: RedfishRequest, path: string, search: string): RedfishAnswer {
    if (path === '/redfish') return { status: 200, body: { v1: '/redfish/v1/' } };
    if (path === '/redfish/v1/$metadata')
      return { status: 200, text: METADATA, headers: { 'Content-Type': 'application/xml' } };
    const session = sessions.read(path);
    let text: string | undefined;
    if (session !== undefined) text = JSON.stringify(session);
    else if (search === '') text = readText(machine, path);
    else {
      const found = queryResource(machine, path, new URLSearchParams(search));
      if (found !== undefined && isAnswer(found)) return found;
      text = found === undefined ? undefined : JSON.stringify(found);
    }
    if (text === undefined) {
      const isAction = postHandler(machine, path) !== undefined;
      return isAction ? notAllowed(request.method, path, ['POST']) : notFound(path);
    }
    const etag = etagOf(text);
    if (sameTag(request.headers['if-none-match'], etag)) return { status: 304, headers: { ETag: etag } };
    const shown = text.replace(/"@odata\.etag":"(?:[^"\\]|\\.)*"/, `"@odata.etag":${JSON.stringify(etag)}`);
    return {
      status: 200,
      text: shown,
      headers: { ETag: etag, Allow: allowHeader(path, session !== undefined) },
    };
  }

  function write(request: RedfishRequest, path: string): RedfishAnswer {
    if (request.method === 'DELETE' && sessions.delete(path)) return { status: 204 };
    const shown = sessions.read(path) ?? readResource(machine, path);
    const handler = handlerOf(request.method, path, shown);
    if (handler === undefined) {
      if (shown !== undefined)
        return notAllowed(request.method, path, allowed(path, sessions.read(path) !== undefined));
      return postHandler(machine, path) === undefined
        ? notFound(path)
        : notAllowed(request.method, path, ['POST']);
    }
    const wanted = request.headers['if-match'];
    if (wanted !== undefined && shown !== undefined && !sameTag(wanted, etagOf(JSON.stringify(shown))))
      return refuse(
        412,
        'PreconditionFailed',
        'The ETag supplied did not match the ETag of the current resource.',
        {
          resolution: 'Read the resource again and resubmit the request with its ETag.',
        },
      );
    const body = uploadPlace(machine, path) === undefined ? parseBody(request) : {};
    return body === undefined ? malformed() : handler(body, request.body);
  }

  function handlerOf(method: string, path: string, shown: Resource | undefined) {
    if (method === 'POST') return postHandler(machine, path);
    if (method === 'PATCH' && shown !== undefined) return patchHandler(machine, path, shown);
    return method === 'DELETE' ? deleteHandler(machine, path) : undefined;
  }

  /** Worked out once a resource: it takes parsing it, which a plain GET spares. */
  function allowHeader(path: string, isSession: boolean): string {
    const made = allows.get(path) ?? allowed(path, isSession).join(', ');
    if (allows.size < 2000) allows.set(path, made);
    return made;
  }

  function allowed(path: string, isSession: boolean): readonly string[] {
    const shown = readResource(machine, path);
    const isPatchable = shown !== undefined && patchHandler(machine, path, shown) !== undefined;
    const isPostable = path === machine.capture.outline.sessions || postHandler(machine, path) !== undefined;
    const isDeletable = (isSession && !isPostable) || deleteHandler(machine, path) !== undefined;
    return [
      'GET',
      'HEAD',
      ...(isPatchable ? ['PATCH'] : []),
      ...(isPostable ? ['POST'] : []),
      ...(isDeletable ? ['DELETE'] : []),
    ];
  }
}

const caches = new WeakMap<Capture, Map<string, string>>();

/** What a resource allows is the same on every machine of a capture. */
function allowCache(capture: Capture): Map<string, string> {
  const cache = caches.get(capture) ?? new Map<string, string>();
  caches.set(capture, cache);
  return cache;
}

/** The path without its trailing slash; Dell's short form of the session collection is the same one. */
function canonical(machine: Machine, path: string): string {
  const { sessions, maker } = machine.capture.outline;
  const trimmed = path.replace(/(?<=.)\/+$/, '');
  const match = maker === 'Dell' ? /^\/redfish\/v1\/Sessions(\/.*)?$/.exec(trimmed) : null;
  return match === null ? trimmed : `${sessions}${match[1] ?? ''}`;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function parseBody(request: RedfishRequest): Resource | undefined {
  if (request.body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(request.body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Resource)
      : undefined;
  } catch {
    return undefined;
  }
}

function malformed(): RedfishAnswer {
  return refuse(
    400,
    'MalformedJSON',
    'The request body was malformed JSON and could not be parsed by the service.',
  );
}

/** An ETag of what a resource says, its running clock left out so that it does not change by itself. */
function etagOf(text: string): string {
  const still = text.replaceAll(/"(?:DateTime|@odata\.etag)":"(?:[^"\\]|\\.)*"/g, '');
  return `W/"${createHash('sha1').update(still).digest('hex').slice(0, 16)}"`;
}

/** Whether an If-Match or If-None-Match names a tag; clients strip quotes and weakness, so those do not count. */
function sameTag(header: RequestHeaders[string], etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '').replaceAll('"', '');
  return (
    header !== undefined &&
    String(header)
      .split(',')
      .some((tag) => tag.trim() === '*' || bare(tag) === bare(etag))
  );
}

function withoutBodyForHead(method: string, answer: RedfishAnswer): RedfishAnswer {
  if (method !== 'HEAD') return answer;
  const { status, headers } = answer;
  return headers === undefined ? { status } : { status, headers };
}
