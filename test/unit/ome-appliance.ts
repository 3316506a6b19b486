import { createOmeService } from '../../main/lab/ome/service.ts';
import { initialOmeState } from '../../main/lab/ome/state.ts';
import type { Device, Ome, OmeState } from '../../main/lab/ome/types.ts';

const LOGIN = { username: 'admin', password: 'a-long-test-password' };

/** The parts of answers that tests look into; which of them an answer has depends on what was asked. */
export interface Json {
  readonly Id: number;
  readonly TaskId: number;
  readonly Status: string;
  readonly DeviceServiceTag: string;
  readonly Key: string;
  readonly Value: string;
  readonly JobStatus: { readonly Id: number; readonly Name: string };
  readonly LastRunStatus: { readonly Id: number; readonly Name: string };
  readonly DiscoveryConfigTaskParam: readonly [{ readonly TaskId: number }];
  readonly value: readonly Json[];
  readonly '@odata.count': number;
  readonly '@odata.nextLink': string;
  readonly error: { readonly '@Message.ExtendedInfo': readonly { readonly MessageId: string }[] };
}

/** One simulated OME without a network, whose clock stands still until it is moved. */
export interface TestOme {
  readonly ome: Ome;
  ask(
    method: string,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly json: Json;
  }>;
  /** Lets seconds pass. */
  pass(seconds: number): void;
}

export function testOme(state: Partial<OmeState> = {}): TestOme {
  let now = Date.parse('2026-11-21T12:00:00Z');
  const whole = { ...initialOmeState(now), ...state };
  const ome: Ome = {
    login: LOGIN,
    timings: { job: 0, poll: 0, patience: 1 },
    pageSize: 2,
    state: whole,
    runners: {},
    closing: new AbortController().signal,
    faults: [],
    now: () => now,
    takeId: () => whole.nextId++,
    save: () => undefined,
    connect: () => Promise.reject(new Error('There is no network here.')),
  };
  const service = createOmeService(ome);
  return {
    ome,
    ask: async (method, url, body, headers = {}) => {
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await service.answer({
        method,
        url,
        headers: { authorization: basic(LOGIN.username, LOGIN.password), ...headers },
        body: Buffer.from(text),
      });
      return { status: answer.status, headers: answer.headers ?? {}, json: answer.body as Json };
    },
    pass: (seconds) => void (now += seconds * 1000),
  };
}

/** The header of basic authentication. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** A server of which an inventory was taken. */
export function testDevice(id: number, tag: string, own: Partial<Device> = {}): Device {
  return {
    id,
    tag,
    model: 'PowerEdge R750',
    hostName: tag.toLowerCase(),
    power: 'On',
    health: 'OK',
    software: [],
    bios: [],
    parts: {},
    access: { address: '192.0.2.1', port: 443, username: 'root', password: 'a-long-bmc-password' },
    inventoriedAt: 0,
    ...own,
  };
}
