import type { HostCompat } from '../../../src/contract/profile.ts';

/** How many hosts there are of each status; nothing is known of a host that was not discovered. */
export function countByStatus(hosts: readonly HostCompat[]): Record<HostCompat['status'], number> {
  const counts = { pass: 0, warn: 0, fail: 0, unknown: 0 };
  for (const { status } of hosts) counts[status] += 1;
  return counts;
}
