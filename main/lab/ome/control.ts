import type { OmeAnswer } from './errors.ts';
import { type OmeFault, parseOmeFaults } from './faults.ts';
import { toErrorData } from '../../../src/contract/errors.ts';

/** Where the simulator itself is spoken to, beside OME's own API. */
export const CONTROL_PATH = '/simulator/faults';
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/**
 * GET answers the faults, PUT or POST replaces them by a JSON list, DELETE switches all off. From loopback only, and only with a
 * JSON content type, which no web page can send across sites.
 */
export function controlFaults(
  request: {
    readonly method: string;
    readonly remote: string;
    readonly contentType: string;
    readonly body: Buffer;
  },
  faults: { readonly current: readonly OmeFault[]; set(next: readonly OmeFault[]): void },
): OmeAnswer {
  if (!LOOPBACK.test(request.remote)) return { status: 404 };
  if (request.method === 'GET') return { status: 200, body: faults.current };
  if (request.contentType !== 'application/json')
    return { status: 415, body: { message: 'Send the header Content-Type: application/json.' } };
  try {
    const next = request.method === 'DELETE' ? [] : parseOmeFaults(JSON.parse(request.body.toString('utf8')));
    faults.set(next);
    return { status: 200, body: next };
  } catch (error) {
    const body = error instanceof SyntaxError ? { message: error.message } : toErrorData(error);
    return { status: 400, body };
  }
}
