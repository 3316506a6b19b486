import type { DiscoveredMachine } from '../../contract/hardware.ts';
import { isSameMachine } from './identity.ts';

/**
 * Leaves out what a range found under a second address: BMCs with a shared and a dedicated port have two. Listed
 * machines always stay; two listed addresses that lead to one machine are a finding, not a duplicate.
 */
export function dropDuplicates(
  listed: readonly DiscoveredMachine[],
  found: readonly DiscoveredMachine[],
): readonly DiscoveredMachine[] {
  const kept = [...listed];
  for (const machine of found) {
    const { snapshot } = machine;
    const twin =
      snapshot !== undefined &&
      kept.some((other) => other.snapshot !== undefined && isSameMachine(other.snapshot, snapshot));
    if (!twin) kept.push(machine);
  }
  return kept;
}
