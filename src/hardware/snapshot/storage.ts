import type { Disk, StorageController } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import { readArrays } from './arrays.ts';
import type { Collector } from './collector.ts';
import { diskOf, firmwareOf, roundGb } from './disks.ts';
import type { Entry } from './entry.ts';
import { healthOf, isAbsent, worst } from './terms.ts';
import { at, byName, compact, firstText, idOf, isBag, link, links, list, positive, text } from './values.ts';

export interface StorageParts {
  readonly disks: readonly Disk[];
  readonly controllers: readonly StorageController[];
}

/** Drives and controllers: Storage, else the array controllers of older trees, else SimpleStorage. */
export async function readStorage(collector: Collector, entry: Entry): Promise<StorageParts> {
  const storages = await collector.members('storage', link(at(entry.system, 'Storage')));
  const parts = await Promise.all(storages.map((storage) => readOne(collector, storage)));
  let found = join(parts);
  if (found.disks.length === 0) {
    const arrays = await readArrays(collector, entry);
    if (arrays.disks.length > 0) found = join([{ disks: [], controllers: [] }, arrays]);
  }
  if (found.disks.length === 0) {
    const simple = await collector.members('storage', link(at(entry.system, 'SimpleStorage')));
    found = { disks: join(simple.map(simpleParts)).disks, controllers: found.controllers };
  }
  return found;
}

async function readOne(collector: Collector, storage: Resource): Promise<StorageParts> {
  const embedded = list(at(storage, 'StorageControllers')).filter(isController);
  const drivesLink = at(storage, 'Drives');
  const [drives, volumes, separate] = await Promise.all([
    Array.isArray(drivesLink)
      ? collector.resources('disks', links(drivesLink))
      : collector.members('disks', link(drivesLink)),
    collector.members('volumes', link(at(storage, 'Volumes'))),
    embedded.length > 0 ? [] : collector.members('storage controllers', link(at(storage, 'Controllers'))),
  ]);
  const present = drives.filter((drive) => !isAbsent(drive) && !isVirtual(drive));
  const controllers = (embedded.length > 0 ? embedded : separate)
    .filter((controller) => !isAbsent(controller) && !isTheDrive(controller, present))
    .map((controller, index) => controllerOf(controller, storage, index, index === 0 ? volumes : []));
  return {
    disks: present.map((drive) => diskOf(drive, controllers[0]?.id)),
    controllers,
  };
}

/** The BMC's own USB drives for virtual media, which some services list among the disks. */
function isVirtual(drive: Resource): boolean {
  const protocol = text(at(drive, 'Protocol')) ?? '';
  return /^usb$/i.test(protocol) && positive(at(drive, 'CapacityBytes')) === undefined;
}

/** Old services embed the controllers, new ones leave bare references here. */
function isController(value: unknown): value is Resource {
  return (
    isBag(value) &&
    firstText(at(value, 'Name'), at(value, 'Model'), at(value, 'FirmwareVersion')) !== undefined
  );
}

/** An NVMe drive without a RAID controller is modelled as a controller of its own; it is the drive. */
function isTheDrive(controller: Resource, drives: readonly Resource[]): boolean {
  const serial = text(at(controller, 'SerialNumber'));
  return serial !== undefined && drives.some((drive) => text(at(drive, 'SerialNumber')) === serial);
}

function controllerOf(
  controller: Resource,
  storage: Resource,
  index: number,
  volumes: readonly Resource[],
): StorageController {
  const id = index === 0 ? idOf(storage) : `${idOf(storage)}/${idOf(controller)}`;
  const raid = list(at(controller, 'SupportedRAIDTypes')).map((type) => text(type));
  return compact({
    id,
    name: firstText(at(controller, 'Name'), at(controller, 'Model'), at(storage, 'Name')) ?? id,
    manufacturer: text(at(controller, 'Manufacturer')),
    model: text(at(controller, 'Model')),
    firmware_version: firmwareOf(controller),
    raid_types: raid.filter((type) => type !== undefined),
    volumes: volumes.filter((volume) => !isRawDrive(volume)).map(volumeOf),
    health: index === 0 ? worst([healthOf(controller), healthOf(storage)]) : healthOf(controller),
  });
}

/** A volume of type RawDevice is a drive outside any array. */
function isRawDrive(volume: Resource): boolean {
  return (
    text(at(volume, 'RAIDType')) === undefined && /^rawdevice$/i.test(text(at(volume, 'VolumeType')) ?? '')
  );
}

function volumeOf(volume: Resource): StorageController['volumes'][number] {
  const bytes = positive(at(volume, 'CapacityBytes'));
  return compact({
    id: idOf(volume),
    name: firstText(at(volume, 'DisplayName'), at(volume, 'Name')) ?? idOf(volume),
    raid_type: firstText(at(volume, 'RAIDType'), at(volume, 'VolumeType')),
    size_gb: bytes === undefined ? undefined : roundGb(bytes / 1e9),
    health: healthOf(volume),
  });
}

function simpleParts(simple: Resource): StorageParts {
  const devices = list(at(simple, 'Devices')).filter(isBag);
  return {
    disks: devices
      .filter((device) => !isAbsent(device) && positive(at(device, 'CapacityBytes')) !== undefined)
      .map((device) => diskOf(device, idOf(simple))),
    controllers: [],
  };
}

/** Puts the parts together; ids that occur under several controllers get the controller's id in front. */
function join(parts: readonly StorageParts[]): StorageParts {
  const disks = parts.flatMap((part) => part.disks);
  const count = new Map<string, number>();
  for (const disk of disks) count.set(disk.id, (count.get(disk.id) ?? 0) + 1);
  const named = disks.map((disk) =>
    (count.get(disk.id) ?? 0) > 1 && disk.controller !== undefined
      ? { ...disk, id: `${disk.controller}/${disk.id}` }
      : disk,
  );
  return {
    disks: byName(named, (disk) => disk.id),
    controllers: byName(
      parts.flatMap((part) => part.controllers),
      (controller) => controller.id,
    ),
  };
}
