import type { Clock, Credential } from '../../contract/ports.ts';
import type { Resource } from '../reader.ts';
import { isSessionLimit, readError, statusError } from './answers.ts';
import { cancelled } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Answer, Call } from './http.ts';
import type { Limits } from './limits.ts';
import { createLoginLedger } from './login-ledger.ts';
import { retryAfter, retrying } from './retry.ts';
import { type Authorisation, logIn } from './session.ts';
import type { RedfishClientOptions } from './types.ts';

/** Sends requests with a login and keeps that login alive. */
export interface Authoriser {
  /** Logs in first where needed, and once more when the session has expired. */
  send(call: Call): Promise<Answer>;
  /** Ends the session, where one is open or under way; never rejects. */
  logOut(): Promise<void>;
}

/** What it needs of its client. */
export interface AuthoriserPorts {
  readonly name: string;
  readonly exchange: Exchange;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly root: () => Promise<Resource>;
  readonly pathOf: (link: string) => string | undefined;
}

/** Makes it; logs in at the first request. */
export function createAuthoriser(
  options: Pick<RedfishClientOptions, 'logins' | 'signal'>,
  credential: Credential,
  ports: AuthoriserPorts,
): Authoriser {
  const { exchange, limits, name } = ports;
  const ledger = options.logins ?? createLoginLedger();
  let login: Promise<Authorisation> | undefined;
  let renews = true;

  /** A login is not broken off by a cancel: a session whose token never arrived could not be ended. */
  const sendLogin = (call: Call): Promise<Answer> =>
    retrying(
      async () => {
        const answer = await exchange.send(call, { signal: false });
        const { status } = answer;
        if ((status === 429 || status === 503) && !isSessionLimit(readError(answer.body))) {
          const wait = retryAfter(answer.headers['retry-after'], ports.clock);
          const error = statusError(name, `${call.method} ${call.path}`, answer);
          return { trouble: 'busy', error, ...(wait === undefined ? {} : { waitSeconds: wait }) };
        }
        if (status === 500 || status === 502 || status === 504) {
          return { trouble: 'fault', error: statusError(name, `${call.method} ${call.path}`, answer) };
        }
        return { value: answer };
      },
      limits,
      options.signal,
    );
  const start = (): Promise<Authorisation> => {
    const { root, pathOf } = ports;
    const starting = logIn({
      name,
      credential,
      ledger,
      send: sendLogin,
      root,
      pathOf,
    });
    starting.catch(() => undefined);
    return starting;
  };
  const authorisation = (): Promise<Authorisation> =>
    unlessAborted((login ??= start()), options.signal, name);

  return {
    send: async (call) => {
      const used = await authorisation();
      const attempt = (with_: Authorisation): Promise<Answer> =>
        exchange.send({ ...call, headers: { ...call.headers, ...with_.headers } });
      const answer = await attempt(used);
      if (answer.status !== 401 || used.token === undefined || !renews) return answer;
      // Requests side by side all meet the expired session: the first renews it, the others take the new one.
      const current = await authorisation();
      if (current.token === used.token) login = start();
      const again = await attempt(await authorisation());
      // A fresh session that is refused as well was not refused for its age: no more logins for that.
      if (again.status === 401) renews = false;
      return again;
    },
    logOut: async () => {
      if (login === undefined) return;
      const ended = Promise.resolve(login).then(async ({ uri, headers }) => {
        if (uri === undefined) return;
        await exchange.send(
          { method: 'DELETE', path: uri, headers },
          { signal: false, seconds: limits.logoutSeconds },
        );
      });
      await within(limits.logoutSeconds, ended);
    },
  };
}

/** Waits for the work, whatever becomes of it, but no longer than that. */
async function within(seconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, seconds * 1000)));
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, name: string): Promise<T> {
  if (signal === undefined) return work;
  if (signal.aborted) throw cancelled(`logging in to ${name}`);
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(cancelled(`logging in to ${name}`));
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
