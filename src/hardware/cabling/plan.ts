import type { HardwareSnapshot, NicPort } from '../../contract/hardware.ts';
import { compare } from './compare.ts';
import { parseSwitchPort, type PlannedPort } from './port-names.ts';

/** A host of the site file, as far as cabling is concerned. */
export interface PlannedHost {
  readonly name: string;
  readonly interfaces: readonly {
    readonly name: string;
    readonly mac?: string | undefined;
    /** Where the cable should end: `leaf1:Ethernet1`. */
    readonly switch_port?: string | undefined;
  }[];
}

/** A machine that was found, and whose it is; discovery's machines have this form. */
export interface SeenMachine {
  readonly host?: string;
  readonly snapshot?: HardwareSnapshot;
}

/** One planned interface and the port that it is, when that is known. */
export interface Cable {
  readonly host: string;
  readonly name: string;
  readonly mac: string | undefined;
  readonly planned: PlannedPort | undefined;
  readonly port: NicPort | undefined;
  readonly machine: HardwareSnapshot | undefined;
}

/** How a cable is named in a sentence: `node-3 nic1`. */
export function label(cable: Pick<Cable, 'host' | 'name'>): string {
  return `${cable.host} ${cable.name}`;
}

/**
 * Ties every planned interface to the port of its machine: by MAC; without one by name, else by the switch port in which
 * it is seen. Hosts that were not found keep their planned ends, so that another's cable in one of them can be told.
 */
export function tie(planned: readonly PlannedHost[], machines: readonly SeenMachine[]): Cable[] {
  const found = new Map(machines.map((machine) => [machine.host, machine.snapshot]));
  return planned.flatMap((host) => {
    const machine = found.get(host.name);
    const cables = host.interfaces.map((one): Cable => {
      const mac = one.mac?.toLowerCase();
      const port = machine?.nics.find((nic) =>
        mac === undefined ? sameName(nic, one.name) : nic.mac?.toLowerCase() === mac,
      );
      return {
        host: host.name,
        name: one.name,
        mac,
        planned: one.switch_port === undefined ? undefined : parseSwitchPort(one.switch_port),
        port,
        machine,
      };
    });
    return cables.map((cable) => ({ ...cable, port: cable.port ?? bySwitchPort(cable, cables) }));
  });
}

function bySwitchPort({ mac, planned, machine }: Cable, cables: readonly Cable[]): NicPort | undefined {
  if (mac !== undefined || planned === undefined || machine === undefined) return undefined;
  const taken = new Set(cables.map((cable) => cable.port));
  return machine.nics.find(
    (nic) => nic.lldp !== undefined && !taken.has(nic) && compare(planned, nic.lldp, new Map()) === 'same',
  );
}

function sameName(nic: NicPort, name: string): boolean {
  return [nic.id, nic.name].some((candidate) => candidate.toLowerCase() === name.toLowerCase());
}
