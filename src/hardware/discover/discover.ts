import { setMaxListeners } from 'node:events';
import { toErrorData } from '../../contract/errors.ts';
import type { DiscoveredMachine } from '../../contract/hardware.ts';
import { cancelled } from '../redfish/errors.ts';
import { createGate } from '../redfish/gate.ts';
import { DEFAULT_LIMITS } from '../redfish/limits.ts';
import { createLoginLedger } from '../redfish/login-ledger.ts';
import { parseOrigin } from '../redfish/uri.ts';
import { dropDuplicates } from './duplicates.ts';
import { createRegistryClaims } from '../snapshot/registry.ts';
import { discoverMachine } from './machine.ts';
import { answersRedfish } from './probe.ts';
import type { BmcTarget, DiscoverOptions } from './types.ts';

const CONCURRENCY = 64;
const PROBES = { direct: 256, tunnelled: 32 } as const;

/**
 * Reads every listed BMC and what ranges hold besides. Each has its own result, told by `onResult` as soon as it is
 * there; the returned list has the listed ones first, in their order, and leaves out second addresses of one machine.
 * Rejects with CANCELLED once every session has been ended.
 */
export async function discover(options: DiscoverOptions): Promise<readonly DiscoveredMachine[]> {
  const machines = createGate(options.concurrency ?? CONCURRENCY);
  const perBmc = options.limits?.perBmc ?? DEFAULT_LIMITS.perBmc;
  const shared = {
    logins: options.logins ?? createLoginLedger(),
    overall: createGate((options.concurrency ?? CONCURRENCY) * perBmc),
    registries: createRegistryClaims(),
  };
  if (options.signal !== undefined) setMaxListeners(0, options.signal);
  const candidates = candidatesOf(options);
  const looks = createGate(options.probes ?? (options.dial === undefined ? PROBES.direct : PROBES.tunnelled));
  const counts = { done: 0, machines: options.targets.length, searched: 0, to_search: candidates.length };
  const tell = (): void => options.onProgress?.({ ...counts });

  const read = async (target: BmcTarget): Promise<DiscoveredMachine> => {
    const machine = await machines.run(() => discoverMachine(target, options, shared));
    counts.done += 1;
    options.onResult?.(machine);
    tell();
    return machine;
  };
  const look = async (target: BmcTarget): Promise<DiscoveredMachine | undefined> => {
    let found = false;
    try {
      found = await looks.run(() => answersRedfish(target.base, options));
    } catch (thrown) {
      if (options.signal?.aborted === true) throw thrown;
      return { bmc: target.base, ok: false, error: toErrorData(thrown) };
    } finally {
      counts.searched += 1;
      if (found) counts.machines += 1;
      tell();
    }
    return found ? read(target) : undefined;
  };
  const listed = options.targets.map(read);
  const found = candidates.map(look);
  // All of them end, also when one is cancelled, so that no session stays open behind the caller's back.
  await Promise.allSettled([...listed, ...found]);
  if (options.signal?.aborted === true) throw cancelled('discovery');
  const others = (await Promise.all(found)).filter((machine) => machine !== undefined);
  return dropDuplicates(await Promise.all(listed), others);
}

/** Addresses to look at: each once, and none that is listed anyway. */
function candidatesOf(options: DiscoverOptions): readonly BmcTarget[] {
  const known = new Set(options.targets.map(({ base }) => nameOf(base)));
  return (options.scan ?? []).flatMap(({ addresses, credential, trust }) =>
    addresses.flatMap((address) => {
      const base = nameOf(address);
      if (known.has(base)) return [];
      known.add(base);
      return [{ base, trust: trust?.(address) ?? {}, ...(credential === undefined ? {} : { credential }) }];
    }),
  );
}

/** An address that cannot be read is refused later, where it becomes the machine's own result. */
function nameOf(base: string): string {
  try {
    return parseOrigin(base, false).name;
  } catch {
    return base;
  }
}
