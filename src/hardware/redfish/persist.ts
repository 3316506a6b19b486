import { BringupError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports.ts';
import { malformed, statusError } from './answers.ts';
import type { Answer, Call } from './http.ts';
import type { Limits } from './limits.ts';
import { type Outcome, retryAfter, retrying } from './retry.ts';

/** What trying again needs to know. */
export interface PersistPorts {
  readonly name: string;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Called when the BMC shows that it is asked too much at once. */
  readonly onStrain: () => void;
}

/** Answers that a BMC gives while it starts or when something in it failed once. */
const FAULTS: ReadonlySet<number> = new Set([500, 502, 504]);

/**
 * Sends until there is an answer worth having: a busy BMC is waited for; faults, broken connections and broken bodies
 * are tried again for reads only. `wrongWith` says what is wrong with a body. A refused `$expand` is no fault.
 */
export function persist(
  ports: PersistPorts,
  call: Call,
  send: (call: Call) => Promise<Answer>,
  wrongWith: (answer: Answer) => string | undefined,
): Promise<Answer> {
  const { name } = ports;
  const what = `${call.method} ${call.path}`;
  const isRead = call.method === 'GET';
  const attempt = async (): Promise<Outcome<Answer>> => {
    let answer: Answer;
    try {
      answer = await send(call);
    } catch (thrown) {
      if (!isRead || !(thrown instanceof BringupError) || thrown.code !== 'REDFISH_CLOSED') throw thrown;
      ports.onStrain();
      return { trouble: 'closed', error: thrown };
    }
    const { status, headers } = answer;
    if (status === 429 || status === 503) {
      ports.onStrain();
      const waitSeconds = retryAfter(headers['retry-after'], ports.clock);
      const error = statusError(name, what, answer);
      return { trouble: 'busy', error, ...(waitSeconds === undefined ? {} : { waitSeconds }) };
    }
    if (isRead && FAULTS.has(status) && !call.path.includes('$expand')) {
      return { trouble: 'fault', error: statusError(name, what, answer) };
    }
    const wrong = isRead && status === 200 ? wrongWith(answer) : undefined;
    if (wrong === undefined) return { value: answer };
    return { trouble: 'malformed', error: malformed(name, what, wrong) };
  };
  return retrying(attempt, ports.limits, ports.signal);
}
