import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { BringupClient } from '../../src/contract/api.ts';
import { BringupError, EXIT, toErrorData } from '../../src/contract/errors.ts';
import { addEntrances, cookieNames, isEntrance, WAITING } from './entrance.ts';
import { accessOf, refuseForeign, type Access, type GuardedRequest, type GuardRules } from './guard.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { checkListen, hostNames, type ServerTls } from './listen.ts';
import { addRoutes } from './routes.ts';
import { createShares } from './shares.ts';

export interface ServerOptions {
  /** The application service; every command of the API table and the events of a run. */
  readonly service: Pick<BringupClient, 'call' | 'subscribe'>;
  /** Folder of the built renderer. */
  readonly dir: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1; beyond loopback only together with `tls`. */
  readonly host?: string;
  readonly tls?: ServerTls;
  /** Default: 256 random bits. */
  readonly token?: string;
}

export interface RunningServer {
  /** The link to open; it carries the token, so it is printed to the engineer and nowhere else. */
  readonly url: string;
  readonly token: string;
  /** A page that says nothing and needs no token, for a window that is led on from there. */
  readonly waitingUrl: string;
  /** The link with which a second person may watch this run, and do nothing. */
  share(run: string): string;
  close(): Promise<void>;
}

/** Commands are small; a body beyond this many bytes is refused before it is read. */
const BODY_LIMIT = 256 * 1024;
/** Whoever takes longer than this (ms) to send a request is let go. */
const REQUEST_TIMEOUT = 30_000;

/** Starts the browser host: token guard first, then commands, events and the renderer. Throws LISTEN_NEEDS_TLS, TLS_UNUSABLE, SERVER_PORT. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { tls, host = '127.0.0.1', token = randomBytes(32).toString('base64url') } = options;
  checkListen(host, tls);
  const shares = createShares();
  const rules: { -readonly [K in keyof GuardRules]: GuardRules[K] } = {
    token,
    session: randomBytes(32).toString('base64url'),
    hosts: [],
    scheme: tls === undefined ? 'http' : 'https',
    sharedWith: shares.ofSession,
  };
  const limits = { bodyLimit: BODY_LIMIT, requestTimeout: REQUEST_TIMEOUT };
  const app: FastifyInstance =
    tls === undefined ? Fastify(limits) : Fastify({ ...limits, https: { ...tls } });
  const dropConnections = trackConnections(app.server);
  await app.register(fastifyCookie);
  const known = guard(app, rules);
  addEntrances(app, rules, shares);
  await app.register(fastifyWebsocket, { options: { maxPayload: 4096 } });
  await app.register(fastifyStatic, { root: options.dir, cacheControl: false });
  const link = (page: string, value: string): string => {
    return `${rules.scheme}://${rules.hosts[0] ?? ''}/${page}?token=${value}`;
  };
  addRoutes(app, {
    service: options.service,
    shares,
    accessOf: known,
    watchLink: (value) => link('watch', value),
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(async (_request, reply) => {
    await reply
      .code(404)
      .send(toErrorData(new BringupError({ code: 'NOT_FOUND', message: 'There is no such page.' })));
  });
  await app.listen({ host, port: options.port ?? 0 }).catch((cause: unknown) => {
    throw listenError(host, options.port ?? 0, cause);
  });
  const address = app.server.address();
  const port = String(typeof address === 'object' ? address?.port : options.port);
  rules.hosts = hostNames(host, tls).map((name) => `${name}:${port}`);
  return {
    url: link('open', token),
    token,
    waitingUrl: `${rules.scheme}://${rules.hosts[0] ?? ''}${WAITING}`,
    share: (run) => link('watch', shares.open(run)),
    close: async () => {
      dropConnections();
      await app.close();
    },
  };
}

/** Node forgets connections that asked for an upgrade; one such reader would keep the server from closing. */
function trackConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

/** Puts the guard before everything else; returns what an admitted request may do. */
function guard(app: FastifyInstance, rules: GuardRules): (request: FastifyRequest) => Access {
  const admitted = new WeakMap<object, Access>();
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const guarded = guardedRequest(request, rules);
    const enters = isEntrance(request.method, request.url);
    const answer = refuseForeign(guarded, rules) ?? (enters ? null : accessOf(guarded, rules));
    if (answer === null) return;
    if ('may' in answer) {
      admitted.set(request.raw, answer);
      return;
    }
    const { status, code, message } = answer;
    await reply
      .code(status)
      .header('connection', 'close')
      .send(toErrorData(new BringupError({ code, message, exit: EXIT.connection })));
  });
  return (request) => {
    const access = admitted.get(request.raw);
    if (access === undefined) throw new Error('A request came past the guard.');
    return access;
  };
}

function guardedRequest(request: FastifyRequest, rules: GuardRules): GuardedRequest {
  const names = cookieNames(rules);
  return {
    method: request.method,
    upgrade: request.headers.upgrade !== undefined,
    host: request.headers.host,
    origin: request.headers.origin,
    authorization: request.headers.authorization,
    session: request.cookies[names.session],
    watching: request.cookies[names.watching],
  };
}

async function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (error instanceof BringupError) {
    await reply.code(error.code === 'VIEW_ONLY' ? 403 : 422).send(toErrorData(error));
    return;
  }
  const status = statusOf(error);
  if (status >= 500) {
    await reply.code(500).send(toErrorData(error));
    return;
  }
  const message = error instanceof Error ? error.message : 'The request could not be read.';
  await reply
    .code(status)
    .send(toErrorData(new BringupError({ code: 'BAD_REQUEST', message, exit: EXIT.invalid })));
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}

function listenError(host: string, port: number, cause: unknown): BringupError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const isElsewhere = code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND';
  return new BringupError({
    code: 'SERVER_PORT',
    message: `Bringup cannot listen on ${host} port ${port} (${code}).`,
    hint: isElsewhere
      ? 'Name an address that this machine has; leave --listen out for loopback.'
      : 'Choose another port with --port, or leave it out for any free one.',
    cause,
  });
}
