import { BringupError, EXIT } from '../../contract/errors.ts';
import type { Credential } from '../../contract/ports.ts';
import type { Resource } from '../reader.ts';
import {
  isLocked,
  isSessionLimit,
  passwordChange,
  readError,
  statusError,
  wantsNewPassword,
} from './answers.ts';
import { redfishError } from './errors.ts';
import type { Answer, Call } from './http.ts';
import { isObject } from './json.ts';
import type { LoginLedger } from './login-ledger.ts';

/** What a session needs of its client. */
export interface SessionPorts {
  readonly name: string;
  readonly credential: Credential;
  readonly ledger: LoginLedger;
  /** Sends without a login of its own, waiting out a busy BMC. */
  readonly send: (call: Call) => Promise<Answer>;
  readonly root: () => Promise<Resource>;
  /** Only the path of a URL, also where the BMC gives a foreign host. */
  readonly pathOf: (link: string) => string | undefined;
}

/** How requests are authorised; `token` tells sessions apart, so that an expired one is renewed once. */
export interface Authorisation {
  readonly headers: Readonly<Record<string, string>>;
  readonly token?: string;
  /** The session resource. */
  readonly uri?: string;
}

const SESSIONS = '/redfish/v1/SessionService/Sessions';
/** Answers that say a BMC has no sessions to offer, as iDRAC 8 does at the standard's place for them. */
const NO_SESSIONS: ReadonlySet<number> = new Set([404, 405, 501]);

/**
 * Logs in: a session where the BMC gives one, basic authorisation where it has none or too many. Exactly one attempt
 * with the password: rejects with REDFISH_LOGIN_REFUSED, REDFISH_LOGIN_LOCKED, REDFISH_PASSWORD_CHANGE,
 * REDFISH_LOGIN_HELD_BACK.
 */
export async function logIn(ports: SessionPorts): Promise<Authorisation> {
  const { username, password } = ports.credential;
  if (username === undefined || password === undefined) {
    throw new BringupError({
      code: 'REDFISH_CREDENTIAL',
      message: `The credential for ${ports.name} has no ${username === undefined ? 'user name' : 'password'}.`,
      hint: 'Store both: bringup credentials set NAME --username USER.',
      exit: EXIT.invalid,
    });
  }
  const root = await ports.root().catch(toleratesNoRoot);
  const sessions = linkOf(root, 'Links', 'Sessions') ?? SESSIONS;
  return ports.ledger.attempt(ports.credential, ports.name, async () => {
    const body = JSON.stringify({ UserName: username, Password: password });
    const answer = await ports.send({
      method: 'POST',
      path: ports.pathOf(sessions) ?? SESSIONS,
      headers: { 'Content-Type': 'application/json', 'OData-Version': '4.0', Accept: 'application/json' },
      body,
    });
    const opened = openedSession(ports, sessions, answer);
    if (opened !== undefined) return opened;
    const said = readError(answer.body);
    const ok = answer.status >= 200 && answer.status < 300;
    if (ok || NO_SESSIONS.has(answer.status) || isSessionLimit(said)) {
      return tryBasic(ports, username, password, root);
    }
    throw refusal(ports, username, `POST ${sessions}`, answer);
  });
}

/** A BMC that keeps even its service root to itself is asked at the standard's places. */
function toleratesNoRoot(thrown: unknown): Resource {
  if (thrown instanceof BringupError && thrown.code === 'REDFISH_FORBIDDEN') return {};
  throw thrown;
}

function openedSession(ports: SessionPorts, sessions: string, answer: Answer): Authorisation | undefined {
  const token = answer.headers['x-auth-token'];
  if (answer.status < 200 || answer.status > 299 || typeof token !== 'string' || token === '')
    return undefined;
  const headers = { 'X-Auth-Token': token };
  const uri = [answer.headers.location, ...linksIn(answer.body, sessions)]
    .map((link) => (link === undefined ? undefined : ports.pathOf(link)))
    .find((path) => path !== undefined);
  return uri === undefined ? { headers, token } : { headers, token, uri };
}

function linksIn(body: string, sessions: string): (string | undefined)[] {
  try {
    const session: unknown = JSON.parse(body);
    if (!isObject(session)) return [];
    const { '@odata.id': link, Id: id } = session;
    return [
      typeof link === 'string' ? link : undefined,
      typeof id === 'string' ? `${sessions.replace(/\/$/, '')}/${id}` : undefined,
    ];
  } catch {
    return [];
  }
}

/** One read of what needs a login tells whether basic authorisation is taken, before requests go out side by side. */
async function tryBasic(
  ports: SessionPorts,
  username: string,
  password: string,
  root: Resource,
): Promise<Authorisation> {
  const headers = { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  const path = ports.pathOf(linkOf(root, 'Systems') ?? '/redfish/v1/Systems') ?? '/redfish/v1/Systems';
  const answer = await ports.send({
    method: 'GET',
    path,
    headers: { ...headers, Accept: 'application/json' },
  });
  if (answer.status === 401 || answer.status === 403) {
    throw refusal(ports, username, `GET ${path}`, answer);
  }
  return { headers };
}

function refusal({ name }: SessionPorts, username: string, what: string, answer: Answer): BringupError {
  const said = readError(answer.body);
  const details = {
    evidence: [{ source: `${what} at ${name}`, text: `HTTP ${answer.status} ${said.text}`.trim() }],
  };
  if (wantsNewPassword(said)) return passwordChange(name, details);
  if (isLocked(said)) {
    return redfishError(
      'REDFISH_LOGIN_LOCKED',
      `${name} has locked the user ${username} after wrong passwords; it was not tried again.`,
      "Wait until the lock ends (5 to 30 minutes on most BMCs) or unlock the user in the BMC's web page, and correct the stored password before you discover again.",
      details,
    );
  }
  if (answer.status === 401 || answer.status === 403 || answer.status === 400) {
    return redfishError(
      'REDFISH_LOGIN_REFUSED',
      `${name} does not let ${username} in with the stored password; it was tried once and will not be tried again.`,
      "Check user and password in the BMC's web page, then store them: bringup credentials set NAME.",
      details,
    );
  }
  return statusError(name, what, answer);
}

function linkOf(resource: Resource, ...steps: readonly string[]): string | undefined {
  let value: unknown = resource;
  for (const step of steps) value = isObject(value) ? value[step] : undefined;
  const link = isObject(value) ? value['@odata.id'] : undefined;
  return typeof link === 'string' ? link : undefined;
}
