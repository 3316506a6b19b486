import type { BringupError } from '../../contract/errors.ts';
import { cancelled, LINK_ERRORS, redfishError } from './errors.ts';
import type { Gate } from './gate.ts';
import type { Answer, Call, Wire } from './http.ts';
import type { Limits } from './limits.ts';
import { type Origin } from './uri.ts';

/** Requests to one BMC, bounded in number; redirects within the host are followed. */
export interface Exchange {
  /** One request. `signal: false` for work that must be finished after a cancel, such as a login under way. */
  send(call: Call, options?: { readonly signal?: false; readonly seconds?: number }): Promise<Answer>;
  /** Asks for one thing at a time from now on: the BMC said that it is too busy. */
  slowDown(): void;
  count(): number;
  /** The last error of a BMC that counts as gone. */
  lost(): BringupError | undefined;
}

/**
 * Different resources in a row at which the link failed, after which the BMC counts as gone and each further read need
 * not wait for it. One resource that breaks the link every time is a fault of that resource.
 */
const GONE_AFTER = 3;
const REDIRECTS = 3;

/** Makes it from a wire. */
export function createExchange(
  wire: Wire,
  origin: Origin,
  name: string,
  limits: Limits,
  gates: { readonly own: Gate; readonly overall: Gate | undefined },
  signal: AbortSignal | undefined,
): Exchange {
  let sent = 0;
  const failed = new Set<string>();
  let gone: BringupError | undefined;

  const once = async (call: Call, seconds: number, stop: AbortSignal | undefined): Promise<Answer> => {
    if (gone !== undefined) throw gone;
    if (stop?.aborted === true) throw cancelled(`reading ${name}`);
    try {
      sent += 1;
      const answer = await wire.send(call, { requestSeconds: seconds, bodyBytes: limits.bodyBytes }, stop);
      failed.clear();
      return answer;
    } catch (thrown) {
      if (isLinkError(thrown)) {
        failed.add(call.path);
        if (failed.size >= GONE_AFTER) gone = thrown;
      }
      throw thrown;
    }
  };
  return {
    send: async (call, options = {}) => {
      const stop = options.signal === false ? undefined : signal;
      const seconds = options.seconds ?? limits.requestSeconds;
      let path = call.path;
      for (let hop = 0; ; hop += 1) {
        const work = (): Promise<Answer> => once({ ...call, path }, seconds, stop);
        const answer = await gates.own.run(() =>
          gates.overall === undefined ? work() : gates.overall.run(work),
        );
        const next = redirectOf(answer, call, path, origin, name);
        if (next === undefined) return answer;
        if (hop >= REDIRECTS) throw redirected(name, call.path, 'in circles');
        path = next;
      }
    },
    slowDown: () => gates.own.narrow(1),
    count: () => sent,
    lost: () => gone,
  };
}

function isLinkError(thrown: unknown): thrown is BringupError {
  return LINK_ERRORS.has((thrown as { code?: string }).code ?? '');
}

/** Where a redirect leads, as a path of the same origin; a password never follows to another one. */
function redirectOf(
  answer: Answer,
  call: Call,
  path: string,
  origin: Origin,
  name: string,
): string | undefined {
  const follow = call.method === 'GET' ? [301, 302, 303, 307, 308] : [307, 308];
  const { location } = answer.headers;
  if (!follow.includes(answer.status) || location === undefined) return undefined;
  const base = new URL(path, origin.url).href;
  const target = URL.canParse(location, base) ? new URL(location, base) : undefined;
  if (target?.origin !== origin.url.origin) throw redirected(name, call.path, `to ${location.slice(0, 200)}`);
  return target.pathname + target.search;
}

function redirected(name: string, path: string, where: string): BringupError {
  return redfishError(
    'REDFISH_REDIRECT',
    `${name} sends requests for ${path} on ${where}; that is not followed, since the password would go with it.`,
    'Check the address: dial the BMC itself, by https and its own port.',
  );
}
