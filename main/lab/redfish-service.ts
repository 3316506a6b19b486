import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import {
  type BmcMachine,
  type BmcState,
  BOOT_TARGETS,
  RESET_TYPES,
  SYSTEM,
  collection,
  redfishResources,
  resource,
} from './redfish-resources.ts';
import type { LabCredential } from './types.ts';

/** One HTTP request as the service needs it; header names in lower case. */
export interface RedfishRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** The answer to one request; no body means an empty one. */
export interface RedfishAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface RedfishServiceOptions {
  readonly machine: BmcMachine;
  readonly login: LabCredential;
  readonly state: BmcState;
  /** Called with each new state, so that it outlives the simulator. */
  readonly onState: (state: BmcState) => void;
}

const SESSIONS = '/redfish/v1/SessionService/Sessions';
/** What anyone may read before logging in, DSP0266 section "Authentication". */
const PUBLIC = new Set(['/redfish', '/redfish/v1']);

/** One simulated BMC: answers Redfish requests and keeps power, boot override and sessions. */
export function createRedfishService(
  options: RedfishServiceOptions,
): (request: RedfishRequest) => RedfishAnswer {
  let state = options.state;
  const sessions = new Map<string, { readonly id: string; readonly token: string }>();

  function change(next: Partial<BmcState>): RedfishAnswer {
    state = { ...state, ...next };
    options.onState(state);
    return { status: 204 };
  }

  function login(body: unknown): RedfishAnswer {
    const { UserName, Password } = body as { UserName?: unknown; Password?: unknown };
    if (!isSame(`${String(UserName)}:${String(Password)}`, secretOf(options.login))) return unauthorized();
    const id = randomBytes(4).toString('hex');
    const token = randomBytes(16).toString('hex');
    const uri = `${SESSIONS}/${id}`;
    sessions.set(uri, { id, token });
    const session = resource(uri, '#Session.v1_3_0.Session', { Name: 'User Session', UserName });
    return { status: 201, headers: { Location: uri, 'X-Auth-Token': token }, body: session };
  }

  function isAllowed(request: RedfishRequest): boolean {
    const token = String(request.headers['x-auth-token'] ?? '');
    if ([...sessions.values()].some((session) => isSame(session.token, token))) return true;
    const basic = /^Basic (.+)$/.exec(String(request.headers['authorization'] ?? ''))?.[1] ?? '';
    return isSame(Buffer.from(basic, 'base64').toString('utf8'), secretOf(options.login));
  }

  function read(path: string): RedfishAnswer {
    if (path === '/redfish') return { status: 200, body: { v1: '/redfish/v1/' } };
    if (path === SESSIONS)
      return { status: 200, body: collection(SESSIONS, 'SessionCollection', [...sessions.keys()]) };
    const found = redfishResources(options.machine, state).get(path);
    return found === undefined
      ? failure(404, `The resource ${path} does not exist.`)
      : { status: 200, body: found };
  }

  function reset(body: unknown): RedfishAnswer {
    const type = RESET_TYPES.find((known) => known === (body as { ResetType?: unknown }).ResetType);
    if (type === undefined) return failure(400, `ResetType must be one of ${RESET_TYPES.join(', ')}.`);
    const isOn = state.powerState === 'On';
    if (type !== 'On' && !isOn) return failure(409, `${type} needs a machine that is on; it is off.`);
    const powerState = type === 'ForceOff' || type === 'GracefulShutdown' ? 'Off' : 'On';
    const boots = powerState === 'On' && !(type === 'On' && isOn);
    const spent =
      boots && state.bootEnabled === 'Once' ? ({ bootEnabled: 'Disabled', bootTarget: 'None' } as const) : {};
    return change({ powerState, lastReset: new Date().toISOString(), ...spent });
  }

  function setBoot(body: unknown): RedfishAnswer {
    const boot = (body as { Boot?: Record<string, unknown> }).Boot;
    const target = BOOT_TARGETS.find((known) => known === boot?.['BootSourceOverrideTarget']);
    const enabled = (['Disabled', 'Once', 'Continuous'] as const).find(
      (known) => known === boot?.['BootSourceOverrideEnabled'],
    );
    if (target === undefined || enabled === undefined) {
      return failure(
        400,
        'Boot needs a BootSourceOverrideTarget and a BootSourceOverrideEnabled the system allows.',
      );
    }
    return change({ bootTarget: target, bootEnabled: enabled });
  }

  return (request) => {
    const path = request.path.replace(/\?.*$/, '').replace(/(?<=.)\/+$/, '');
    const body = parseBody(request.body);
    if (body === undefined) return failure(400, 'The request body is not a JSON object.');
    if (request.method === 'POST' && path === SESSIONS) return login(body);
    if (!(request.method === 'GET' && PUBLIC.has(path)) && !isAllowed(request)) return unauthorized();
    if (request.method === 'GET') return read(path);
    if (request.method === 'DELETE' && sessions.delete(path)) return { status: 204 };
    if (request.method === 'PATCH' && path === SYSTEM) return setBoot(body);
    if (request.method === 'POST' && path === `${SYSTEM}/Actions/ComputerSystem.Reset`) return reset(body);
    return read(path).status === 404
      ? read(path)
      : failure(405, `${request.method} is not allowed on ${path}.`);
  };
}

function parseBody(text: string): object | undefined {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function unauthorized(): RedfishAnswer {
  return {
    ...failure(401, 'A valid session or user and password are needed.'),
    headers: { 'WWW-Authenticate': 'Basic' },
  };
}

function failure(status: number, message: string): RedfishAnswer {
  const info = [
    {
      '@odata.type': '#Message.v1_1_1.Message',
      MessageId: 'Base.1.12.GeneralError',
      Message: message,
      Severity: 'Critical',
    },
  ];
  return {
    status,
    body: { error: { code: 'Base.1.12.GeneralError', message, '@Message.ExtendedInfo': info } },
  };
}

function secretOf(login: LabCredential): string {
  return `${login.username}:${login.password}`;
}

function isSame(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
