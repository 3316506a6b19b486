import { type BringupError, toErrorData } from '../../contract/errors.ts';
import type { DiscoveredMachine } from '../../contract/hardware.ts';
import { createRedfishClient } from '../redfish/client.ts';
import { cancelled, redfishError } from '../redfish/errors.ts';
import type { Gate } from '../redfish/gate.ts';
import type { LoginLedger } from '../redfish/login-ledger.ts';
import { rememberingReader } from '../redfish/remember.ts';
import type { RedfishClient } from '../redfish/types.ts';
import { readSnapshot } from '../snapshot/index.ts';
import type { RegistryClaims } from '../snapshot/registry.ts';
import type { BmcTarget, DiscoverOptions } from './types.ts';

/** An iDRAC 8 with many drives takes two minutes; one that takes five times as long hangs. */
const MACHINE_SECONDS = 600;

/** What all machines of one discovery share. */
export interface Shared {
  readonly logins: LoginLedger;
  readonly overall: Gate;
  readonly registries: RegistryClaims;
}

/** Reads one machine. Never rejects but by CANCELLED: what went wrong is the machine's own result. */
export async function discoverMachine(
  target: BmcTarget,
  options: DiscoverOptions,
  shared: Shared,
): Promise<DiscoveredMachine> {
  const clock = options.clock ?? { now: () => new Date() };
  const started = performance.now();
  const deadline = options.machineSeconds ?? MACHINE_SECONDS;
  const stop = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, deadline * 1000);
  const onAbort = (): void => stop.abort();
  options.signal?.addEventListener('abort', onAbort);
  let client: RedfishClient | undefined;
  const seconds = (): number => Math.round((performance.now() - started) / 100) / 10;
  try {
    if (options.signal?.aborted === true) throw cancelled('discovery');
    client = open(target, options, shared, stop.signal);
    await client.root();
    const certificate = client.certificate();
    const context = { address: client.address, now: () => clock.now(), registries: shared.registries };
    const snapshot = await (options.read ?? readSnapshot)(
      rememberingReader(client),
      certificate === undefined ? context : { ...context, certificate },
    );
    const lost = client.lost();
    if (lost !== undefined) throw lost;
    if (stop.signal.aborted) throw cancelled('discovery');
    return { bmc: client.address, ok: true, snapshot, seconds: seconds() };
  } catch (thrown) {
    if (options.signal?.aborted === true) throw cancelled('discovery');
    const error = late ? tooLong(client?.address ?? target.base, deadline, client?.requests() ?? 0) : thrown;
    return { bmc: client?.address ?? target.base, ok: false, error: toErrorData(error), seconds: seconds() };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
    await client?.close();
    if (client !== undefined && client.raw().size > 0) await options.onRaw?.(client.address, client.raw());
  }
}

function open(
  target: BmcTarget,
  options: DiscoverOptions,
  shared: Shared,
  signal: AbortSignal,
): RedfishClient {
  if (target.credential === undefined) throw noCredential(target);
  return createRedfishClient({
    base: target.base,
    credential: target.credential,
    trust: target.trust ?? {},
    label: target.host === undefined ? 'BMC' : `BMC of ${target.host}`,
    logins: shared.logins,
    overall: shared.overall,
    signal,
    ...(options.dial === undefined ? {} : { dial: options.dial }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
}

function tooLong(bmc: string, seconds: number, requests: number): BringupError {
  return redfishError(
    'REDFISH_TIMEOUT',
    `BMC (${bmc}) was still being read after ${seconds} s and ${requests} requests; it was given up.`,
    'The BMC is very slow or stuck: wait for its jobs to end, otherwise reset the BMC (not the server), then discover again.',
  );
}

function noCredential(target: BmcTarget): BringupError {
  return redfishError(
    'REDFISH_CREDENTIAL',
    `There is no stored credential for the BMC ${target.host === undefined ? target.base : `of ${target.host} (${target.base})`}.`,
    'See which names the site file wants: bringup credentials list FILE; store one: bringup credentials set NAME --username USER.',
  );
}
