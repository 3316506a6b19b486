import type { LldpNeighbour, NicPort } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import { firmwareOf } from './disks.ts';
import type { Entry } from './entry.ts';
import { readNeighbours } from './lldp.ts';
import { readPorts, type SeenPort, speedOf, usefulName } from './ports.ts';
import { healthOf, isAbsent, linkState, macOf } from './terms.ts';
import { at, byName, compact, firstText, idOf, link, links, list, text } from './values.ts';
import { locate } from './vendors/index.ts';

/**
 * Every network port once. Adapters and their ports come first; the system's Ethernet interfaces and the maker's own
 * adapter list fill in what those leave open and add the ports they do not know.
 */
export async function readNetwork(
  collector: Collector,
  entry: Entry,
): Promise<{ nics: NicPort[]; adapters: readonly Resource[] }> {
  const [{ adapters, ports }, interfaces, extra, neighbours] = await Promise.all([
    readAdapters(collector, entry),
    collector.members('network interfaces', link(at(entry.system, 'EthernetInterfaces'))),
    collector.guess('network adapters', locate(entry.vendor.adapters?.place, entry)?.uri),
    readNeighbours(collector, entry),
  ]);
  const merged = new Map<string, SeenPort>();
  for (const seen of ports) add(merged, seen);
  for (const one of interfaces.filter((candidate) => !isToManager(candidate))) addInterface(merged, one);
  for (const adapter of extra) addExtra(merged, adapter, entry.vendor.adapters?.ports ?? 'Ports');
  const nics = [...merged.values()].map(({ port }) => {
    const lldp = port.lldp ?? apart(neighbours, port.id);
    return compact({ ...port, lldp });
  });
  return { nics: byName(nics, (nic) => nic.id), adapters };
}

async function readAdapters(collector: Collector, entry: Entry) {
  const own = entry.chassis
    .map((chassis) => link(at(chassis, 'NetworkAdapters')))
    .filter((uri) => uri !== undefined);
  let adapters = (await Promise.all(own.map((uri) => collector.members('network adapters', uri)))).flat();
  if (adapters.length === 0) {
    const views = await collector.members('network adapters', link(at(entry.system, 'NetworkInterfaces')));
    const targets = views.flatMap((view) => links(at(view, 'Links', 'NetworkAdapter')));
    adapters = [...(await collector.resources('network adapters', [...new Set(targets)]))];
  }
  const present = adapters.filter((adapter) => !isAbsent(adapter));
  const ports = await Promise.all(present.map((adapter) => readPorts(collector, adapter)));
  return { adapters: present, ports: ports.flat() };
}

/** The internal network between host and BMC is no port anyone can plug a cable into. */
function isToManager(one: Resource): boolean {
  return (
    /^(tomanager|tohost|usb\d*|hostusb.*)$/i.test(idOf(one)) ||
    /virtual/i.test(text(at(one, 'EthernetInterfaceType')) ?? '') ||
    /host interface|usb (ethernet|nic)/i.test(text(at(one, 'Description')) ?? '')
  );
}

/** Keeps a new port; an id that another port has already gets a number behind it. */
function add(merged: Map<string, SeenPort>, seen: SeenPort): void {
  let id = seen.port.id;
  for (let count = 2; merged.has(id); count += 1) id = `${seen.port.id} (${count})`;
  merged.set(id, { ...seen, port: { ...seen.port, id } });
}

function addInterface(merged: Map<string, SeenPort>, one: Resource): void {
  const macs = [macOf(at(one, 'PermanentMACAddress')), macOf(at(one, 'MACAddress'))].filter(
    (mac) => mac !== undefined,
  );
  const functions = [
    ...links(at(one, 'Links', 'NetworkDeviceFunction')),
    ...links(at(one, 'Links', 'NetworkDeviceFunctions')),
    ...links(at(one, 'Links', 'Ports')),
  ].map((uri) => uri.toLowerCase());
  const id = idOf(one);
  const seen = find(merged, macs, functions, id);
  if (seen === undefined) {
    if (macs.length === 0) return;
    const fresh: NicPort = compact({
      id,
      name: firstText(usefulName(at(one, 'Name')), usefulName(at(one, 'Description'))) ?? `Ethernet ${id}`,
      mac: macs[0],
      link: linkState(at(one, 'LinkStatus')),
      speed_mbps: speedOf(one),
      health: healthOf(one),
    });
    add(merged, { port: fresh, macs, uris: functions });
    return;
  }
  fill(merged, seen, {
    mac: macs[0],
    name: usefulName(at(one, 'Name')),
    link: linkState(at(one, 'LinkStatus')),
    speed_mbps: speedOf(one),
    macs,
  });
}

function addExtra(merged: Map<string, SeenPort>, adapter: Resource, field: string): void {
  const about = {
    adapter: firstText(at(adapter, 'StructuredName'), at(adapter, 'Name')),
    model: text(at(adapter, 'Name')),
    firmware_version: firmwareOf(adapter),
  };
  for (const [index, one] of list(at(adapter, field)).entries()) {
    const mac = macOf(at(one, 'MacAddress')) ?? macOf(at(one, 'MACAddress'));
    if (mac === undefined) continue;
    const facts = {
      ...about,
      name:
        usefulName(at(one, 'Name')) ??
        (about.model === undefined ? undefined : `${about.model} port ${index + 1}`),
      link: linkState(at(one, 'LinkStatus')),
      speed_mbps: speedOf(one as Resource),
    };
    const seen = find(merged, [mac], [], '');
    if (seen !== undefined) fill(merged, seen, facts);
    else {
      const id = `${about.adapter ?? idOf(adapter)}/${index + 1}`;
      const port: NicPort = compact({ ...facts, id, name: facts.name ?? id, mac, health: healthOf(one) });
      add(merged, { port, macs: [mac], uris: [] });
    }
  }
}

function find(
  merged: ReadonlyMap<string, SeenPort>,
  macs: readonly string[],
  uris: readonly string[],
  id: string,
): SeenPort | undefined {
  return [...merged.values()].find(
    (seen) =>
      seen.macs.some((mac) => macs.includes(mac)) ||
      seen.uris.some((uri) => uris.includes(uri)) ||
      // A partition of a port carries the port's id in front of its own.
      id.startsWith(`${seen.port.id}-`),
  );
}

type Facts = { readonly [K in keyof NicPort]?: NicPort[K] | undefined } & {
  readonly macs?: readonly string[];
};

function fill(merged: Map<string, SeenPort>, seen: SeenPort, { macs = [], ...facts }: Facts): void {
  const { port } = seen;
  const generated = port.name.includes(' port ') || port.name.startsWith('Ethernet ');
  const filled: NicPort = compact({
    ...port,
    mac: port.mac ?? facts.mac,
    name: generated ? (facts.name ?? port.name) : port.name,
    adapter: port.adapter ?? facts.adapter,
    model: port.model ?? facts.model,
    firmware_version: port.firmware_version ?? facts.firmware_version,
    link: port.link === 'unknown' ? (facts.link ?? 'unknown') : port.link,
    speed_mbps: port.speed_mbps ?? facts.speed_mbps,
  });
  merged.set(port.id, { ...seen, port: filled, macs: [...new Set([...seen.macs, ...macs])] });
}

function apart(neighbours: ReadonlyMap<string, LldpNeighbour>, id: string): LldpNeighbour | undefined {
  const exact = neighbours.get(id);
  if (exact !== undefined) return exact;
  return [...neighbours].find(([port]) => port.startsWith(`${id}-`))?.[1];
}
