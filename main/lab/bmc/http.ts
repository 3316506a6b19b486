import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeFault } from './faults.ts';
import type { Machine } from './types.ts';
import { type RedfishAnswer, refuse } from './messages.ts';
import type { RedfishService } from './service.ts';

const BODY_LIMIT = 1024 * 1024;
/** Of an upload only the head matters: which file it is. The image itself is swallowed. */
const UPLOAD_HEAD = 64 * 1024;
const HEADERS = { 'OData-Version': '4.0', 'Cache-Control': 'no-cache', Server: 'Bringup-BMC-Simulator' };

/** Answers one HTTP request of a machine, with the faults of the wire that are switched on. */
export async function serveRequest(
  machine: Machine,
  service: RedfishService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const fault = <K extends Parameters<typeof takeFault>[1]>(kind: K) => takeFault(machine.faults, kind, url);
  const body = await readBody(request);
  const latency = fault('latency');
  if (latency !== undefined) await sleep(latency.ms + Math.random() * (latency.jitter ?? 0));
  // The connection stays open until the client, or the simulator, gives up.
  if (fault('silent') !== undefined) return;
  if (fault('reset') !== undefined) return void resetConnection(request);
  const answer =
    body === undefined ? tooLarge() : (unavailable() ?? service.answer({ method, url, headers, body }));
  const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  await send(answer, text);

  function unavailable(): RedfishAnswer | undefined {
    const found = fault('unavailable');
    if (found === undefined) return undefined;
    const refused = refuse(503, 'ServiceTemporarilyUnavailable', 'The service is temporarily unavailable.');
    return found.retryAfter === undefined
      ? refused
      : { ...refused, headers: { 'Retry-After': String(found.retryAfter) } };
  }

  async function send({ status, headers: own = {} }: RedfishAnswer, whole: string): Promise<void> {
    const isJson = whole !== '' && own['Content-Type'] === undefined;
    const type = isJson ? { 'Content-Type': 'application/json; charset=utf-8' } : {};
    const common = { ...HEADERS, ...type, ...own };
    const canSpoil = status === 200 && whole !== '';
    if (canSpoil && fault('empty') !== undefined) {
      response.writeHead(200, common).end();
    } else if (canSpoil && fault('malformed') !== undefined) {
      response.writeHead(200, common).end(`${whole.slice(0, -1)},"Oem":{`);
    } else if (canSpoil && fault('truncated') !== undefined) {
      response.writeHead(200, { ...common, 'Content-Length': Buffer.byteLength(whole) });
      response.write(whole.slice(0, Math.floor(whole.length / 2)), () => request.socket.destroy());
    } else if (canSpoil && (await sentSlowly(whole, common))) return;
    else if (status === 204 || status === 304) response.writeHead(status, common).end();
    else response.writeHead(status, { ...common, ...lengthOf(whole) }).end(whole);
  }

  /** HEAD answers keep the headers of their GET, so no length is claimed for an empty body of theirs. */
  function lengthOf(whole: string): Record<string, number> {
    return method === 'HEAD' ? {} : { 'Content-Length': Buffer.byteLength(whole) };
  }

  async function sentSlowly(whole: string, common: OutgoingHttpHeaders): Promise<boolean> {
    const huge = fault('huge');
    if (huge !== undefined) {
      response.writeHead(200, common).write('{"Padding":"');
      const piece = 'x'.repeat(1024 * 1024);
      for (let sent = 0; sent < huge.mebibytes && !response.destroyed; sent += 1)
        await written(response, piece);
      response.end('"}');
      return true;
    }
    const drip = fault('drip');
    if (drip === undefined) return false;
    response.writeHead(200, { ...common, ...lengthOf(whole) });
    const step = Math.max(1, Math.floor(drip.bytesPerSecond / 10));
    const bytes = Buffer.from(whole);
    for (let sent = 0; sent < bytes.length && !response.destroyed; sent += step) {
      response.write(bytes.subarray(sent, sent + step));
      await sleep(100);
    }
    response.end();
    return true;
  }
}

/** A body as text: whole up to a limit, the head of an upload, undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const isUpload = /multipart|octet-stream/.test(request.headers['content-type'] ?? '');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= (isUpload ? UPLOAD_HEAD : BODY_LIMIT)) chunks.push(chunk);
  }
  return !isUpload && size > BODY_LIMIT ? undefined : Buffer.concat(chunks).toString('utf8');
}

function tooLarge(): RedfishAnswer {
  return refuse(413, 'PayloadTooLarge', 'The request body is too large.');
}

function written(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.write(text, () => {
      response.off('close', resolve);
      resolve();
    });
  });
}

function resetConnection(request: IncomingMessage): void {
  // The reset has to come from the TCP socket; on a TLS socket only closing is possible.
  if ('encrypted' in request.socket) request.socket.destroy();
  else request.socket.resetAndDestroy();
}
