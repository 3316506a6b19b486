import { readFileSync, statSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { type BmcCertificate, certificatePin, makeCertificate } from '../bmc/index.ts';
import { openBmc } from './bmc-client.ts';
import { CONTROL_PATH, controlFaults } from './control.ts';
import { type OmeAnswer, refusal } from './errors.ts';
import { type OmeFault, parseOmeFaults, takeOmePathFault } from './faults.ts';
import { createSaver } from './saver.ts';
import { JOB_RUNNERS, createOmeService } from './service.ts';
import { initialOmeState, readOmeState } from './state.ts';
import type { Ome, OmeLogin, OmeState, OmeTimings } from './types.ts';

/** One OME to simulate. Everything has a default; it always serves https. */
export interface OmeSimulatorOptions {
  readonly login?: OmeLogin;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default any free port. */
  readonly port?: number;
  /** A certificate of its own is made when left out. */
  readonly tls?: BmcCertificate;
  /** Where the state is kept between runs; in memory only when left out. It holds passwords of BMCs. */
  readonly stateFile?: string;
  /** A file of faults (a JSON list) that is looked at before each request. */
  readonly faultsFile?: string;
  readonly timings?: Partial<OmeTimings>;
  /** Members of a collection on one page; 50 by default. */
  readonly pageSize?: number;
  /** Told of each request as it comes in. */
  readonly onRequest?: (method: string, url: string) => void;
}

/** A running simulator of OpenManage Enterprise. */
export interface OmeSimulator {
  /** As a client dials it: `https://127.0.0.1:9443`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly login: OmeLogin;
  /** The certificate to trust or pin. */
  readonly certificate: { readonly pem: string; readonly sha256: string };
  /** The live state. */
  state(): Readonly<OmeState>;
  setFaults(faults: readonly OmeFault[]): void;
  stats(): { readonly requests: number; readonly failedLogins: number; readonly openSessions: number };
  close(): Promise<void>;
}

const DEFAULT_LOGIN: OmeLogin = { username: 'admin', password: 'simulated-ome-password' };
const DEFAULT_TIMINGS: OmeTimings = { job: 2, poll: 0.5, patience: 600 };
/** Update packages are uploaded whole; the largest that Dell ships are below this. */
const BODY_LIMIT = 1024 * 1024 * 1024;

/** Starts a simulated OME in this process. */
export async function createOmeSimulator(options: OmeSimulatorOptions = {}): Promise<OmeSimulator> {
  const { host = '127.0.0.1', login = DEFAULT_LOGIN, stateFile, faultsFile } = options;
  const tls = options.tls ?? (await makeCertificate([host, 'simulated-ome']));
  const closing = new AbortController();
  const state =
    (stateFile === undefined ? undefined : readOmeState(stateFile)) ?? initialOmeState(Date.now());
  const saver = createSaver(stateFile, () => JSON.stringify(state));
  const ome: Ome = {
    login,
    timings: { ...DEFAULT_TIMINGS, ...options.timings },
    pageSize: options.pageSize ?? 50,
    state,
    runners: JOB_RUNNERS,
    closing: closing.signal,
    faults: [],
    now: Date.now,
    takeId: () => state.nextId++,
    save: saver.changed,
    connect: (access) => openBmc(access, closing.signal),
  };
  const service = createOmeService(ome);
  const setFaults = (faults: readonly OmeFault[]) =>
    void (ome.faults = faults.map((fault) => ({ ...fault })));
  const follow = faultsFile === undefined ? () => undefined : faultsFollower(faultsFile, setFaults);
  let requests = 0;

  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    serverFactory: (handler) => https.createServer({ ...tls }, handler),
    forceCloseConnections: true,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const bodyOf = (request: FastifyRequest) =>
    Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const send = (reply: FastifyReply, { status, headers = {}, body }: OmeAnswer) => {
    const common = { Server: 'Bringup-OME-Simulator', 'Cache-Control': 'no-cache', 'OData-Version': '4.0' };
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    return reply
      .code(status)
      .headers({ ...common, ...type, ...headers })
      .send(body === undefined ? '' : JSON.stringify(body));
  };
  app.all(CONTROL_PATH, (request, reply) => {
    const { method, headers } = request;
    const contentType = headers['content-type'] ?? '';
    const remote = request.socket.remoteAddress ?? '';
    const asked = { method, remote, contentType, body: bodyOf(request) };
    return send(reply, controlFaults(asked, { current: ome.faults, set: setFaults }));
  });
  app.all('*', async (request, reply) => {
    requests += 1;
    options.onRequest?.(request.method, request.url);
    follow();
    const { method, url, headers } = request;
    if (takeOmePathFault(ome.faults, 'away', url) !== undefined) {
      request.raw.socket.destroy();
      return reply.hijack();
    }
    return send(reply, await service.answer({ method, url, headers, body: bodyOf(request) }));
  });
  app.setErrorHandler((error: Error & { readonly statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500)
      process.stderr.write(`${request.method} ${request.url}: ${error.stack ?? error.message}\n`);
    const text = 'Unable to process the request because an error occurred.';
    return send(reply, refusal(status, 'GEN1234', text).answer);
  });
  await app.listen({ host, port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;

  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}${port === 443 ? '' : `:${port}`}`,
    host,
    port,
    login,
    certificate: { pem: tls.cert, sha256: certificatePin(tls.cert) },
    state: () => state,
    setFaults,
    stats: () => ({
      requests,
      failedLogins: service.sessions.failedLogins(),
      openSessions: service.sessions.open(),
    }),
    close: async () => {
      closing.abort();
      await app.close();
      saver.flush();
    },
  };
}

/** Reads a file of faults again whenever it has changed; when it is gone there are none. */
function faultsFollower(file: string, set: (faults: readonly OmeFault[]) => void): () => void {
  let read = 0;
  return () => {
    const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (changed === read) return;
    read = changed;
    set(changed === 0 ? [] : parseOmeFaults(JSON.parse(readFileSync(file, 'utf8'))));
  };
}
