import type { DiscoveredMachine, DiscoverResult } from '../contract/hardware.ts';
import { assignHosts } from '../hardware/index.ts';
import type { NormalisedHost } from '../site/index.ts';
import { cablingOf, readinessOf } from './hardware-checks.ts';

/**
 * What is known of a site after some of its machines were read again: the newer word on those, the older one on the rest,
 * and what follows from all of them together. `at` stays that of the whole: each snapshot has its own time.
 */
export function mergeDiscovery(
  last: DiscoverResult,
  part: DiscoverResult,
  hosts: readonly NormalisedHost[],
  now: Date,
): DiscoverResult {
  const addresses = new Set(part.machines.map(({ bmc }) => bmc));
  const serials = new Set(part.machines.flatMap(({ snapshot }) => snapshot?.serial ?? []));
  const isNewer = ({ bmc, snapshot }: DiscoveredMachine): boolean =>
    addresses.has(bmc) || (snapshot?.serial !== undefined && serials.has(snapshot.serial));
  const known = last.machines.filter((machine) => !isNewer(machine));
  const nameless = [...part.machines, ...known].map(({ host: _host, ...machine }) => machine);
  const { machines, findings } = assignHosts(hosts, nameless);
  const order = new Map(hosts.map(({ name }, index) => [name, index]));
  const place = ({ host }: DiscoveredMachine): number => order.get(host ?? '') ?? hosts.length;
  const rank = { error: 0, warning: 1, note: 2 };
  return {
    ...last,
    machines: [...machines].sort((a, b) => place(a) - place(b)),
    findings: [...findings, ...readinessOf(machines, now), ...cablingOf(hosts)(machines)].sort(
      (a, b) => rank[a.severity] - rank[b.severity],
    ),
  };
}

/** What the last discovery of a site found, with the names and findings that follow from the site file as it is now. */
export function asOfSite(last: DiscoverResult, hosts: readonly NormalisedHost[]): DiscoverResult {
  return mergeDiscovery(last, { ...last, machines: [] }, hosts, new Date(last.at));
}
