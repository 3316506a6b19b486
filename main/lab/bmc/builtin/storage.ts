import { collection, link, resource, type Resource } from '../resource.ts';
import { CHASSIS, OK, OK_ROLLUP, SYSTEM } from './places.ts';
import { uriOf } from './system.ts';
import { BOSS_VERSION, RAID_VERSION } from './versions.ts';

interface Controller {
  readonly id: string;
  readonly name: string;
  readonly firmware: string;
  readonly protocols: readonly string[];
  readonly raidTypes: readonly string[];
  readonly drives: readonly Drive[];
  readonly volume: {
    readonly id: string;
    readonly name: string;
    readonly raid: string;
    readonly bytes: number;
  };
}

interface Drive {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly bytes: number;
  readonly serial: string;
}

const CONTROLLERS: readonly Controller[] = [
  {
    id: 'AHCI.SL.6-1',
    name: 'BOSS-S2',
    firmware: BOSS_VERSION,
    protocols: ['SATA'],
    raidTypes: ['RAID1'],
    drives: [0, 1].map((bay) => ({
      id: `Disk.Direct.${bay}-${bay}:AHCI.SL.6-1`,
      name: `SSD ${bay}`,
      model: 'MTFDDAV480TDS',
      bytes: 480_103_981_056,
      serial: `223538DA0B${bay}1`,
    })),
    volume: { id: 'Disk.Virtual.0:AHCI.SL.6-1', name: 'boot', raid: 'RAID1', bytes: 479_997_632_512 },
  },
  {
    id: 'RAID.SL.3-1',
    name: 'PERC H755 Front',
    firmware: RAID_VERSION,
    protocols: ['SAS', 'SATA'],
    raidTypes: ['RAID0', 'RAID1', 'RAID5', 'RAID6', 'RAID10', 'RAID50', 'RAID60'],
    drives: [0, 1, 2, 3].map((bay) => ({
      id: `Disk.Bay.${bay}:Enclosure.Internal.0-1:RAID.SL.3-1`,
      name: `Solid State Disk 0:1:${bay}`,
      model: 'MZ7L31T9HBLTAD3',
      bytes: 1_920_383_410_176,
      serial: `S6ESNT0W20${bay}7A1`,
    })),
    volume: { id: 'Disk.Virtual.239:RAID.SL.3-1', name: 'data', raid: 'RAID10', bytes: 3_839_693_062_144 },
  },
];

/** Two controllers with their drives and volumes. */
export function storageResources(): readonly Resource[] {
  return [
    collection(
      `${SYSTEM}/Storage`,
      'StorageCollection',
      CONTROLLERS.map(({ id }) => `${SYSTEM}/Storage/${id}`),
    ),
    ...CONTROLLERS.flatMap(controllerResources),
  ];
}

function controllerResources(controller: Controller): readonly Resource[] {
  const uri = `${SYSTEM}/Storage/${controller.id}`;
  const drives = controller.drives.map((drive) => driveResource(uri, controller, drive));
  const volume = volumeResource(uri, controller, drives);
  const about = {
    Name: controller.name,
    Manufacturer: 'DELL',
    Model: controller.name,
    FirmwareVersion: controller.firmware,
    SpeedGbps: 12,
    Status: OK_ROLLUP,
    SupportedControllerProtocols: ['PCIe'],
    SupportedDeviceProtocols: controller.protocols,
    SupportedRAIDTypes: controller.raidTypes,
  };
  const controllers = `${uri}/Controllers`;
  return [
    resource(uri, 'Storage.v1_10_1', {
      Name: controller.name,
      Status: OK_ROLLUP,
      Drives: drives.map((drive) => link(uriOf(drive))),
      'Drives@odata.count': drives.length,
      StorageControllers: [
        { '@odata.id': `${uri}#/StorageControllers/0`, MemberId: controller.id, ...about },
      ],
      'StorageControllers@odata.count': 1,
      Controllers: link(controllers),
      Volumes: link(`${uri}/Volumes`),
      Links: { Enclosures: [link(CHASSIS)] },
    }),
    collection(controllers, 'StorageControllerCollection', [`${controllers}/${controller.id}`]),
    resource(`${controllers}/${controller.id}`, 'StorageController.v1_2_0', about),
    ...drives,
    collection(`${uri}/Volumes`, 'VolumeCollection', [uriOf(volume)]),
    volume,
  ];
}

function driveResource(storage: string, controller: Controller, drive: Drive): Resource {
  return resource(`${storage}/Drives/${drive.id}`, 'Drive.v1_12_1', {
    Name: drive.name,
    Description: drive.id,
    Manufacturer: controller.name.startsWith('BOSS') ? 'MICRON' : 'SAMSUNG',
    Model: drive.model,
    SerialNumber: drive.serial,
    Revision: 'HG58',
    MediaType: 'SSD',
    Protocol: 'SATA',
    CapacityBytes: drive.bytes,
    BlockSizeBytes: 512,
    CapableSpeedGbs: 6,
    NegotiatedSpeedGbs: 6,
    FailurePredicted: false,
    PredictedMediaLifeLeftPercent: 100,
    PhysicalLocation: {
      PartLocation: { LocationOrdinalValue: Number(/\d/.exec(drive.id)?.[0]), LocationType: 'Slot' },
    },
    Status: OK_ROLLUP,
    Links: { Chassis: link(CHASSIS), Volumes: [link(`${storage}/Volumes/${controller.volume.id}`)] },
  });
}

function volumeResource(storage: string, { volume }: Controller, drives: readonly Resource[]): Resource {
  return resource(`${storage}/Volumes/${volume.id}`, 'Volume.v1_6_2', {
    Name: volume.name,
    DisplayName: volume.name,
    RAIDType: volume.raid,
    CapacityBytes: volume.bytes,
    BlockSizeBytes: 512,
    Encrypted: false,
    Operations: [],
    Status: OK,
    Links: { Drives: drives.map((drive) => link(uriOf(drive))), 'Drives@odata.count': drives.length },
  });
}
