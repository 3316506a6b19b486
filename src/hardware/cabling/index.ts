import type { HardwareFinding } from '../../contract/hardware.ts';
import { learnAliases } from './compare.ts';
import { checkEnds } from './ends.ts';
import { checkMacs } from './identity.ts';
import { checkDuplicates, checkLinks, checkSpeeds } from './links.ts';
import { type PlannedHost, type SeenMachine, tie } from './plan.ts';

export type { PlannedHost, SeenMachine } from './plan.ts';

const RANK = { error: 0, warning: 1, note: 2 } as const;

/**
 * The planned cabling against link states and LLDP neighbours, errors first. A host without a snapshot is not judged; what
 * a BMC does not tell is said as not known, never as wrong.
 */
export function checkCabling(
  planned: readonly PlannedHost[],
  machines: readonly SeenMachine[],
): HardwareFinding[] {
  const cables = tie(planned, machines);
  const aliases = learnAliases(cables.map((cable) => ({ planned: cable.planned, lldp: cable.port?.lldp })));
  const seen = { cables, aliases };
  return [
    ...checkMacs(seen, machines),
    ...checkEnds(seen),
    ...checkLinks(seen),
    ...checkSpeeds(seen),
    ...checkDuplicates(machines),
  ].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}
