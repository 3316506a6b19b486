import type { Disk, StorageController } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import { diskOf, firmwareOf, roundGb } from './disks.ts';
import type { Entry } from './entry.ts';
import { healthOf, isAbsent } from './terms.ts';
import { at, compact, firstText, idOf, link, positive, text } from './values.ts';
import { locate } from './vendors/index.ts';

/** Array controllers of trees older than Storage: each with DiskDrives and LogicalDrives. */
export async function readArrays(
  collector: Collector,
  entry: Entry,
): Promise<{ disks: readonly Disk[]; controllers: readonly StorageController[] }> {
  const place = locate(entry.vendor.arrays, entry);
  const controllers = await collector.guess('storage', place?.uri);
  const parts = await Promise.all(controllers.map((controller) => readOne(collector, controller)));
  return {
    disks: parts.flatMap((part) => part.disks),
    controllers: parts.map((part) => part.controller),
  };
}

async function readOne(collector: Collector, resource: Resource) {
  const [drives, logical] = await Promise.all([
    collector.members('disks', below(resource, ['PhysicalDrives', 'DiskDrives'])),
    collector.members('volumes', below(resource, ['LogicalDrives'])),
  ]);
  const id = idOf(resource);
  const controller: StorageController = compact({
    id,
    name: firstText(at(resource, 'Model'), at(resource, 'Name')) ?? id,
    manufacturer: text(at(resource, 'Manufacturer')),
    model: text(at(resource, 'Model')),
    firmware_version: firmwareOf(resource),
    raid_types: [],
    volumes: logical.map(volumeOf),
    health: healthOf(resource),
  });
  return {
    controller,
    disks: drives.filter((drive) => !isAbsent(drive)).map((drive) => diskOf(drive, id)),
  };
}

function below(resource: Resource, names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = link(at(resource, 'Links', name)) ?? link(at(resource, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function volumeOf(resource: Resource): StorageController['volumes'][number] {
  const mib = positive(at(resource, 'CapacityMiB'));
  const level = text(at(resource, 'Raid'));
  return compact({
    id: idOf(resource),
    name: firstText(at(resource, 'LogicalDriveName'), at(resource, 'Name')) ?? idOf(resource),
    raid_type: level === undefined ? undefined : `RAID${level.replace(/^raid/i, '')}`,
    size_gb: mib === undefined ? undefined : roundGb((mib * 2 ** 20) / 1e9),
    health: healthOf(resource),
  });
}
