import { execa } from 'execa';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

type Json = Record<string, unknown>;

/** One request as the BMC saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers a request in the BMC's place; `false` lets the BMC answer. */
export type Script = (seen: Seen, response: ServerResponse, times: number) => boolean | Promise<boolean>;

/** A BMC of the test's own: resources from a map, sessions, and whatever the script does to them. */
export interface TestBmc {
  readonly base: string;
  readonly port: number;
  readonly seen: readonly Seen[];
  /** Tokens of sessions that have not been ended. */
  readonly sessions: Map<string, string>;
  readonly connections: () => number;
  script: Script | undefined;
  close(): Promise<void>;
}

export const LOGIN = { username: 'admin', password: 'test-bmc-password' } as const;
export const SESSIONS = '/redfish/v1/SessionService/Sessions';

/** A tree with the least a machine has; `more` adds or replaces resources. */
export function smallTree(more: Readonly<Record<string, Json>> = {}): Record<string, Json> {
  const link = (uri: string): Json => ({ '@odata.id': uri });
  const tree: Record<string, Json> = {
    '/redfish/v1': {
      Id: 'RootService',
      RedfishVersion: '1.13.0',
      Systems: link('/redfish/v1/Systems'),
      Managers: link('/redfish/v1/Managers'),
      SessionService: link('/redfish/v1/SessionService'),
      Links: { Sessions: link(SESSIONS) },
    },
    '/redfish/v1/Systems': { Members: [link('/redfish/v1/Systems/1')], 'Members@odata.count': 1 },
    '/redfish/v1/Systems/1': { Id: '1', SerialNumber: 'TEST0001', Model: 'Test 1', PowerState: 'On' },
    ...more,
  };
  return Object.fromEntries(Object.entries(tree).map(([uri, body]) => [uri, { '@odata.id': uri, ...body }]));
}

/** A collection of `count` members named by number, as resources of a tree. */
export function collection(uri: string, count: number): Record<string, Json> {
  const members = Array.from({ length: count }, (_, index) => `${uri}/${index + 1}`);
  const list = { 'Members@odata.count': count, Members: members.map((member) => ({ '@odata.id': member })) };
  return {
    [uri]: { '@odata.id': uri, ...list },
    ...Object.fromEntries(
      members.map((member, index) => [member, { '@odata.id': member, Id: `${index + 1}` }]),
    ),
  };
}

/** Starts it on loopback; `tls: false` speaks plain http. */
export async function startBmc(
  options: {
    readonly tree?: Record<string, Json>;
    readonly tls?: ServerOptions | false;
    readonly script?: Script;
  } = {},
): Promise<TestBmc> {
  const tree = options.tree ?? smallTree();
  const seen: Seen[] = [];
  const sessions = new Map<string, string>();
  const sockets = new Set<Socket>();
  const times = new Map<string, number>();
  let connections = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/', headers } = request;
    const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
    seen.push(one);
    const key = `${method} ${url}`;
    times.set(key, (times.get(key) ?? 0) + 1);
    if ((await bmc.script?.(one, response, times.get(key)!)) === true) return;
    const reply = respond(one, tree, sessions);
    response.writeHead(reply.status, { 'Content-Type': 'application/json', ...reply.headers });
    response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch(() => response.destroy());
  };
  const server =
    options.tls === false
      ? createHttp(listener)
      : createHttps(options.tls ?? (await ownCertificate()), listener);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const bmc: TestBmc = {
    base: `${options.tls === false ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    seen,
    sessions,
    connections: () => connections,
    script: options.script,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return bmc;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function respond(seen: Seen, tree: Record<string, Json>, sessions: Map<string, string>): Reply {
  const uri = seen.url.replace(/\?.*$/, '').replace(/\/$/, '');
  if (seen.method === 'POST' && uri === SESSIONS) return logIn(seen, sessions);
  const basic = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`;
  const token = seen.headers['x-auth-token'];
  const allowed = (typeof token === 'string' && sessions.has(token)) || seen.headers.authorization === basic;
  if (!allowed && uri !== '/redfish/v1') return failure(401, 'Base.1.8.NoValidSession', 'A login is needed.');
  if (seen.method === 'DELETE') {
    for (const [known, session] of sessions) if (session === uri) sessions.delete(known);
    return { status: 204 };
  }
  const found = tree[uri];
  return found === undefined
    ? failure(404, 'Base.1.8.ResourceMissingAtURI', `There is no ${uri}.`)
    : { status: 200, body: found };
}

function logIn(seen: Seen, sessions: Map<string, string>): Reply {
  const { UserName, Password } = JSON.parse(seen.body) as { UserName?: string; Password?: string };
  if (UserName !== LOGIN.username || Password !== LOGIN.password) {
    return failure(401, 'Base.1.8.InvalidCredentials', 'Wrong user or password.');
  }
  const token = randomBytes(8).toString('hex');
  sessions.set(token, `${SESSIONS}/${token.slice(0, 4)}`);
  return {
    status: 201,
    headers: { 'X-Auth-Token': token, Location: `${SESSIONS}/${token.slice(0, 4)}` },
    body: { '@odata.id': `${SESSIONS}/${token.slice(0, 4)}` },
  };
}

/** An error body of the standard's form. */
export function failure(status: number, id: string, message: string): Reply {
  const info = [{ MessageId: id, Message: message }];
  return { status, body: { error: { code: id, message, '@Message.ExtendedInfo': info } } };
}

/** Writes an error body of the standard's form. */
export function fail(response: ServerResponse, status: number, id: string, message: string): true {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(failure(status, id, message).body));
  return true;
}

/** Writes any body. */
export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
  return true;
}

/** A certificate with its key, and its fingerprint. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
  readonly sha256: string;
}

let shared: Promise<TestCertificate> | undefined;

/** A self-signed certificate that nobody knows, made once a test file. */
export function ownCertificate(): Promise<TestCertificate> {
  return (shared ??= makeCertificate());
}

/** Makes a self-signed certificate with openssl; `args` are added to `openssl req`, an expired one ended yesterday. */
export async function makeCertificate(
  args: readonly string[] = [],
  kind = 'ec:P-256',
  state: 'valid' | 'expired' = 'valid',
): Promise<TestCertificate> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-bmc-'));
  try {
    const [keyFile, certFile] = [path.join(folder, 'key'), path.join(folder, 'cert')];
    const type = kind.startsWith('ec:')
      ? ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${kind.slice(3)}`]
      : ['-newkey', kind];
    const to = ['-noenc', '-keyout', keyFile, '-out', certFile, '-subj', '/O=Test/CN=test-bmc'];
    await execa('openssl', ['req', '-x509', ...type, ...to, ...args]);
    if (state === 'expired') {
      await execa('openssl', ['x509', '-in', certFile, '-signkey', keyFile, '-days', '-1', '-out', certFile]);
    }
    // As openssl prints it, which is what an engineer compares: AB:CD:...
    const print = ['x509', '-in', certFile, '-noout', '-fingerprint', '-sha256'];
    const { stdout } = await execa('openssl', print);
    const [cert, key] = [await readFile(certFile, 'utf8'), await readFile(keyFile, 'utf8')];
    return { key, cert, sha256: stdout.split('=')[1]!.trim() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
