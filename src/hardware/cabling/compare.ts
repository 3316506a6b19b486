import type { LldpNeighbour } from '../../contract/hardware.ts';
import { isMac, type PlannedPort, portKey, switchKey } from './port-names.ts';

/** Switches that only tell a chassis id, and the names they are taken for. */
export type Aliases = ReadonlyMap<string, string>;

interface Pair {
  readonly planned: PlannedPort | undefined;
  readonly lldp: LldpNeighbour | undefined;
}

/**
 * Names for switches that send no system name: when more than half of the cables seen in such a switch, and at least
 * two, are in the port planned for them, and all of those are planned in one switch, it is taken for that one.
 */
export function learnAliases(pairs: readonly Pair[]): Aliases {
  const votes = new Map<string, { total: number; names: Map<string, number> }>();
  for (const { planned, lldp } of pairs) {
    if (planned?.switch === undefined || lldp === undefined || !isMac(lldp.switch)) continue;
    const vote = votes.get(lldp.switch) ?? { total: 0, names: new Map<string, number>() };
    vote.total += 1;
    if (planned.port === portKey(lldp.port)) {
      const name = planned.switch;
      vote.names.set(name, (vote.names.get(name) ?? 0) + 1);
    }
    votes.set(lldp.switch, vote);
  }
  const aliases = new Map<string, string>();
  for (const [chassis, { total, names }] of votes) {
    const best = [...names].sort((a, b) => b[1] - a[1])[0];
    if (best !== undefined && best[1] >= 2 && best[1] * 2 > total) aliases.set(chassis, best[0]);
  }
  const taken = [...aliases.values()];
  return new Map([...aliases].filter(([, name]) => taken.filter((other) => other === name).length === 1));
}

/** How a seen neighbour stands to a planned end of a cable. */
export type Verdict =
  | 'same'
  /** The port agrees; the switch told nothing by which it could be compared. */
  | 'same-port'
  | 'other'
  /** The neighbour's port id is no port name (a MAC address). */
  | 'incomparable';

/** Compares a seen neighbour with a planned end. */
export function compare(planned: PlannedPort, lldp: LldpNeighbour, aliases: Aliases): Verdict {
  if (isMac(lldp.port)) return 'incomparable';
  if (planned.port !== portKey(lldp.port)) return 'other';
  if (planned.switch === undefined) return 'same';
  const known = seenSwitch(lldp, aliases);
  const names = [known, switchKey(lldp.switch), switchKey(lldp.chassis_id ?? '')];
  if (names.includes(planned.switch)) return 'same';
  return known === undefined ? 'same-port' : 'other';
}

/** The switch's comparable name; undefined where only an unknown chassis id is there. */
function seenSwitch(lldp: LldpNeighbour, aliases: Aliases): string | undefined {
  return isMac(lldp.switch) ? aliases.get(lldp.switch) : switchKey(lldp.switch);
}

/** The seen end of a cable in words, the learnt name in brackets. */
export function seenText(lldp: LldpNeighbour, aliases: Aliases): string {
  const alias = aliases.get(lldp.switch);
  return `${lldp.switch}${alias === undefined ? '' : ` (taken for ${alias})`}:${lldp.port}`;
}
