import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BringupError, EXIT } from '../../../src/contract/errors.ts';
import type { BmcCertificate } from '../bmc/index.ts';
import { type OmeFault, parseOmeFaults } from './faults.ts';
import { type OmeSimulator, createOmeSimulator } from './simulator.ts';

/** What a person, or the lab, says to start a simulated OME. */
export interface RunOmeSimulatorOptions {
  /** `127.0.0.1:9443`; port 0 takes a free one, which is the default. */
  readonly listen?: string;
  /** Default `admin`. */
  readonly user?: string;
  /** A file with the password on its first line; a random one is in the answer when left out. */
  readonly passwordFile?: string;
  /** PEM files; a certificate of its own is made when left out. */
  readonly cert?: string;
  readonly key?: string;
  /** A folder for the state, so that it goes on where it stopped. */
  readonly state?: string;
  /** A file of faults, a JSON list, followed while the simulator runs. */
  readonly faults?: string;
  /** The least seconds that a job takes. */
  readonly jobSeconds?: number;
}

/** Starts a simulated OME as options say. OME_LISTEN_INVALID, OME_OPTION_INVALID and OME_FAULT_INVALID say what is wrong. */
export async function runOmeSimulator(options: RunOmeSimulatorOptions = {}): Promise<OmeSimulator> {
  const { state, faults, jobSeconds } = options;
  if (jobSeconds !== undefined && !(jobSeconds >= 0))
    throw invalid('--job-seconds must be a number of seconds.', 'For example --job-seconds 2.');
  if (state !== undefined) mkdirSync(state, { recursive: true, mode: 0o700 });
  if (faults !== undefined) checkFaults(faults);
  const tls = certificateOf(options);
  const password =
    options.passwordFile === undefined
      ? randomBytes(12).toString('base64url')
      : (read(options.passwordFile).split(/\r?\n/)[0] ?? '');
  return createOmeSimulator({
    ...parseListen(options.listen ?? '127.0.0.1:0'),
    login: { username: options.user ?? 'admin', password },
    ...(tls === undefined ? {} : { tls }),
    ...(state === undefined ? {} : { stateFile: path.join(state, 'ome.json') }),
    ...(faults === undefined ? {} : { faultsFile: faults }),
    ...(jobSeconds === undefined ? {} : { timings: { job: jobSeconds } }),
  });
}

function certificateOf({ cert, key }: RunOmeSimulatorOptions): BmcCertificate | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw invalid('A certificate needs its key, and a key its certificate.', 'Give both --cert and --key.');
  return { cert: read(cert), key: read(key) };
}

function parseListen(text: string): { readonly host: string; readonly port: number } {
  const match = /^\[?([^\]]+?)\]?:(\d+)$/.exec(text);
  const [host, port] = [match?.[1] ?? '', Number(match?.[2] ?? NaN)];
  if (match !== null && port <= 65_535) return { host, port };
  throw new BringupError({
    code: 'OME_LISTEN_INVALID',
    message: `"${text}" is no address with a port.`,
    hint: 'For example --listen 127.0.0.1:9443.',
    exit: EXIT.invalid,
  });
}

function checkFaults(file: string): readonly OmeFault[] {
  try {
    return parseOmeFaults(JSON.parse(read(file)));
  } catch (cause) {
    if (cause instanceof BringupError) throw cause;
    throw invalid(
      `${file} is no JSON: ${String(cause)}`,
      'Faults come as a JSON list, for example [{"kind": "catalog-missing"}].',
    );
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw invalid(message, 'Check the path and its permissions.');
  }
}

function invalid(message: string, hint: string): BringupError {
  return new BringupError({ code: 'OME_OPTION_INVALID', message, hint, exit: EXIT.invalid });
}
