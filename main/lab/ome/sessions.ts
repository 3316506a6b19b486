import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { type OmeAnswer, type OmeRefusal, refusal, unknownUri } from './errors.ts';
import { timeOf } from './json.ts';
import { collection, single } from './query.ts';
import type { Json, OmeLogin } from './types.ts';

interface Session {
  readonly id: string;
  readonly token: string;
  readonly created: number;
  lastUsed: number;
}

/** Headers of a request, names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Who may ask: sessions by X-Auth-Token, and basic authentication. */
export interface OmeSessions {
  /** Undefined when the request may pass, otherwise the 401. */
  refuse(headers: RequestHeaders): OmeRefusal | undefined;
  login(body: Json): OmeAnswer;
  list(query: URLSearchParams): OmeAnswer;
  read(id: string): OmeAnswer;
  delete(id: string): OmeAnswer;
  /** Ends all of them, as a restart of the appliance does. */
  end(): void;
  open(): number;
  failedLogins(): number;
}

const KIND = { path: '/api/SessionService/Sessions', type: 'SessionService.Session', pageSize: 50 };
/** Half an hour, as OME ships; the number of sessions is not limited here. */
const TIMEOUT_MS = 1_800_000;

/** Sessions of one login; they end with the simulator, as they do when OME restarts. */
export function createOmeSessions(login: OmeLogin, now: () => number): OmeSessions {
  const sessions = new Map<string, Session>();
  let failed = 0;

  const isLogin = (user: string, password: string): boolean => {
    const isRight = isSame(`${user}\n${password}`, `${login.username}\n${login.password}`);
    if (!isRight) failed += 1;
    return isRight;
  };
  const dropExpired = (): void => {
    const oldest = now() - TIMEOUT_MS;
    for (const session of sessions.values()) if (session.lastUsed < oldest) sessions.delete(session.id);
  };
  const view = (session: Session): Json => ({
    Id: session.id,
    Description: login.username,
    Name: 'API',
    UserName: login.username,
    UserId: 10043,
    Password: null,
    Roles: ['ADMINISTRATOR'],
    IpAddress: '127.0.0.1',
    StartTimeStamp: timeOf(session.created),
    LastAccessedTimeStamp: timeOf(session.lastUsed),
  });
  const find = (id: string): Session => {
    dropExpired();
    const session = sessions.get(id);
    if (session === undefined) throw unknownUri();
    return session;
  };

  return {
    refuse: (headers) => {
      dropExpired();
      const token = headers['x-auth-token'];
      if (typeof token === 'string') {
        const session = [...sessions.values()].find((known) => isSame(known.token, token));
        if (session === undefined) return denied();
        session.lastUsed = now();
        return undefined;
      }
      const basic = /^Basic (.+)$/i.exec(String(headers['authorization'] ?? ''))?.[1];
      if (basic === undefined) return denied();
      const [user = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
      return isLogin(user, password.join(':')) ? undefined : denied();
    },
    login: (body) => {
      if (!isLogin(String(body['UserName']), String(body['Password']))) throw denied();
      dropExpired();
      const at = now();
      const session = { id: randomUUID(), token: randomUUID(), created: at, lastUsed: at };
      sessions.set(session.id, session);
      const headers = { 'X-Auth-Token': session.token, Location: `${KIND.path}('${session.id}')` };
      return { status: 201, headers, body: single(view(session), KIND) };
    },
    list: (query) => {
      dropExpired();
      return { status: 200, body: collection([...sessions.values()].map(view), query, KIND) };
    },
    read: (id) => ({ status: 200, body: single(view(find(id)), KIND) }),
    delete: (id) => {
      sessions.delete(find(id).id);
      return { status: 204 };
    },
    end: () => {
      sessions.clear();
    },
    open: () => sessions.size,
    failedLogins: () => failed,
  };
}

function denied(): OmeRefusal {
  return refusal(
    401,
    'CGEN1004',
    'Unable to complete the request because the user name, the password or the session is invalid.',
    {
      resolution: 'Enter a valid user name and password and retry the operation.',
      headers: { 'WWW-Authenticate': 'Basic realm="OpenManage Enterprise"' },
    },
  );
}

function isSame(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
