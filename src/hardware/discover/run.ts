import type { DiscoveredMachine, DiscoverResult, HardwareFinding } from '../../contract/hardware.ts';
import { assignHosts } from './assign.ts';
import { discover } from './discover.ts';
import type { PlannedHost } from './pairing.ts';
import { sortFindings } from './sort-findings.ts';
import type { DiscoverOptions } from './types.ts';

export interface RunDiscoveryOptions extends DiscoverOptions {
  readonly site?: string;
  /** The hosts of the site file; without a site file, no machine is missing or a stranger. */
  readonly planned?: readonly PlannedHost[];
  /** More to say of the machines once they have their names: readiness, cabling. */
  readonly checks?: readonly ((
    machines: readonly DiscoveredMachine[],
    now: Date,
  ) => readonly HardwareFinding[])[];
}

/** Reads the machines, gives them their names and says what is wrong with them. Touches no file; rejects with CANCELLED. */
export async function runDiscovery(options: RunDiscoveryOptions): Promise<DiscoverResult> {
  const clock = options.clock ?? { now: () => new Date() };
  const at = clock.now();
  const found = await discover(options);
  const { machines, findings } =
    options.planned === undefined ? { machines: found, findings: [] } : assignHosts(options.planned, found);
  const more = (options.checks ?? []).flatMap((check) => check(machines, clock.now()));
  return {
    ...(options.site === undefined ? {} : { site: options.site }),
    at: at.toISOString(),
    machines,
    findings: sortFindings([...findings, ...more]),
  };
}
