import { setMaxListeners } from 'node:events';
import { BringupError } from '../../contract/errors.ts';
import type { Resource } from '../reader.ts';
import { statusError } from './answers.ts';
import { createAuthoriser, type Authoriser } from './authoriser.ts';
import { readMembers } from './collection.ts';
import { cancelled, redfishError } from './errors.ts';
import { createExchange } from './exchange.ts';
import { createExpansion, type Expansion } from './expand.ts';
import { createGate } from './gate.ts';
import { createWire, type Answer, type Call } from './http.ts';
import { type Parsed, parseResource, pointInto } from './json.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { keepOpen } from './open-clients.ts';
import { persist } from './persist.ts';
import { readServiceRoot } from './root.ts';
import { createStore } from './store.ts';
import type { CertificateFacts, ChangeAnswer, RedfishClient, RedfishClientOptions } from './types.ts';
import { keyOf, parseOrigin, resolveLink, ROOT } from './uri.ts';

const HEADERS = { Accept: 'application/json', 'OData-Version': '4.0' } as const;

/** Makes a client for one BMC. Throws REDFISH_ADDRESS or REDFISH_PLAIN_HTTP; nothing is sent before the first call. */
export function createRedfishClient(options: RedfishClientOptions): RedfishClient {
  const { credential, signal } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const origin = parseOrigin(options.base, options.dial !== undefined);
  const name = `${options.label ?? 'BMC'} (${origin.name})`;
  const clock = options.clock ?? { now: () => new Date() };
  const closing = new AbortController();
  // Every request under way listens, which is no leak.
  setMaxListeners(0, closing.signal, ...(signal === undefined ? [] : [signal]));
  const store = createStore();
  const underway = new Map<string, Promise<Resource>>();
  let certificate: CertificateFacts | undefined;
  let openly: Promise<Resource> | undefined;
  let expansion: Expansion | undefined;
  let closed: Promise<void> | undefined;

  const wire = createWire(
    {
      origin,
      name,
      // Without a credential nothing secret is sent, so a look is allowed before there is trust.
      trust: options.trust ?? (credential === undefined ? undefined : {}),
      dial: options.dial,
      seconds: limits.connectSeconds,
      signal: closing.signal,
      onCertificate: (facts) => (certificate = facts),
    },
    // One more than requests at once: the logout must not wait for a request that hangs.
    limits.perBmc + 1,
  );
  const gates = { own: createGate(limits.perBmc), overall: options.overall };
  const exchange = createExchange(wire, origin, name, limits, gates, signal);
  const pathOf = (link: string): string | undefined =>
    URL.canParse(link, origin.url.href) ? new URL(link, origin.url).pathname : undefined;
  const authoriser: Authoriser | undefined =
    credential === undefined
      ? undefined
      : createAuthoriser(options, credential, {
          name,
          exchange,
          limits,
          clock,
          root: () => openRoot(),
          pathOf,
        });

  /** Each body is read as JSON once. */
  const parsedAnswers = new WeakMap<Answer, Parsed>();
  const parse = (answer: Answer): Parsed => {
    const parsed = parsedAnswers.get(answer) ?? parseResource(answer.body, limits.depth);
    parsedAnswers.set(answer, parsed);
    return parsed;
  };
  const send = (call: Call, openly = false): Promise<Answer> => {
    if (closed !== undefined) throw cancelled(`using ${name}, which has been closed`);
    const ports = { name, limits, clock, signal, onStrain: exchange.slowDown };
    const by = openly || authoriser === undefined ? exchange.send : authoriser.send;
    return persist(
      ports,
      call,
      (one) => by(one),
      (answer) => {
        const parsed = parse(answer);
        return 'wrong' in parsed ? parsed.wrong : undefined;
      },
    );
  };
  /** Reads a path; `kept` resources are remembered, and asked for by ETag the next time. */
  const read = async (
    path: string,
    how: { readonly openly?: boolean; readonly kept: boolean },
  ): Promise<Resource> => {
    const before = how.kept ? store.find(path) : undefined;
    const headers = before?.etag === undefined ? HEADERS : { ...HEADERS, 'If-None-Match': before.etag };
    const answer = await send({ method: 'GET', path, headers }, how.openly);
    if (answer.status === 304 && before !== undefined) return before.resource;
    if (answer.status !== 200) throw statusError(name, `GET ${path}`, answer);
    const resource = bodyOf(parse(answer)) ?? {};
    if (how.kept) store.keep(path, resource, etagOf(answer, resource));
    return resource;
  };
  /** The same resource asked for twice at the same moment is read once. */
  const share = (path: string): Promise<Resource> => {
    const running = underway.get(path);
    if (running !== undefined) return running;
    const reading = read(path, { kept: true }).finally(() => underway.delete(path));
    underway.set(path, reading);
    return reading;
  };
  /** The service root as anybody may read it; asked for anew after a failure. */
  const openRoot = (): Promise<Resource> => {
    openly ??= readServiceRoot(name, (path) => read(path, { openly: true, kept: true })).catch(
      (error: unknown) => {
        openly = undefined;
        throw error;
      },
    );
    return openly;
  };
  const root = (): Promise<Resource> =>
    openRoot().catch((thrown: unknown) => {
      // Some BMCs keep even their service root to themselves, against the standard.
      const guarded = thrown instanceof BringupError && thrown.code === 'REDFISH_FORBIDDEN';
      if (!guarded || authoriser === undefined) throw thrown;
      return share(ROOT);
    });
  const get = async (uri: string): Promise<Resource> => {
    const { path, pointer } = resolveLink(origin, uri);
    const resource = await (keyOf(path) === keyOf(ROOT) ? root() : share(path));
    const part = pointer === undefined ? resource : pointInto(resource, pointer);
    if (part === undefined) {
      throw redfishError(
        'REDFISH_NOT_FOUND',
        `${name} has no ${uri}.`,
        'This BMC does not offer that resource.',
      );
    }
    return part;
  };
  const change = async (method: string, uri: string, content?: unknown): Promise<ChangeAnswer> => {
    const { path } = resolveLink(origin, uri);
    const etag = method === 'POST' ? undefined : store.find(path)?.etag;
    const headers = {
      ...HEADERS,
      ...(content === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(etag === undefined ? {} : { 'If-Match': etag }),
    };
    const call = { method, path, headers };
    const answer = await send(content === undefined ? call : { ...call, body: JSON.stringify(content) });
    if (answer.status < 200 || answer.status > 299) throw statusError(name, `${method} ${path}`, answer);
    const body = bodyOf(parse(answer));
    const { location } = answer.headers;
    return {
      status: answer.status,
      ...(location === undefined ? {} : { location: resolveLink(origin, location).path }),
      ...(body === undefined ? {} : { body }),
    };
  };
  const collection = {
    name,
    limits,
    expansion: async () => {
      const found = await root();
      return (expansion ??= createExpansion(found));
    },
    page: (link: string) => read(resolveLink(origin, link).path, { kept: false }),
    get,
    keep: store.keep,
    keyOf: (link: string) => keyOf(resolveLink(origin, link).path),
  };
  const client: RedfishClient = {
    address: origin.name,
    root,
    get,
    members: async (uri, onGap = () => undefined) =>
      readMembers(collection, resolveLink(origin, uri).path, onGap),
    post: (uri, body) => change('POST', uri, body),
    patch: (uri, body) => change('PATCH', uri, body),
    delete: (uri) => change('DELETE', uri),
    raw: store.all,
    certificate: () => certificate,
    lost: exchange.lost,
    requests: exchange.count,
    close: () => {
      closed ??= (authoriser?.logOut() ?? Promise.resolve()).finally(() => {
        closing.abort();
        wire.close();
        forget();
      });
      return closed;
    },
  };
  const forget = keepOpen(client);
  return client;
}

function bodyOf(parsed: Parsed): Resource | undefined {
  return 'resource' in parsed ? parsed.resource : undefined;
}

function etagOf({ headers }: Answer, resource: Resource): string | undefined {
  const inBody = resource['@odata.etag'];
  return headers.etag ?? (typeof inBody === 'string' ? inBody : undefined);
}
