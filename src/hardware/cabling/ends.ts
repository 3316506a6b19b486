import type { HardwareFinding, LldpNeighbour } from '../../contract/hardware.ts';
import { compare, seenText, type Verdict } from './compare.ts';
import { about, groupBy, names, type Seen } from './finding.ts';
import { type Cable, label } from './plan.ts';
import { type PlannedPort, portKey } from './port-names.ts';

/** A cable whose both ends are known: where it should end and where it does. */
interface Ended extends Cable {
  readonly planned: PlannedPort;
  readonly lldp: LldpNeighbour;
}

/** Cables that end elsewhere than planned: swapped in pairs, in each other's place, or in a port nobody planned. */
export function checkEnds({ cables, aliases }: Seen): HardwareFinding[] {
  const ended = cables.flatMap((cable): Ended[] =>
    cable.planned !== undefined && cable.port?.lldp !== undefined && cable.port.link !== 'down'
      ? [{ ...cable, planned: cable.planned, lldp: cable.port.lldp }]
      : [],
  );
  const verdict = (planned: PlannedPort, lldp: LldpNeighbour): Verdict => compare(planned, lldp, aliases);
  const wrong = ended.filter((cable) => verdict(cable.planned, cable.lldp) === 'other');
  const findings: HardwareFinding[] = [];
  const told = new Set<Cable>();
  const wrongByPlan = groupBy(wrong, (cable) => cable.planned.port);
  const plannedByPort = groupBy(cables, (cable) => cable.planned?.port);
  for (const cable of wrong) {
    if (told.has(cable)) continue;
    told.add(cable);
    const here = portKey(cable.lldp.port);
    const partner = wrongByPlan
      .get(here)
      ?.find((other) => !told.has(other) && exchanged(cable, other, verdict));
    if (partner !== undefined) {
      told.add(partner);
      findings.push(swapped(cable, partner));
      continue;
    }
    const rightful = plannedByPort
      .get(here)
      ?.find(
        (other) =>
          other.planned !== undefined && other !== cable && verdict(other.planned, cable.lldp) === 'same',
      );
    findings.push(misplaced(cable, rightful, seenText(cable.lldp, aliases)));
  }
  return [...findings, ...unsure(ended, verdict)];
}

/** Each in the other's port. Where the switch has no name to compare, both must be in the same one. */
function exchanged(
  a: Ended,
  b: Ended,
  verdict: (planned: PlannedPort, lldp: LldpNeighbour) => Verdict,
): boolean {
  const verdicts = [verdict(b.planned, a.lldp), verdict(a.planned, b.lldp)];
  return (
    verdicts.every((one) => one === 'same') ||
    (verdicts.every((one) => one === 'same-port') &&
      a.lldp.switch === b.lldp.switch &&
      a.planned.switch === b.planned.switch)
  );
}

function swapped(a: Ended, b: Ended): HardwareFinding {
  const where = { seen: `${label(a)} in ${b.planned.text}, ${label(b)} in ${a.planned.text}` };
  const wanted = `${label(a)} in ${a.planned.text}, ${label(b)} in ${b.planned.text}`;
  const message =
    a.host === b.host
      ? `${a.host}: ${a.name} and ${b.name} are swapped.`
      : `${label(a)} and ${label(b)} are swapped: each is in the port planned for the other.`;
  return about(a, 'error', 'cable.swapped', message, {
    ...where,
    wanted,
    repair: `Swap the cables in ${a.planned.text} and ${b.planned.text}.`,
  });
}

function misplaced(cable: Ended, rightful: Cable | undefined, seen: string): HardwareFinding {
  const whose = rightful === undefined ? '' : `, which is planned for ${label(rightful)}`;
  return about(
    cable,
    'error',
    'cable.wrong_port',
    `${label(cable)} is in ${seen}${whose}; planned is ${cable.planned.text}.`,
    {
      seen,
      wanted: cable.planned.text,
      repair: `Move the cable of ${label(cable)} to ${cable.planned.text}.`,
    },
  );
}

/** Cables of which one end could not be compared in full; said once a host. */
function unsure(
  ended: readonly Ended[],
  verdict: (planned: PlannedPort, lldp: LldpNeighbour) => Verdict,
): HardwareFinding[] {
  const findings: HardwareFinding[] = [];
  for (const [host, own] of groupBy(ended, (cable) => cable.host)) {
    const byPort = own.filter((cable) => verdict(cable.planned, cable.lldp) === 'same-port');
    if (byPort.length > 0)
      findings.push(
        about(
          { host },
          'note',
          'cable.switch_unverified',
          `${host}: ${names(byPort)} ${byPort.length === 1 ? 'is' : 'are'} in the planned port number, but the switch tells only its chassis id (${byPort[0]?.lldp.switch ?? ''}), so the switch itself is not compared.`,
        ),
      );
    const byMac = own.filter((cable) => verdict(cable.planned, cable.lldp) === 'incomparable');
    if (byMac.length > 0)
      findings.push(
        about(
          { host },
          'note',
          'cable.port_unverified',
          `${host}: the neighbour of ${names(byMac)} names its port by a MAC address (${byMac[0]?.lldp.port ?? ''}), which cannot be compared with the plan.`,
        ),
      );
  }
  return findings;
}
