import type { RedfishClient } from '../hardware/index.ts';
import type { RemoteConnection } from '../remote/index.ts';
import type { NormalisedHost } from '../site/index.ts';
import type { Collect } from './actions.ts';
import { collectHere } from './collect-here.ts';
import { collectRemotely } from './collect-remote.ts';
import type { PlannedPoint } from './points.ts';

/** Seconds for logging in to one point. */
const OPEN_SECONDS = 9;

/** The ways to the vantage points. `kvmHost` and `deploymentVm` stay open; what the others give is closed after use. */
export interface PointPorts {
  kvmHost(): Promise<RemoteConnection>;
  deploymentVm(): Promise<RemoteConnection>;
  target(host: NormalisedHost, address: string, signal: AbortSignal): Promise<RemoteConnection>;
  bmc(host: NormalisedHost, signal: AbortSignal): Promise<RedfishClient>;
}

/** Gets ready to ask a point; `close` ends what was opened for it alone. */
export async function openPoint(
  point: PlannedPoint,
  ports: PointPorts,
  signal: AbortSignal,
): Promise<{ readonly collect: Collect; close(): void }> {
  const keep = (): void => undefined;
  switch (point.kind) {
    case 'laptop':
    case 'bmc':
      return { collect: collectHere, close: keep };
    case 'kvm-host':
      return { collect: collectRemotely(await inTime(ports.kvmHost(), signal)), close: keep };
    case 'deployment-vm':
      return { collect: collectRemotely(await inTime(ports.deploymentVm(), signal)), close: keep };
    case 'target': {
      const { host, address } = point.machine ?? {};
      if (host === undefined || address === undefined)
        throw new Error('the site file gives no way to log in');
      const opening = ports.target(host, address, signal);
      const connection = await inTime(opening, signal, (late) => late.close());
      return { collect: collectRemotely(connection), close: () => connection.close() };
    }
  }
}

/** Waits no longer than a login may take; what comes later is handed to `late`. */
export function inTime<T>(work: Promise<T>, signal: AbortSignal, late?: (value: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false;
    const giveUp = (): void => {
      over = true;
      reject(new Error(`it did not answer within ${OPEN_SECONDS} s`));
    };
    const timer = setTimeout(giveUp, OPEN_SECONDS * 1000);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    };
    work.then(
      (value) => {
        settle();
        if (over) late?.(value);
        else resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
