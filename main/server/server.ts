import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { BringupClient } from '../../src/contract/api.ts';
import { BringupError, EXIT, toErrorData } from '../../src/contract/errors.ts';
import { refuseForeign, refuseUnknown, sameSecret, type GuardedRequest, type GuardRules } from './guard.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { addRoutes } from './routes.ts';

export interface ServerOptions {
  /** The application service; every command of the API table and the events of a run. */
  readonly service: Pick<BringupClient, 'call' | 'subscribe'>;
  /** Folder of the built renderer. */
  readonly dir: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1; the server is meant for loopback only. */
  readonly host?: string;
  /** Default: 256 random bits. */
  readonly token?: string;
}

export interface RunningServer {
  /** The link to open; it carries the token, so it is printed to the engineer and nowhere else. */
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

/** Commands are small; a body beyond this many bytes is refused before it is read. */
const BODY_LIMIT = 256 * 1024;

/** Starts the browser host on loopback: token guard first, then commands, events and the renderer. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  const token = options.token ?? randomBytes(32).toString('base64url');
  const rules: { -readonly [K in keyof GuardRules]: GuardRules[K] } = {
    token,
    session: randomBytes(32).toString('base64url'),
    hosts: [],
  };
  const app = Fastify({ bodyLimit: BODY_LIMIT });
  const dropConnections = trackConnections(app.server);
  await app.register(fastifyCookie);
  guard(app, rules);
  await app.register(fastifyWebsocket, { options: { maxPayload: 4096 } });
  await app.register(fastifyStatic, { root: options.dir, cacheControl: false });
  addRoutes(app, options.service);
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
  const written = host.includes(':') ? `[${host}]` : host;
  rules.hosts = [`${written}:${port}`, `localhost:${port}`];
  return {
    url: `http://${written}:${port}/open?token=${token}`,
    token,
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

/** Cookies are shared by all ports of a host, so each server names its own. */
function cookieName(rules: GuardRules): string {
  return `bringup_${rules.hosts[0]?.split(':').at(-1) ?? ''}`;
}

function guard(app: FastifyInstance, rules: GuardRules): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const guarded = guardedRequest(request, rules);
    const refusal = refuseForeign(guarded, rules);
    const exchange = request.method === 'GET' && request.url.startsWith('/open?');
    const refused = refusal ?? (exchange ? null : refuseUnknown(guarded, rules));
    if (refused === null) return;
    const { status, code, message } = refused;
    await reply
      .code(status)
      .header('connection', 'close')
      .send(toErrorData(new BringupError({ code, message, exit: EXIT.connection })));
  });
  app.get<{ Querystring: { token?: string } }>('/open', async (request, reply) => {
    if (!sameSecret(String(request.query.token ?? ''), rules.token)) {
      const message =
        'This link is not of the server that runs now. Open the link that `bringup serve` printed last.';
      return reply.code(401).send(toErrorData(new BringupError({ code: 'TOKEN_WRONG', message })));
    }
    reply.setCookie(cookieName(rules), rules.session, { httpOnly: true, sameSite: 'strict', path: '/' });
    return reply.type('text/html; charset=utf-8').send(ENTER);
  });
}

/**
 * Leads on by a refresh of our own page rather than by a redirect: a browser sends a SameSite=Strict cookie only along
 * navigation that began on the site itself. The refresh also takes the token out of the address and the history.
 */
const ENTER = '<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Bringup</title>';

function guardedRequest(request: FastifyRequest, rules: GuardRules): GuardedRequest {
  return {
    method: request.method,
    upgrade: request.headers.upgrade !== undefined,
    host: request.headers.host,
    origin: request.headers.origin,
    authorization: request.headers.authorization,
    session: request.cookies[cookieName(rules)],
  };
}

async function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (error instanceof BringupError) {
    await reply.code(422).send(toErrorData(error));
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
  return new BringupError({
    code: 'SERVER_PORT',
    message: `Bringup cannot listen on ${host} port ${port} (${code}).`,
    hint: 'Choose another port with --port, or leave it out for any free one.',
    cause,
  });
}
