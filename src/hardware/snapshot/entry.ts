import { BringupError } from '../../contract/errors.ts';
import type { RedfishReader, Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import { at, firstText, idOf, isBag, link, links, list, text } from './values.ts';
import { type Owners, type Vendor, vendorOf } from './vendors/index.ts';

/** The service root. DSP0266 fixes it, with its slash. */
const ROOT = '/redfish/v1/';

/** The resources from which everything else of one machine is reached. */
export interface Entry extends Owners {
  readonly vendor: Vendor;
  /** Chassis that hold this system; the system's own links, else every chassis of the service. */
  readonly chassis: readonly Resource[];
  /** Systems beside this one that carry its accelerators, such as a GPU baseboard. */
  readonly companions: readonly Resource[];
  /** Our clock at the moment the manager was read. */
  readonly managerReadAt: Date;
}

/**
 * Finds the machine behind a BMC: system, manager and chassis. Rejects with the reader's error when the service root or
 * the systems cannot be read, and with REDFISH_NO_SYSTEM when there is none, or none of that id.
 */
export async function findEntry(
  reader: RedfishReader,
  collector: Collector,
  now: () => Date,
  wanted: string | undefined,
): Promise<Entry> {
  const root = await reader.get(ROOT);
  const [systems, managers] = await Promise.all([
    readSystems(reader, collector, link(at(root, 'Systems'))),
    collector.members('BMC', link(at(root, 'Managers'))).then((resources) => ({ resources, readAt: now() })),
  ]);
  const { system, companions } = chooseSystem(systems, wanted, collector);
  const manager = chooseManager(managers.resources, system);
  const owners = { root, system, manager };
  return {
    ...owners,
    vendor: vendorOf(owners),
    chassis: await readChassis(collector, root, system),
    companions,
    managerReadAt: managers.readAt,
  };
}

async function readSystems(reader: RedfishReader, collector: Collector, uri: string | undefined) {
  if (uri === undefined) return [];
  const systems = await reader.members(uri, (member, error) => {
    collector.note('system', member, error instanceof Error ? error.message : 'It could not be read.');
  });
  return list(systems).filter(isBag);
}

/** Baseboards and cards that show themselves as a system of their own beside the server. */
const COMPANION = /^(hgx|bluefield|dpu)/i;

function chooseSystem(systems: readonly Resource[], wanted: string | undefined, collector: Collector) {
  const isCompanion = (system: Resource) =>
    COMPANION.test(idOf(system)) || /^dpu$/i.test(text(at(system, 'SystemType')) ?? '');
  const servers = systems.filter((system) => !isCompanion(system));
  const candidates = servers.length > 0 ? servers : systems;
  const system =
    wanted === undefined
      ? candidates[0]
      : systems.find((candidate) => idOf(candidate).toLowerCase() === wanted.toLowerCase());
  if (system === undefined) {
    const known = systems.map(idOf).join(', ');
    throw new BringupError({
      code: 'REDFISH_NO_SYSTEM',
      message:
        wanted === undefined || known === ''
          ? 'The BMC answers, but it describes no computer system.'
          : `The BMC has no system named ${wanted}; it has ${known}.`,
      hint: 'Check that the address belongs to a server and not to a switch or a chassis controller, and restart the BMC if it does.',
    });
  }
  if (wanted === undefined && candidates.length > 1) {
    const ids = candidates.map(idOf);
    collector.note(
      'system',
      link(system) ?? ROOT,
      `The BMC serves ${ids.length} systems (${ids.join(', ')}); only ${idOf(system)} was read.`,
    );
  }
  return { system, companions: systems.filter((other) => other !== system && isCompanion(other)) };
}

function chooseManager(managers: readonly Resource[], system: Resource): Resource | undefined {
  const uri = link(system)?.toLowerCase();
  const managing = links(at(system, 'Links', 'ManagedBy')).map((entry) => entry.toLowerCase());
  const rank = (manager: Resource) => {
    const serves = links(at(manager, 'Links', 'ManagerForServers')).map((entry) => entry.toLowerCase());
    return (
      (managing.includes(link(manager)?.toLowerCase() ?? '') ? 4 : 0) +
      (uri !== undefined && serves.includes(uri) ? 2 : 0) +
      (/^bmc$/i.test(text(at(manager, 'ManagerType')) ?? '') ? 1 : 0) +
      // Some services list a second manager that is an empty shell.
      (firstText(at(manager, 'FirmwareVersion')) === undefined ? -4 : 0)
    );
  };
  return [...managers].sort((a, b) => rank(b) - rank(a))[0];
}

async function readChassis(collector: Collector, root: Resource, system: Resource) {
  const linked = await collector.resources('chassis', links(at(system, 'Links', 'Chassis')));
  const complete =
    linked.some((chassis) => link(at(chassis, 'NetworkAdapters')) !== undefined) &&
    linked.some((chassis) => link(at(chassis, 'Power') ?? at(chassis, 'PowerSubsystem')) !== undefined);
  if (complete) return linked;
  const all = await collector.members('chassis', link(at(root, 'Chassis')));
  const seen = new Set(linked.map((chassis) => link(chassis)));
  const shared = all.filter((chassis) => !seen.has(link(chassis)) && holds(chassis, system));
  return [...linked, ...shared];
}

/** Whether a chassis may hold the system: it names this one, or names none. */
function holds(chassis: Resource, system: Resource): boolean {
  const systems = links(at(chassis, 'Links', 'ComputerSystems'));
  return systems.length === 0 || systems.includes(link(system) ?? '');
}
