import type { RedfishClient, Resource } from '../../../src/hardware/index.ts';
import { firstOf, follow, linkOf } from './bmc-client.ts';
import { listOf, objectOf, textOf } from './json.ts';
import type { BiosAttribute, Inventory, Json, Software } from './types.ts';

/** Reads from a BMC what OME keeps of a device. Rejects with REDFISH_*. */
export async function readInventory(client: RedfishClient): Promise<Inventory> {
  const root = await client.root();
  const system = await firstOf(client, root, 'Systems');
  const [software, bios, parts] = await Promise.all([
    readSoftware(client, root),
    readBios(client, system),
    readParts(client, system),
  ]);
  return {
    tag: textOf(system['SKU']) || textOf(system['SerialNumber']),
    model: textOf(system['Model']),
    hostName: textOf(system['HostName']),
    power: textOf(system['PowerState']),
    health: textOf(objectOf(system['Status'])['Health']),
    software,
    bios,
    parts: { ...parts, deviceSoftware: software.map(softwareView) },
  };
}

/** The firmware installed now; what an iDRAC keeps of earlier versions is left out. */
export async function readSoftware(client: RedfishClient, root: Resource): Promise<readonly Software[]> {
  const service = await follow(client, root, 'UpdateService');
  const items = await client.members(linkOf(service['FirmwareInventory']));
  return items.flatMap((item) => {
    const id = textOf(item['Id']);
    if (!id.startsWith('Installed')) return [];
    const componentId = textOf(item['SoftwareId']);
    const place = id.split('__')[1] ?? id;
    return [
      {
        name: textOf(item['Name']),
        componentId,
        version: textOf(item['Version']),
        instance: `DCIM:INSTALLED#${componentId}__${place}`,
        uri: textOf(item['@odata.id']),
      },
    ];
  });
}

/** BIOS attributes with the names of their registry; empty on a machine that offers none. */
export async function readBios(client: RedfishClient, system: Resource): Promise<readonly BiosAttribute[]> {
  if (linkOf(system['Bios']) === '') return [];
  const bios = await follow(client, system, 'Bios');
  const registry = await client.get(`${textOf(bios['@odata.id'])}/BiosRegistry`).catch(() => ({}));
  const entries = listOf(objectOf(objectOf(registry)['RegistryEntries'])['Attributes']).map(objectOf);
  const byName = new Map(entries.map((entry) => [textOf(entry['AttributeName']), entry]));
  return Object.entries(objectOf(bios['Attributes'])).flatMap(([name, value]) => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return [];
    const entry = byName.get(name) ?? {};
    const readOnly = entry['ReadOnly'] === true || entry['Immutable'] === true;
    return [{ name, label: textOf(entry['DisplayName']) || name, value, readOnly }];
  });
}

async function readParts(client: RedfishClient, system: Resource): Promise<Record<string, readonly Json[]>> {
  const membersOf = (name: string) =>
    linkOf(system[name]) === '' ? Promise.resolve([]) : client.members(linkOf(system[name]));
  const [processors, memory] = await Promise.all([membersOf('Processors'), membersOf('Memory')]);
  return {
    serverProcessors: processors.map((part, index) => ({
      Id: index + 1,
      SlotNumber: textOf(part['Id']),
      Family: textOf(part['Manufacturer']),
      ModelName: textOf(part['Model']),
      NumberOfCores: Number(part['TotalCores'] ?? 0),
      MaxSpeed: Number(part['MaxSpeedMHz'] ?? 0),
      Status: 1000,
    })),
    serverMemoryDevices: memory.map((part, index) => ({
      Id: index + 1,
      Name: textOf(part['Id']),
      Size: Number(part['CapacityMiB'] ?? 0),
      Speed: Number(part['OperatingSpeedMhz'] ?? 0),
      PartNumber: textOf(part['PartNumber']),
      SerialNumber: textOf(part['SerialNumber']),
      Status: 1000,
    })),
    serverDeviceCards: [],
  };
}

function softwareView(item: Software, index: number): Json {
  return {
    Id: index + 1,
    DeviceDescription: item.name,
    Version: item.version,
    InstallationDate: null,
    Status: 'Installed',
    SoftwareType: /bios/i.test(item.name) ? 'BIOS' : 'FRMW',
    ComponentId: item.componentId,
    InstanceId: item.instance,
  };
}
