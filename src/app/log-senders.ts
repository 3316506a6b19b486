import type { LogSource } from '../contract/logs.ts';
import type { NormalisedSite } from '../site/index.ts';

/** The names under which machines stand in the central logs, and what kind of sender each is; the role `logging` gives the names. */
export function logSenders({
  hosts,
  deployment_vm: vm,
  parameters,
}: NormalisedSite): ReadonlyMap<string, LogSource> {
  const senders = new Map<string, LogSource>([
    [vm.name, 'service'],
    ['kvm-host', 'kvm-host'],
  ]);
  const ome = parameters['ome'];
  // It is no machine of the site file, so it stands there under its address.
  if (typeof ome === 'object' && ome !== null && 'address' in ome) senders.set(String(ome.address), 'ome');
  for (const { name, bmc } of hosts) {
    senders.set(name, 'host');
    if (bmc !== undefined) senders.set(`${name}-bmc`, 'bmc');
  }
  return senders;
}
