import type { DiscoveredMachine, HardwareFinding } from '../../contract/hardware.ts';
import { identityFindings } from './identity-findings.ts';
import type { Pairing, PlannedHost, Recognised } from './pairing.ts';
import { hostOf, macsOf, normaliseSerial, serialsOf } from './identity.ts';

/** The machines under the names of the site file, and what does not agree; errors first. */
export interface Assignment {
  readonly machines: readonly DiscoveredMachine[];
  readonly findings: readonly HardwareFinding[];
}

/**
 * Says which machine is which host: by serial number or service tag first, then by MAC address, then by the address its
 * BMC is listed with. Cables and addresses get swapped, serial numbers do not.
 */
export function assignHosts(
  planned: readonly PlannedHost[],
  machines: readonly DiscoveredMachine[],
): Assignment {
  const taken = new Map<DiscoveredMachine, string>();
  const pairs = new Map<string, { machine: DiscoveredMachine; by: Recognised }>();
  const twins = new Map<string, DiscoveredMachine[]>();
  const listed = new Map(
    planned.map((host) => [host.name, machines.find((machine) => isListed(host, machine))]),
  );

  const settle = (
    by: Recognised,
    isHost: (host: PlannedHost, machine: DiscoveredMachine) => boolean,
  ): void => {
    for (const host of planned) {
      if (pairs.has(host.name)) continue;
      const free = machines.filter((machine) => !taken.has(machine) && isHost(host, machine));
      // Of several that fit, the one at the listed address is the likely one.
      const machine = free.find((one) => one === listed.get(host.name)) ?? free[0];
      if (machine === undefined) continue;
      pairs.set(host.name, { machine, by });
      taken.set(machine, host.name);
      twins.set(
        host.name,
        free.filter((other) => other !== machine && by === 'serial'),
      );
      for (const twin of twins.get(host.name) ?? []) taken.set(twin, host.name);
    }
  };
  settle('serial', hasSerial);
  settle('mac', hasMac);
  settle('address', isListed);

  const pairings = planned.map((host): Pairing => {
    const pair = pairs.get(host.name);
    const there = listed.get(host.name);
    return {
      host,
      twins: twins.get(host.name) ?? [],
      ...(there === undefined ? {} : { listed: there }),
      ...(pair === undefined ? {} : pair),
    };
  });
  // A listed address that says nothing is no stranger, also when its host was found elsewhere.
  const expected = new Set([...listed.values()].filter((machine) => machine?.snapshot === undefined));
  const strangers = machines.filter((machine) => !taken.has(machine) && !expected.has(machine));
  return {
    machines: machines.map((machine) => {
      const host = taken.get(machine);
      return host === undefined ? machine : { host, ...machine };
    }),
    findings: identityFindings(pairings, strangers, (machine) => taken.get(machine)),
  };
}

function hasSerial(host: PlannedHost, { snapshot }: DiscoveredMachine): boolean {
  const serial = normaliseSerial(host.serial);
  return serial !== undefined && snapshot !== undefined && serialsOf(snapshot).includes(serial);
}

function hasMac(host: PlannedHost, { snapshot }: DiscoveredMachine): boolean {
  const macs = new Set(snapshot === undefined ? [] : macsOf(snapshot));
  return (host.interfaces ?? []).some(({ mac }) => mac !== undefined && macs.has(mac.toLowerCase()));
}

function isListed(host: PlannedHost, { bmc }: DiscoveredMachine): boolean {
  if (host.bmc === undefined) return false;
  const { address, port = 443 } = host.bmc;
  return hostOf(bmc) === (port === 443 ? address : `${address}:${port}`);
}
