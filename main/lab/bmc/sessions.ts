import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { takeFault } from './faults.ts';
import type { Machine } from './types.ts';
import { type RedfishAnswer, messageOf, refusal, refuse } from './messages.ts';
import { collection, resource, type Resource } from './resource.ts';

interface Session {
  readonly id: string;
  readonly uri: string;
  readonly token: string;
  readonly created: number;
  lastUsed: number;
}

/** Who may ask: sessions and basic authentication of one BMC, with its session limit and, when switched on, its lockout. */
export interface Sessions {
  /** Undefined when the request may pass, otherwise the 401. */
  refuse(headers: RequestHeaders, path: string): RedfishAnswer | undefined;
  login(body: Resource, path: string): RedfishAnswer;
  /** The session collection or one session by URI. */
  read(path: string): Resource | undefined;
  delete(path: string): boolean;
  open(): number;
  failedLogins(): number;
}

export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Sessions end with the simulator, as they do when a BMC restarts. */
export function createSessions(machine: Machine): Sessions {
  const base = machine.capture.outline.sessions;
  const sessions = new Map<string, Session>();
  let failed = 0;
  let inRow = 0;
  let lockedUntil = 0;

  function isLogin(user: string, password: string): boolean {
    const isRight = isSame(`${user}\n${password}`, `${machine.login.username}\n${machine.login.password}`);
    const lockout = machine.faults.find((fault) => fault.kind === 'lockout');
    if (machine.now() < lockedUntil) return false;
    if (isRight) inRow = 0;
    else {
      failed += 1;
      inRow += 1;
      if (lockout !== undefined && inRow >= lockout.after) {
        lockedUntil = machine.now() + (lockout.seconds ?? 300) * 1000;
        inRow = 0;
      }
    }
    return isRight;
  }

  function dropExpired(): void {
    const oldest = machine.now() - machine.limits.sessionSeconds * 1000;
    for (const session of sessions.values()) if (session.lastUsed < oldest) sessions.delete(session.id);
  }

  function denied(): RedfishAnswer {
    const isLocked = machine.now() < lockedUntil;
    const text = isLocked
      ? 'The account is locked after repeated failed logins.'
      : 'A valid session, or a right user name and password, is needed.';
    const resolution = isLocked
      ? 'Wait for the lock to end and log in again.'
      : 'Log in and resubmit the request.';
    const message = messageOf('Base.1.12.AccessDenied', text, { resolution });
    return refusal(401, [message], { 'WWW-Authenticate': 'Basic realm="Redfish"' });
  }

  const view = (session: Session) =>
    resource(session.uri, 'Session.v1_5_0', {
      Name: 'User Session',
      UserName: machine.login.username,
      SessionType: 'Redfish',
      CreatedTime: machine.time(session.created),
    });

  return {
    refuse: (headers, path) => {
      if (takeFault(machine.faults, 'unauthorized', path) !== undefined) return denied();
      dropExpired();
      const token = headers['x-auth-token'];
      if (typeof token === 'string') {
        const session = [...sessions.values()].find((known) => isSame(known.token, token));
        if (session === undefined) return denied();
        session.lastUsed = machine.now();
        return undefined;
      }
      const basic = /^Basic (.+)$/i.exec(String(headers['authorization'] ?? ''))?.[1];
      if (basic === undefined) return denied();
      const [user = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
      return isLogin(user, password.join(':')) ? undefined : denied();
    },
    login: (body, path) => {
      if (takeFault(machine.faults, 'unauthorized', path) !== undefined) return denied();
      const missing = ['UserName', 'Password'].filter((name) => typeof body[name] !== 'string');
      if (missing.length > 0) {
        const text = `The property ${missing.join(', ')} is required and was not in the request.`;
        return refuse(400, 'CreateFailedMissingReqProperties', text, { args: missing });
      }
      if (!isLogin(String(body['UserName']), String(body['Password']))) return denied();
      dropExpired();
      const isFull = sessions.size >= machine.limits.sessions;
      if (isFull || takeFault(machine.faults, 'sessions-exhausted', path) !== undefined)
        return exhausted(machine);
      const id = randomBytes(4).toString('hex');
      const token = randomBytes(16).toString('hex');
      const now = machine.now();
      const session = { id, uri: `${base}/${id}`, token, created: now, lastUsed: now };
      sessions.set(id, session);
      return { status: 201, headers: { Location: session.uri, 'X-Auth-Token': token }, body: view(session) };
    },
    read: (path) => {
      dropExpired();
      if (path === base)
        return collection(
          base,
          'SessionCollection',
          [...sessions.values()].map(({ uri }) => uri),
        );
      const session = path.startsWith(`${base}/`) ? sessions.get(path.slice(base.length + 1)) : undefined;
      return session === undefined ? undefined : view(session);
    },
    delete: (path) => path.startsWith(`${base}/`) && sessions.delete(path.slice(base.length + 1)),
    open: () => sessions.size,
    failedLogins: () => failed,
  };
}

function exhausted(machine: Machine): RedfishAnswer {
  const isDell = machine.capture.outline.maker === 'Dell';
  const id = isDell ? 'IDRAC.2.7.RAC0218' : 'SessionLimitExceeded';
  return refuse(503, id, 'No more sessions can be opened; the limit is reached.', {
    resolution: 'Close a session and try again.',
  });
}

function isSame(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
