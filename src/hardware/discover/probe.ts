import { BringupError } from '../../contract/errors.ts';
import { createRedfishClient } from '../redfish/client.ts';
import type { RedfishClient } from '../redfish/types.ts';
import type { DiscoverOptions } from './types.ts';

/** Looks are cheap: what does not answer in a few seconds on its own network is not there. */
const LOOK = {
  connectSeconds: 3,
  requestSeconds: 10,
  backoffSeconds: 0.5,
  longestPauseSeconds: 2,
  perBmc: 1,
  bodyBytes: 2 ** 20,
} as const;

/**
 * Whether a Redfish service answers at that address. Only its open service root is read, over whatever certificate it
 * has: no credential goes to an address that has not shown itself to be a BMC. Rejects with CANCELLED only.
 */
export async function answersRedfish(
  base: string,
  options: Pick<DiscoverOptions, 'dial' | 'limits' | 'signal'>,
): Promise<boolean> {
  const { dial, signal } = options;
  let client: RedfishClient | undefined;
  try {
    client = createRedfishClient({
      base,
      limits: { ...LOOK, ...options.limits, perBmc: 1 },
      ...(dial === undefined ? {} : { dial }),
      ...(signal === undefined ? {} : { signal }),
    });
    await client.root();
    return true;
  } catch (thrown) {
    if (!(thrown instanceof BringupError) || thrown.code === 'CANCELLED') throw thrown;
    return false;
  } finally {
    await client?.close();
  }
}
