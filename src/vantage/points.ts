import type { VantagePoint } from '../contract/vantage.ts';
import type { NormalisedSite } from '../site/index.ts';
import type { Destination } from './destination.ts';
import { bmcId, machinesOf, networkAt, type Machine } from './machines.ts';

/** Servers asked beside the destination's own: enough to tell networks apart, few enough for the time there is. */
const MOST_TARGETS = 3;

/** A vantage point with the machine of the site file that it is; the laptop is none. */
export interface PlannedPoint extends VantagePoint {
  readonly machine?: Machine;
}

/**
 * The vantage points for one destination: laptop, KVM host, deployment VM; of the servers that can be logged in to the
 * destination's own, one in its network, one in each other network; and the BMC of the destination's server.
 */
export function planPoints(site: NormalisedSite, destination: Destination): readonly PlannedPoint[] {
  const { machine } = destination;
  const laptop: PlannedPoint = { id: 'laptop', kind: 'laptop', label: 'laptop' };
  const points: PlannedPoint[] = [laptop];
  for (const entry of machinesOf(site)) {
    if (entry.id === 'kvm-host' || entry.id === 'deployment-vm')
      points.push(pointOf(site, destination, entry, entry.id));
  }
  for (const target of chooseTargets(site, destination))
    points.push(pointOf(site, destination, target, 'target'));
  if (machine?.host?.bmc !== undefined && machine.isBmc !== true) {
    const { name, bmc } = machine.host;
    points.push({ id: bmcId(name), kind: 'bmc', label: `BMC of ${name}`, address: bmc.address, machine });
  }
  return points;
}

/** The destination's own server, one neighbour of it, then one server of every other network. */
function chooseTargets(site: NormalisedSite, destination: Destination): readonly Machine[] {
  const servers = machinesOf(site).filter(({ host, isBmc }) => host?.ssh !== undefined && isBmc !== true);
  const own = servers.find(({ id }) => id === destination.machine?.id);
  const chosen = own === undefined ? [] : [own];
  const networks = [destination.network, ...site.networks.map(({ name }) => name)];
  for (const network of new Set(networks)) {
    const found = servers.find(
      ({ id, address }) =>
        networkAt(site, address)?.name === network && !chosen.some((taken) => taken.id === id),
    );
    if (found !== undefined && network !== undefined) chosen.push(found);
  }
  return chosen.slice(0, MOST_TARGETS + (own === undefined ? 0 : 1));
}

function pointOf(
  site: NormalisedSite,
  destination: Destination,
  machine: Machine,
  kind: VantagePoint['kind'],
): PlannedPoint {
  const { id, label, address } = machine;
  const itself = id === destination.machine?.id && destination.machine.isBmc !== true;
  return { id, kind, label, machine, ...placeAt(site, address), ...(itself ? { itself } : {}) };
}

/** An address with the site's network it is in. */
export function placeAt(site: NormalisedSite, address: string): Pick<VantagePoint, 'address' | 'network'> {
  const network = networkAt(site, address)?.name;
  return { address, ...(network === undefined ? {} : { network }) };
}
