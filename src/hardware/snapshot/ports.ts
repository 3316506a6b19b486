import type { LldpNeighbour, NicPort } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import { neighbourOf } from './lldp.ts';
import { healthOf, isAbsent, linkState, macOf } from './terms.ts';
import { at, compact, firstText, idOf, isBag, link, links, list, number, positive, text } from './values.ts';

/** A port with everything by which other lists of the tree may refer to it. */
export interface SeenPort {
  readonly port: NicPort;
  readonly macs: readonly string[];
  /** Lower-case URIs of the port and of the functions that use it. */
  readonly uris: readonly string[];
}

/** The ports of one adapter; functions are read only where a port does not tell its MAC itself. */
export async function readPorts(collector: Collector, adapter: Resource): Promise<SeenPort[]> {
  const ports = await portsOf(collector, adapter);
  const silent = ports.some((port) => macsOf(port).length === 0);
  const functions = silent
    ? await collector.members('network functions', link(at(adapter, 'NetworkDeviceFunctions')))
    : [];
  return ports
    .filter((port) => !isAbsent(port) && !isFibreChannel(port))
    .map((port) => {
      const own = functions.filter((one) => serves(one, port, ports.length));
      return seenPort(adapter, port, own);
    });
}

async function portsOf(collector: Collector, adapter: Resource): Promise<readonly Resource[]> {
  const ports = await collector.members('network ports', link(at(adapter, 'Ports')));
  return ports.length > 0 ? ports : collector.members('network ports', link(at(adapter, 'NetworkPorts')));
}

function seenPort(adapter: Resource, port: Resource, functions: readonly Resource[]): SeenPort {
  const macs = [
    ...macsOf(port),
    ...functions
      .flatMap((one) => [at(one, 'Ethernet', 'PermanentMACAddress'), at(one, 'Ethernet', 'MACAddress')])
      .map(macOf)
      .filter((mac) => mac !== undefined),
  ];
  const lldp: LldpNeighbour | undefined = neighbourOf(port);
  const adapterId = idOf(adapter);
  const portId = portIdOf(port);
  const maker = text(at(adapter, 'Manufacturer'));
  const model = firstText(at(adapter, 'Model'), usefulName(at(adapter, 'Name')));
  return {
    macs: [...new Set(macs)],
    uris: [port, ...functions].map((one) => link(one)?.toLowerCase()).filter((uri) => uri !== undefined),
    port: compact({
      id: sameDevice(adapterId, portId) ? portId : `${adapterId}/${portId}`,
      name: usefulName(at(port, 'Name')) ?? `${model ?? maker ?? adapterId} port ${numberOf(port)}`,
      mac: macs[0],
      adapter: adapterId,
      manufacturer: maker,
      model,
      firmware_version: firstText(
        at(adapter, 'Controllers', '0', 'FirmwarePackageVersion'),
        at(adapter, 'FirmwareVersion'),
      ),
      link: linkState(at(port, 'LinkStatus')),
      speed_mbps: speedOf(port),
      max_speed_mbps: maxSpeedOf(port),
      lldp,
      health: healthOf(port),
    }),
  };
}

/** Some services give a port the Id of its adapter; then the end of its URI tells them apart. */
function portIdOf(port: Resource): string {
  const id = idOf(port);
  const end = link(port)?.split('/').pop() ?? id;
  return end.startsWith(id) ? end : id;
}

/** `NIC.Slot.5-1` of NIC.Slot.5, and `NIC.Embedded.2-1` of NIC.Embedded.1: such ids are unique in the machine already. */
function sameDevice(adapterId: string, portId: string): boolean {
  const rest = portId.startsWith(adapterId) ? portId.slice(adapterId.length) : '';
  if (/^[^a-z0-9]/i.test(rest)) return true;
  return /^[a-z]+\.[a-z]+\.\d/i.test(portId) && adapterId.split('.')[0] === portId.split('.')[0];
}

/** Names that only repeat the type of the resource. */
const TYPE_NAMES =
  /^((system )?(ethernet|network) ?(adapter|interface|port|device)?( ?(view|function))*|phy(s)?ical port \d+|port( \d+)?|nic|manager ethernet interface)$/i;

/** A name that tells more than the kind of thing it is. */
export function usefulName(value: unknown): string | undefined {
  const name = text(value);
  return name === undefined || TYPE_NAMES.test(name) ? undefined : name;
}

function numberOf(port: Resource): string {
  return firstText(at(port, 'PhysicalPortNumber'), at(port, 'PortId'), at(port, 'Id')) ?? '?';
}

function macsOf(port: Resource): string[] {
  const oem = at(port, 'Oem');
  return [
    ...list(at(port, 'Ethernet', 'AssociatedMACAddresses')),
    ...list(at(port, 'AssociatedNetworkAddresses')),
    ...(isBag(oem) ? Object.values(oem).map((part) => at(part, 'PhysicalPortMacAddress')) : []),
  ]
    .map(macOf)
    .filter((mac) => mac !== undefined);
}

function serves(one: Resource, port: Resource, portCount: number): boolean {
  const uri = link(port)?.toLowerCase();
  const assigned = [
    at(one, 'Links', 'PhysicalNetworkPortAssignment'),
    at(one, 'Links', 'PhysicalPortAssignment'),
    at(one, 'PhysicalPortAssignment'),
  ]
    .map((place) => link(place)?.toLowerCase())
    .filter((place) => place !== undefined);
  if (assigned.length > 0) return uri !== undefined && assigned.includes(uri);
  const possible = [
    ...links(at(one, 'AssignablePhysicalNetworkPorts')),
    ...links(at(one, 'AssignablePhysicalPorts')),
  ];
  return possible.length === 1 ? possible[0]?.toLowerCase() === uri : portCount === 1;
}

function isFibreChannel(port: Resource): boolean {
  const technology = firstText(
    at(port, 'ActiveLinkTechnology'),
    at(port, 'LinkNetworkTechnology'),
    at(port, 'PortProtocol'),
  );
  return /^(fib(re|er) ?channel|fc)$/i.test(technology ?? '');
}

/** Current speed in Mbit/s out of a port or an Ethernet interface. */
export function speedOf(port: Resource): number | undefined {
  const gbps = positive(at(port, 'CurrentSpeedGbps'));
  return (
    speed(at(port, 'CurrentLinkSpeedMbps')) ??
    (gbps === undefined ? undefined : gbps * 1000) ??
    speed(at(port, 'SpeedMbps'))
  );
}

/** A speed in Mbit/s, also out of `"25 Gbps"`. */
function speed(value: unknown): number | undefined {
  const gigabit = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*g/i.exec(value) : null;
  return gigabit === null ? positive(value) : Number(gigabit[1]) * 1000;
}

function maxSpeedOf(port: Resource): number | undefined {
  const old = list(at(port, 'SupportedLinkCapabilities'));
  const ethernet = old.filter((one) => /^ethernet$/i.test(text(at(one, 'LinkNetworkTechnology')) ?? ''));
  const mbps = (ethernet.length > 0 ? ethernet : old).flatMap((one) => [
    ...list(at(one, 'CapableLinkSpeedMbps')).map(speed),
    speed(at(one, 'LinkSpeedMbps')),
  ]);
  const gbps = [
    ...list(at(port, 'LinkConfiguration')).flatMap((one) => list(at(one, 'CapableLinkSpeedGbps'))),
    at(port, 'MaxSpeedGbps'),
  ].map((value) => (number(value) ?? 0) * 1000);
  const known = [...mbps, ...gbps].filter((value) => value !== undefined && value > 0) as number[];
  return known.length > 0 ? Math.max(...known) : undefined;
}
