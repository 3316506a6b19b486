import { withBmc } from './bmc-client.ts';
import { invalidValue, unknownUri } from './errors.ts';
import { readInventory } from './inventory.ts';
import { forEach } from './jobs.ts';
import { idsOf, timeOf } from './json.ts';
import { collection, single } from './query.ts';
import { type OmeCall, type Route, done, ok } from './router.ts';
import type { BmcAccess, Device, Job, JobResult, Json, Ome } from './types.ts';

const PATH = '/api/DeviceService/Devices';
const TYPE = 'DeviceService.Device';
const HEALTH: Readonly<Record<string, number>> = { OK: 1000, Warning: 3000, Critical: 4000 };

/** Devices, their inventories and their health. */
export const deviceRoutes: readonly Route[] = [
  ['GET', 'DeviceService/Devices', (call) => ok(listDevices(call, call.ome.state.devices, PATH))],
  [
    'GET',
    'DeviceService/Devices(#)',
    (call) => ok(single(deviceView(deviceOf(call)), { path: PATH, type: TYPE })),
  ],
  ['GET', 'DeviceService/Devices(#)/InventoryDetails', (call) => ok(listInventory(call))],
  ['GET', 'DeviceService/Devices(#)/InventoryDetails($)', (call) => ok(inventoryOf(call))],
  ['GET', 'DeviceService/Devices(#)/SubSystemHealth', (call) => ok(listHealth(call))],
  ['GET', 'DeviceService/DeviceType', (call) => ok(listTypes(call))],
  ['POST', 'DeviceService/Actions/DeviceService.RemoveDevices', removeDevices],
];

/** Devices as a collection at any path: all of them, or those of a group. */
export function listDevices(call: OmeCall, devices: readonly Device[], path: string): Json {
  const { pageSize } = call.ome;
  return collection(devices.map(deviceView), call.query, { path, type: TYPE, pageSize });
}

/** Devices by their ids; refused when one is unknown. */
export function devicesById(ome: Ome, ids: readonly number[]): readonly Device[] {
  return ids.map((id) => {
    const device = ome.state.devices.find((known) => known.id === id);
    if (device === undefined) throw invalidValue('TargetIds');
    return device;
  });
}

/** Reads a BMC and keeps what it said: a new device, or the known one of that service tag. */
export async function takeInventory(ome: Ome, access: BmcAccess): Promise<Device> {
  const found = await withBmc(ome.connect(access), readInventory);
  const known = ome.state.devices.find((device) => device.tag === found.tag);
  const device = { ...found, id: known?.id ?? ome.takeId(), access, inventoriedAt: ome.now() };
  ome.state.devices = [...ome.state.devices.filter((other) => other.id !== device.id), device].sort(
    (left, right) => left.id - right.id,
  );
  ome.save();
  return device;
}

/** The job of an inventory: every target is read again. */
export function runInventory(ome: Ome, job: Job): Promise<readonly JobResult[]> {
  const devices = devicesById(ome, idsOf(job.targets.map((target) => target['Id'])));
  return forEach(
    devices,
    (device) => device.tag,
    async (device) => {
      await takeInventory(ome, device.access);
      return 'The inventory was refreshed.';
    },
  );
}

function deviceOf({ ome, params }: OmeCall): Device {
  const device = ome.state.devices.find(({ id }) => id === Number(params[0]));
  if (device === undefined) throw unknownUri();
  return device;
}

function listInventory(call: OmeCall): Json {
  const device = deviceOf(call);
  const items = Object.entries(device.parts).map(([type, parts]) => inventoryView(type, parts));
  const path = `${PATH}(${device.id})/InventoryDetails`;
  return collection(items, call.query, { path, type: 'DeviceService.InventoryDetail', pageSize: 50 });
}

function inventoryOf(call: OmeCall): Json {
  const type = call.params[1] ?? '';
  const parts = deviceOf(call).parts[type];
  if (parts === undefined) throw unknownUri();
  return { '@odata.context': '/api/$metadata#DeviceService.InventoryDetail', ...inventoryView(type, parts) };
}

const inventoryView = (type: string, parts: readonly Json[]): Json => ({
  InventoryType: type,
  InventoryInfo: parts,
});

function listHealth(call: OmeCall): Json {
  const device = deviceOf(call);
  const rollup = String(HEALTH[device.health] ?? 2000);
  const items = ['System', 'CPU', 'Memory', 'Storage', 'Power Supply', 'Fan', 'Temperature'].map((name) => ({
    SubSystem: name,
    RollupStatus: name === 'System' ? rollup : '1000',
    FaultList: [],
  }));
  const path = `${PATH}(${device.id})/SubSystemHealth`;
  return collection(items, call.query, {
    path,
    type: 'DeviceService.SubSystemHealthFaultModel',
    pageSize: 50,
  });
}

function listTypes(call: OmeCall): Json {
  const types = {
    1000: 'SERVER',
    2000: 'CHASSIS',
    3000: 'STORAGE',
    4000: 'NETWORK_IOM',
    8000: 'STORAGE_IOM',
  };
  const items = Object.entries(types).map(([id, name]) => ({ DeviceType: Number(id), Name: name }));
  const path = '/api/DeviceService/DeviceType';
  return collection(items, call.query, { path, type: 'DeviceService.DeviceType', pageSize: 50 });
}

function removeDevices({ ome, body }: OmeCall) {
  const ids = idsOf(body['DeviceIds']);
  devicesById(ome, ids);
  ome.state.devices = ome.state.devices.filter(({ id }) => !ids.includes(id));
  ome.state.groups = ome.state.groups.map((group) => ({
    ...group,
    devices: group.devices.filter((id) => !ids.includes(id)),
  }));
  ome.save();
  return done();
}

function deviceView(device: Device): Json {
  const at = timeOf(device.inventoriedAt);
  return {
    Id: device.id,
    Type: 1000,
    Identifier: device.tag,
    DeviceServiceTag: device.tag,
    ChassisServiceTag: null,
    Model: device.model,
    PowerState: device.power === 'On' ? 17 : 18,
    ManagedState: 3000,
    Status: HEALTH[device.health] ?? 2000,
    ConnectionState: true,
    AssetTag: null,
    SystemId: 0,
    DeviceName: device.hostName === '' ? device.tag : device.hostName,
    LastInventoryTime: at,
    LastStatusTime: at,
    DeviceSubscription: null,
    // 33: configuration compliance; the others are what every managed iDRAC can do.
    DeviceCapabilities: [1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 30, 33],
    SlotConfiguration: {},
    DeviceManagement: [
      {
        ManagementId: device.id,
        NetworkAddress: device.access.address,
        MacAddress: '',
        ManagementType: 2,
        InstrumentationName: device.hostName,
        DnsName: '',
        ManagementProfile: [
          {
            ManagementProfileId: device.id,
            ProfileId: 'REDFISH',
            ManagementId: device.id,
            ManagementURL: `https://${device.access.address}:${device.access.port}`,
            HasCreds: 0,
            Status: 1000,
            StatusDateTime: at,
          },
        ],
      },
    ],
    Actions: null,
  };
}
