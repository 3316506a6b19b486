import type { Machine } from './types.ts';
import { at, listOf, objectOf, type Resource } from './resource.ts';

/** Shows what a port is plugged into: by Dell's switch connection, or by the standard's LLDPReceive. */
export function dressNeighbour(machine: Machine, found: Resource): Resource {
  const { switchPorts, macs = [] } = machine.identity;
  if (switchPorts === undefined) return found;
  const type = String(found['@odata.type']);
  if (type.startsWith('#DellSwitchConnection.')) {
    const index = machine.capture.outline.ports.findIndex((uri) => uri.split('/').at(-1) === found['FQDD']);
    if (index < 0) return found;
    const neighbour = split(switchPorts[index]);
    return {
      ...found,
      SwitchConnectionID: neighbour?.name ?? 'No Link',
      SwitchPortConnectionID: neighbour?.port ?? 'No Link',
    };
  }
  if (!type.startsWith('#Port.')) return found;
  const own = listOf(at(found, 'Ethernet', 'AssociatedMACAddresses')).map((mac) => String(mac).toLowerCase());
  const neighbour = split(switchPorts[macs.findIndex((mac) => own.includes(mac.toLowerCase()))]);
  if (neighbour === undefined) return found;
  const lldp = { SystemName: neighbour.name, PortId: neighbour.port };
  return { ...found, Ethernet: { ...objectOf(found['Ethernet']), LLDPEnabled: true, LLDPReceive: lldp } };
}

/** `leaf1:Ethernet1/1` in its two parts. */
function split(text: string | undefined): { name: string; port: string } | undefined {
  const colon = text?.indexOf(':') ?? -1;
  return text === undefined || colon < 1
    ? undefined
    : { name: text.slice(0, colon), port: text.slice(colon + 1) };
}
