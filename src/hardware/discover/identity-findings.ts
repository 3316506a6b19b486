import type { DiscoveredMachine, HardwareFinding } from '../../contract/hardware.ts';
import { LINK_ERRORS } from '../redfish/errors.ts';
import type { Pairing } from './pairing.ts';
import { describe, hostOf, normaliseSerial, serialsOf } from './identity.ts';
import { sortFindings } from './sort-findings.ts';

/** What does not agree between the site file and the machines found; errors first. */
export function identityFindings(
  pairings: readonly Pairing[],
  strangers: readonly DiscoveredMachine[],
  hostOfMachine: (machine: DiscoveredMachine) => string | undefined,
): readonly HardwareFinding[] {
  return sortFindings([
    ...pairings.flatMap((pairing) => ofHost(pairing, hostOfMachine)),
    ...strangers.map(strange),
  ]);
}

function ofHost(
  { host, listed, machine, by, twins }: Pairing,
  hostOfMachine: (machine: DiscoveredMachine) => string | undefined,
): readonly HardwareFinding[] {
  const doubled = twins.map((twin) => duplicate(host.name, machine, twin));
  if (machine === undefined)
    return [missing({ host, twins, ...(listed === undefined ? {} : { listed }) }, hostOfMachine)];
  if (machine.snapshot === undefined) return [unread(host.name, machine)];
  if (by !== 'address' && listed !== undefined && listed !== machine && !twins.includes(listed)) {
    const elsewhere =
      listed.snapshot === undefined
        ? moved(host.name, machine, listed)
        : swapped(host.name, machine, listed, hostOfMachine(listed));
    doubled.push(elsewhere);
  }
  if (by === 'serial') return doubled;
  return normaliseSerial(host.serial) === undefined ? doubled : [...doubled, differs(host, machine, by)];
}

function missing(
  { host, listed }: Pairing,
  hostOfMachine: (machine: DiscoveredMachine) => string | undefined,
): HardwareFinding {
  const who = host.serial === undefined ? host.name : `${host.name} (serial ${host.serial})`;
  const there = listed === undefined ? undefined : hostOfMachine(listed);
  const where =
    there === undefined ? '' : `; the BMC listed for it, ${hostOf(listed?.bmc ?? '')}, belongs to ${there}`;
  const nothing = host.serial === undefined && host.bmc === undefined;
  return {
    severity: nothing ? 'warning' : 'error',
    code: 'host.missing',
    host: host.name,
    message: `${who} was not found${where}.`,
    ...(host.serial === undefined ? {} : { wanted: host.serial }),
    repair: {
      title: nothing
        ? `Give ${host.name} a serial number or the address of its BMC in the site file`
        : 'Check that the server has power and the cable of its management port, and that its BMC is in a range that is searched',
    },
  };
}

/** The machine is there by its address, but says nothing: for one that does not answer at all, that is missing. */
function unread(name: string, { bmc, error }: DiscoveredMachine): HardwareFinding {
  const isGone = LINK_ERRORS.has(error?.code ?? '');
  return {
    severity: 'error',
    code: isGone ? 'host.missing' : 'host.unread',
    host: name,
    message: isGone
      ? `${name} was not found: ${error?.message ?? `its BMC at ${hostOf(bmc)} does not answer.`}`
      : `${name} could not be read: ${error?.message ?? 'the reason is not known.'}`,
    repair: { title: error?.hint ?? 'Discover again' },
  };
}

function moved(name: string, machine: DiscoveredMachine, listed: DiscoveredMachine): HardwareFinding {
  return {
    severity: 'warning',
    code: 'host.moved',
    host: name,
    message: `${name} answers at ${hostOf(machine.bmc)}, not at the address listed for its BMC, ${hostOf(listed.bmc)}.`,
    seen: hostOf(machine.bmc),
    wanted: hostOf(listed.bmc),
    repair: { title: `Put the address ${hostOf(machine.bmc)} under bmc of ${name} in the site file` },
  };
}

function swapped(
  name: string,
  machine: DiscoveredMachine,
  listed: DiscoveredMachine,
  other: string | undefined,
): HardwareFinding {
  const is = `${name} answers at ${hostOf(machine.bmc)}`;
  const plan = other === undefined ? 'which nobody planned' : `planned for ${other}`;
  return {
    severity: 'error',
    code: 'host.swapped',
    host: name,
    message: `The BMC listed for ${name} (${hostOf(listed.bmc)}) is the ${describe(listed)}, ${plan}; ${is}.`,
    seen: hostOf(machine.bmc),
    wanted: hostOf(listed.bmc),
    repair: {
      title: `Put the address ${hostOf(machine.bmc)} under bmc of ${name} in the site file, or swap the cables of the management ports`,
    },
  };
}

function differs(host: Pairing['host'], machine: DiscoveredMachine, by: Pairing['by']): HardwareFinding {
  const wanted = normaliseSerial(host.serial) ?? '';
  const seen = machine.snapshot === undefined ? [] : serialsOf(machine.snapshot);
  const near = seen.find((serial) => isNear(serial, wanted));
  const how = by === 'mac' ? 'has the MAC address planned for it' : 'answers at the address of its BMC';
  return {
    severity: 'error',
    code: 'host.serial_differs',
    host: host.name,
    message:
      near === undefined
        ? `${host.name} should have serial ${wanted}, but the ${describe(machine)} ${how}.`
        : `${host.name} should have serial ${wanted}, but the machine that ${how} has ${near}, which differs by one slip of the pen.`,
    seen: seen.join(' / ') || 'none',
    wanted,
    repair: {
      title: `Compare the service tag on the server that is to be ${host.name}, then correct serial or bmc in the site file`,
    },
  };
}

function duplicate(
  name: string,
  machine: DiscoveredMachine | undefined,
  twin: DiscoveredMachine,
): HardwareFinding {
  return {
    severity: 'error',
    code: 'host.duplicate',
    host: name,
    message: `Two BMCs say that they are ${name}: ${hostOf(machine?.bmc ?? '')} and ${hostOf(twin.bmc)} both tell the serial of the ${describe(twin)}.`,
    repair: { title: 'Check whether one BMC has both addresses, and list it once in the site file' },
  };
}

function strange(machine: DiscoveredMachine): HardwareFinding {
  if (machine.snapshot === undefined) {
    return {
      severity: 'warning',
      code: 'host.stranger',
      message: `A BMC that no host names answers at ${hostOf(machine.bmc)}, and could not be read: ${machine.error?.message ?? ''}`,
      repair: { title: machine.error?.hint ?? 'Discover again' },
    };
  }
  return {
    severity: 'warning',
    code: 'host.stranger',
    message: `A ${describe(machine)} was found, which the site file does not name.`,
    seen: serialsOf(machine.snapshot).join(' / ') || 'none',
    repair: { title: 'Add it to hosts in the site file, or leave it out of the ranges that are searched' },
  };
}

/** One character changed, missing, added, or two neighbours swapped. */
function isNear(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false;
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  let at = 0;
  while (at < short.length && long[at] === short[at]) at += 1;
  if (long.length > short.length) return long.slice(at + 1) === short.slice(at);
  const swappedPair = long[at] === short[at + 1] && long[at + 1] === short[at];
  return (
    long.slice(at + 1) === short.slice(at + 1) || (swappedPair && long.slice(at + 2) === short.slice(at + 2))
  );
}
