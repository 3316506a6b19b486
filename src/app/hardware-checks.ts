import type { DiscoveredMachine, HardwareFinding } from '../contract/hardware.ts';
import { checkCabling, checkReadiness } from '../hardware/index.ts';
import type { NormalisedHost } from '../site/index.ts';

/** What would trip a run on any of the machines; a machine of no host is named by its BMC. */
export function readinessOf(machines: readonly DiscoveredMachine[], now: Date): readonly HardwareFinding[] {
  return machines.flatMap(({ snapshot, host, bmc }) =>
    snapshot === undefined ? [] : checkReadiness(snapshot, { now, host: host ?? bmc }),
  );
}

/** The cables of the machines against those of the site file. */
export function cablingOf(
  planned: readonly (Pick<NormalisedHost, 'name'> & Partial<Pick<NormalisedHost, 'interfaces'>>)[],
): (machines: readonly DiscoveredMachine[]) => readonly HardwareFinding[] {
  const hosts = planned.map(({ name, interfaces }) => ({ name, interfaces: interfaces ?? [] }));
  return (machines) => checkCabling(hosts, machines);
}
