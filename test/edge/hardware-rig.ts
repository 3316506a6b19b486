import { afterEach } from 'vitest';
import { createRedfishClient } from '../../src/hardware/index.ts';
import type { RedfishClient, RedfishClientOptions } from '../../src/hardware/redfish/types.ts';
import { LOGIN, type Script, smallTree, startBmc, type TestBmc } from './hardware-bmc.ts';

/** The system of the least machine. */
export const SYSTEM = '/redfish/v1/Systems/1';

interface Closable {
  close(): Promise<void>;
}

/** Notes what a test opens, and closes it after the test, the last first. */
export function closeAfterEach(): <T extends Closable>(one: T) => T {
  const open: Closable[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  return (one) => {
    open.push(one);
    return one;
  };
}

/** Time limits that a test can wait for. */
export const QUICK = {
  backoffSeconds: 0.01,
  longestPauseSeconds: 0.05,
  connectSeconds: 5,
  requestSeconds: 5,
  logoutSeconds: 2,
};

/** BMCs that speak plain http, and clients of theirs, closed after each test. */
export function createRedfishRig() {
  const opened = closeAfterEach();
  return {
    bmcWith: async (script?: Script, tree = smallTree()): Promise<TestBmc> =>
      opened(await startBmc({ tls: false, tree, ...(script === undefined ? {} : { script }) })),
    clientOf: (bmc: TestBmc, more: Partial<RedfishClientOptions> = {}): RedfishClient =>
      opened(createRedfishClient({ base: bmc.base, credential: LOGIN, limits: QUICK, ...more })),
  };
}

/** How often a BMC was asked this: `GET /redfish/v1`. */
export function counted(bmc: TestBmc, what: string): number {
  return bmc.seen.filter(({ method, url }) => `${method} ${url}` === what).length;
}
