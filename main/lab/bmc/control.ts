import type { IncomingMessage, ServerResponse } from 'node:http';
import { toErrorData } from '../../../src/contract/errors.ts';
import { type BmcFault, parseFaults } from './faults.ts';
import type { Machine } from './types.ts';

const PATH = '/simulator/faults';
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/**
 * The simulator's own resource beside Redfish: GET answers the faults of this machine, PUT or POST replaces them by a JSON list,
 * DELETE switches all off. From loopback only, and only with a JSON content type, which no web page can send across sites.
 * Answers whether the request was for it.
 */
export async function control(
  request: IncomingMessage,
  response: ServerResponse,
  machine: Machine,
  setFaults: (faults: readonly BmcFault[]) => Promise<void>,
): Promise<boolean> {
  if (request.url !== PATH || !LOOPBACK.test(request.socket.remoteAddress ?? '')) return false;
  const answer = (status: number, body: unknown) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
    return true;
  };
  if (request.method === 'GET') return answer(200, machine.faults);
  if (request.headers['content-type'] !== 'application/json')
    return answer(415, { message: 'Send the header Content-Type: application/json.' });
  if (!['PUT', 'POST', 'DELETE'].includes(request.method ?? ''))
    return answer(405, { message: 'GET, PUT, POST or DELETE.' });
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    await setFaults(request.method === 'DELETE' ? [] : parseFaults(JSON.parse(text)));
    return answer(200, machine.faults);
  } catch (error) {
    return answer(400, error instanceof SyntaxError ? { message: error.message } : toErrorData(error));
  }
}
