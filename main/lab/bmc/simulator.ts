import { readFileSync, statSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { writeAtomically } from '../write-atomically.ts';
import { builtinCapture } from './builtin/index.ts';
import type { Capture } from './capture.ts';
import { type BmcCertificate, certificatePin, expireCertificate, makeCertificate } from './certificate.ts';
import { control } from './control.ts';
import { type BmcFault, parseFaults } from './faults.ts';
import { serveRequest } from './http.ts';
import type { BmcIdentity } from './identity.ts';
import { type MachineOptions, createMachine } from './machine.ts';
import type { BmcLogin } from './types.ts';
import { createRedfishService } from './service.ts';
import type { MachineState, SimulatedBoot } from './state.ts';

/** One machine to simulate. Everything has a default: the built-in tree, a derived identity, http on a free port of 127.0.0.1. */
export interface SimulatedMachineOptions extends Pick<MachineOptions, 'timings' | 'limits' | 'clock'> {
  readonly identity?: BmcIdentity;
  readonly capture?: Capture;
  readonly login?: BmcLogin;
  readonly host?: string;
  readonly port?: number;
  /** https: a certificate of its own, or this one. Plain http when left out. */
  readonly tls?: 'own' | BmcCertificate;
  /** Where the state is kept between runs; in memory only when left out. */
  readonly stateFile?: string;
  /** A file of faults (a JSON list) that is looked at before each request, so that it can be changed at any time. */
  readonly faultsFile?: string;
  readonly faults?: readonly BmcFault[];
  /** Told of each start of the machine, after a request that led to it: what it was set to boot from, what was inserted. */
  readonly onBoot?: (boot: SimulatedBoot) => void;
  /** Told of each request as it comes in. */
  readonly onRequest?: (method: string, url: string) => void;
}

export interface SimulatedBmc {
  readonly name: string;
  /** As a client dials it: `https://127.0.0.1:8443`. */
  readonly url: string;
  readonly identity: BmcIdentity;
  readonly login: BmcLogin;
  /** The certificate to trust or pin, when it serves https. `sha256` is what site files hold. */
  readonly certificate?: { readonly pem: string; readonly sha256: string };
  /** The live state; what was due by now has happened. */
  state(): Readonly<MachineState>;
  setFaults(faults: readonly BmcFault[]): Promise<void>;
  stats(): { readonly requests: number; readonly failedLogins: number; readonly openSessions: number };
}

export interface BmcSimulator {
  readonly machines: readonly SimulatedBmc[];
  close(): Promise<void>;
}

export const DEFAULT_LOGIN: BmcLogin = { username: 'root', password: 'simulated-bmc-password' };

/** Starts simulated BMCs, each with its own identity, state and faults, all in this process. */
export async function createBmcSimulator(options: {
  readonly machines: readonly SimulatedMachineOptions[];
}): Promise<BmcSimulator> {
  const started = await Promise.allSettled(
    options.machines.map((machine, index) => startBmc(machine, index + 1)),
  );
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async () => void (await Promise.all(running.map((bmc) => bmc.close())));
  const failure = started.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await close();
    throw failure.reason;
  }
  return { machines: running.map(({ bmc }) => bmc), close };
}

async function startBmc(options: SimulatedMachineOptions, number: number) {
  const { host = '127.0.0.1', login = DEFAULT_LOGIN, stateFile, faultsFile } = options;
  const identity = { name: `machine-${number}`, ...options.identity };
  const state = stateFile === undefined ? undefined : readState(stateFile);
  let bootsTold = state?.boots?.length ?? 0;
  const onState = (next: MachineState) => {
    if (stateFile !== undefined) writeAtomically(stateFile, JSON.stringify(next), 0o600);
    const boots = next.boots ?? [];
    const untold = boots.slice(bootsTold);
    bootsTold = boots.length;
    for (const boot of untold) options.onBoot?.(boot);
  };
  const machine = createMachine({
    ...options,
    capture: options.capture ?? builtinCapture(),
    login,
    number,
    identity,
    ...(state === undefined ? {} : { state }),
    onState,
  });
  const service = createRedfishService(machine);
  const certificate =
    options.tls === 'own' ? await makeCertificate([host, `${identity.name}-bmc`]) : options.tls;
  const server = certificate === undefined ? http.createServer() : https.createServer({ ...certificate });
  let requests = 0;
  let faultsRead = 0;

  const setFaults = async (faults: readonly BmcFault[]) => {
    const was = isExpired(machine.faults);
    machine.faults = faults.map((fault) => ({ ...fault }));
    if (certificate === undefined || isExpired(faults) === was || !(server instanceof https.Server)) return;
    server.setSecureContext(isExpired(faults) ? await expireCertificate(certificate) : certificate);
    server.closeIdleConnections();
  };
  const followFaultsFile = async () => {
    const changed =
      faultsFile === undefined ? undefined : statSync(faultsFile, { throwIfNoEntry: false })?.mtimeMs;
    if (faultsFile === undefined || (changed ?? 0) === faultsRead) return;
    faultsRead = changed ?? 0;
    await setFaults(changed === undefined ? [] : parseFaults(JSON.parse(readFileSync(faultsFile, 'utf8'))));
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    requests += 1;
    options.onRequest?.(request.method ?? 'GET', request.url ?? '/');
    void followFaultsFile()
      .then(() => control(request, response, machine, setFaults))
      .then((isDone) => (isDone ? undefined : serveRequest(machine, service, request, response)))
      .catch((error: unknown) => {
        process.stderr.write(
          `${identity.name}: ${request.method ?? ''} ${request.url ?? ''}: ${String(error)}\n`,
        );
        request.socket.destroy();
      });
  });
  // A client that goes away in the middle of an answer is no event here.
  server.on('clientError', (_, socket) => socket.destroy());
  await setFaults(options.faults ?? []);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const scheme = certificate === undefined ? 'http' : 'https';
  const bmc: SimulatedBmc = {
    name: identity.name,
    url: `${scheme}://${host.includes(':') ? `[${host}]` : host}${isDefaultPort(scheme, port) ? '' : `:${port}`}`,
    identity,
    login,
    ...(certificate === undefined
      ? {}
      : { certificate: { pem: certificate.cert, sha256: certificatePin(certificate.cert) } }),
    state: () => {
      machine.settle();
      return machine.state;
    },
    setFaults,
    stats: () => ({
      requests,
      failedLogins: service.sessions.failedLogins(),
      openSessions: service.sessions.open(),
    }),
  };
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { bmc, close };
}

function isDefaultPort(scheme: string, port: number): boolean {
  return port === (scheme === 'https' ? 443 : 80);
}

function isExpired(faults: readonly BmcFault[]): boolean {
  return faults.some(({ kind }) => kind === 'certificate-expired');
}

/** A state that cannot be read was of another version; the machine then starts as its capture. */
function readState(file: string): MachineState | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as Partial<MachineState>;
    return Array.isArray(state.steps) && Array.isArray(state.jobs) ? (state as MachineState) : undefined;
  } catch {
    return undefined;
  }
}
