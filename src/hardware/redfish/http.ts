import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Duplex } from 'node:stream';
import { openConnection, type DialOptions } from './dial.ts';
import { cancelled, linkError, tooLarge, tooSlow } from './errors.ts';

/** One HTTP request; `path` includes the query. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One HTTP answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WireLimits {
  readonly requestSeconds: number;
  readonly bodyBytes: number;
}

/** Kept-alive connections to one BMC. */
export interface Wire {
  /** Sends one request; rejects with REDFISH_CLOSED, REDFISH_TIMEOUT, REDFISH_TOO_LARGE, or as the dialling does. */
  send(call: Call, limits: WireLimits, signal?: AbortSignal): Promise<Answer>;
  close(): void;
}

const HEADER_BYTES = 64 * 1024;

/** Makes the connections to one BMC: at most `sockets` at once, opened when needed and used again. */
export function createWire(dial: DialOptions, sockets: number): Wire {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: sockets,
    maxFreeSockets: sockets,
    scheduling: 'lifo',
  });
  const open = (_options: unknown, callback: (error: Error | null, stream?: Duplex) => void): void => {
    openConnection(dial).then(
      (stream) => callback(null, stream),
      (error: Error) => callback(error),
    );
  };
  // A connection that is still to be made is handed to the agent by the callback (node:http, agent.createConnection).
  Object.assign(agent, { createConnection: open });

  const once = (call: Call, limits: WireLimits, signal: AbortSignal | undefined): Promise<Answer | 'stale'> =>
    new Promise((resolve, reject) => {
      const what = `${call.method} ${call.path}`;
      if (signal?.aborted === true) return reject(cancelled(`${what} at ${dial.name}`));
      const bytes = call.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(call.body)) };
      const request = httpRequest({
        agent,
        host: dial.origin.host,
        port: dial.origin.port,
        method: call.method,
        path: call.path,
        headers: { Host: dial.origin.url.host, 'Accept-Encoding': 'identity', ...call.headers, ...bytes },
        maxHeaderSize: HEADER_BYTES,
      });
      let answered = false;
      const stop = (error: Error): void => {
        finish();
        request.destroy();
        reject(error);
      };
      const onAbort = (): void => stop(cancelled(`${what} at ${dial.name}`));
      const timer = setTimeout(
        () => stop(tooSlow(dial.name, what, limits.requestSeconds)),
        limits.requestSeconds * 1000,
      );
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      signal?.addEventListener('abort', onAbort);
      request.on('error', (error) => {
        finish();
        // The BMC closed an idle connection just when it was used again: it never saw the request.
        const lost = ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
        if (lost && request.reusedSocket && !answered) return resolve('stale');
        reject(linkError(dial.name, error));
      });
      request.on('response', (response) => {
        answered = true;
        collect(response, limits.bodyBytes, () => tooLarge(dial.name, what, limits.bodyBytes)).then(
          (body) => {
            finish();
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
          },
          (error: unknown) => stop(linkError(dial.name, error)),
        );
      });
      request.end(call.body);
    });

  return {
    send: async (call, limits, signal) => {
      for (let attempt = 0; attempt <= sockets; attempt += 1) {
        const answer = await once(call, limits, signal);
        if (answer !== 'stale') return answer;
      }
      throw linkError(
        dial.name,
        Object.assign(new Error('every connection was closed'), { code: 'ECONNRESET' }),
      );
    },
    close: () => agent.destroy(),
  };
}

/** Reads a body to its end, unpacked, as long as it stays within the limit. */
async function collect(response: IncomingMessage, limit: number, tooMuch: () => Error): Promise<string> {
  const body = unpack(response);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      throw tooMuch();
    }
    chunks.push(chunk);
  }
  if (!response.complete)
    throw Object.assign(new Error('the answer ended too early'), { code: 'ECONNRESET' });
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

/** Some BMCs (iLO for its registries) compress although asked not to. */
function unpack(response: IncomingMessage): AsyncIterable<unknown> {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const unpacker =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : undefined;
  if (unpacker === undefined) return response;
  response.on('error', (error) => unpacker.destroy(error));
  return response.pipe(unpacker);
}
