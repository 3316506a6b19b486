import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtinCapture } from '../../main/lab/bmc/builtin/index.ts';
import { type Capture, createCapture } from '../../main/lab/bmc/capture.ts';
import { type MachineOptions, createMachine } from '../../main/lab/bmc/machine.ts';
import type { RedfishAnswer } from '../../main/lab/bmc/messages.ts';
import type { Resource } from '../../main/lab/bmc/resource.ts';
import { createRedfishService } from '../../main/lab/bmc/service.ts';
import type { Machine } from '../../main/lab/bmc/types.ts';

const LOGIN = { username: 'root', password: 'a-long-test-password' };
const BASIC = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`;

/** A parsed answer, looked into freely by the tests. */
export type Json = ReturnType<typeof JSON.parse>;

/** One simulated machine without a network, whose clock stands still until it is moved. */
export interface TestMachine {
  readonly machine: Machine;
  ask(
    method: string,
    url: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): RedfishAnswer & { readonly json: Json; readonly messages: readonly string[] };
  get(url: string): Json;
  /** Lets seconds pass. */
  pass(seconds: number): void;
}

export function testMachine(options: Partial<MachineOptions> = {}): TestMachine {
  let now = Date.parse('2026-11-21T12:00:00Z');
  const machine = createMachine({
    capture: builtinCapture(),
    login: LOGIN,
    number: 1,
    timings: { graceful: 10, restart: 2, job: 30 },
    clock: () => now,
    ...options,
  });
  const service = createRedfishService(machine);
  const ask: TestMachine['ask'] = (method, url, body, headers = {}) => {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = service.answer({ method, url, headers: { authorization: BASIC, ...headers }, body: text });
    const json = answer.body ?? (answer.text === undefined ? undefined : JSON.parse(answer.text));
    const info = (json?.error?.['@Message.ExtendedInfo'] ?? []) as readonly { MessageId: string }[];
    return { ...answer, json, messages: info.map((message) => message.MessageId) };
  };
  return {
    machine,
    ask,
    get: (url) => ask('GET', url).json as object,
    pass: (seconds) => void (now += seconds * 1000),
  };
}

/** Why a test that needs one of the shared captures was not run. */
export const NO_CAPTURES = 'needs the Redfish captures beside the repository (../shared/redfish)';

const CAPTURES = fileURLToPath(new URL('../../../shared/redfish/', import.meta.url));

/** One of the captures beside the repository, or undefined where they are not. */
export function sharedCapture(name: 'dell-poweredge-r750' | 'hpe-dl385-gen10plus-v2'): Capture | undefined {
  const file = `${CAPTURES}${name}.json`;
  return existsSync(file)
    ? createCapture(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Resource>)
    : undefined;
}
