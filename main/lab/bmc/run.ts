import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BringupError, EXIT } from '../../../src/contract/errors.ts';
import { builtinCapture } from './builtin/index.ts';
import { type Capture, createCapture } from './capture.ts';
import { makeCertificate } from './certificate.ts';
import { type BmcFault, parseFaults } from './faults.ts';
import type { Resource } from './resource.ts';
import { type BmcSimulator, createBmcSimulator } from './simulator.ts';

/** What a person says to start simulated BMCs. */
export interface RunBmcSimulatorOptions {
  /** A capture, one JSON map `{uri: resource}`; the built-in tree when left out. */
  readonly capture?: string;
  /** How many machines; 1 when left out. */
  readonly count?: number;
  /** Where the first one listens, `127.0.0.1:8443`; the others on the ports after it. Port 0 takes free ones. */
  readonly listen?: string;
  /** Plain http instead of https; on loopback only. */
  readonly http?: boolean;
  readonly user?: string;
  /** Random when left out; it is in the answer. */
  readonly password?: string;
  /** A folder for the state of the machines, so that they go on where they stopped. */
  readonly state?: string;
  /** A file of faults, a JSON list, followed while the simulator runs. */
  readonly faults?: string;
}

/** Starts what `bringup lab bmcs` and the program serve. BMC_CAPTURE_INVALID, BMC_LISTEN_INVALID, BMC_FAULT_INVALID say what is wrong. */
export async function runBmcSimulator(options: RunBmcSimulatorOptions = {}): Promise<BmcSimulator> {
  const { count = 1, http = false, user = 'root' } = options;
  const { host, port } = parseListen(options.listen ?? '127.0.0.1:0', count, http);
  const capture = options.capture === undefined ? builtinCapture() : readCapture(options.capture);
  const login = { username: user, password: options.password ?? randomBytes(12).toString('base64url') };
  // One key pair for all: making one for each of hundreds would take longer than what they are wanted for.
  const tls = http ? undefined : await makeCertificate([host, 'localhost']);
  const stateOf = (name: string) =>
    options.state === undefined ? undefined : path.join(options.state, `${name}.json`);
  if (options.state !== undefined) mkdirSync(options.state, { recursive: true, mode: 0o700 });
  if (options.faults !== undefined) readFaults(options.faults);
  return createBmcSimulator({
    machines: Array.from({ length: count }, (_, index) => {
      const name = `machine-${index + 1}`;
      const stateFile = stateOf(name);
      return {
        identity: { name },
        capture,
        login,
        host,
        port: port === 0 ? 0 : port + index,
        ...(tls === undefined ? {} : { tls }),
        ...(stateFile === undefined ? {} : { stateFile }),
        ...(options.faults === undefined ? {} : { faultsFile: options.faults }),
      };
    }),
  });
}

function parseListen(
  text: string,
  count: number,
  http: boolean,
): { readonly host: string; readonly port: number } {
  const match = /^\[?([^\]]+?)\]?:(\d+)$/.exec(text);
  const [host, port] = [match?.[1] ?? '', Number(match?.[2] ?? NaN)];
  const problem =
    match === null || port > 65_535
      ? `"${text}" is no address with a port.`
      : !Number.isInteger(count) || count < 1 || port + count - 1 > 65_535
        ? `${count} machines from port ${port} on do not fit.`
        : http && !/^(?:127\.|::1$|localhost$)/.test(host)
          ? `Plain http is served on loopback only, not on ${host}.`
          : undefined;
  if (problem === undefined) return { host, port };
  throw new BringupError({
    code: 'BMC_LISTEN_INVALID',
    message: problem,
    hint: 'For example --listen 127.0.0.1:8443 --count 4.',
    exit: EXIT.invalid,
  });
}

function readCapture(file: string): Capture {
  const map = readJson(
    file,
    'BMC_CAPTURE_INVALID',
    'A capture is one JSON map {uri: resource} with /redfish/v1 in it.',
  );
  if (typeof map !== 'object' || map === null || !Object.hasOwn(map, '/redfish/v1'))
    throw new BringupError({
      code: 'BMC_CAPTURE_INVALID',
      message: `${file} holds no Redfish tree.`,
      hint: 'A capture is one JSON map {uri: resource} with /redfish/v1 in it.',
      exit: EXIT.invalid,
    });
  return createCapture(map as Readonly<Record<string, Resource>>);
}

function readFaults(file: string): readonly BmcFault[] {
  return parseFaults(
    readJson(
      file,
      'BMC_FAULT_INVALID',
      'Faults come as a JSON list, for example [{"kind": "latency", "ms": 100}].',
    ),
  );
}

function readJson(file: string, code: string, hint: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (cause) {
    const message = `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new BringupError({ code, message, hint, exit: EXIT.invalid, cause });
  }
}
