import type { Dimm, HardwareSnapshot } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import { healthOf, isAbsent } from './terms.ts';
import { at, byName, compact, firstText, idOf, link, positive, text } from './values.ts';

/**
 * The modules and their sum. MemorySummary stands in only where modules are missing from the answer: it counts mirrored
 * memory once and some BMCs give it in decimal units.
 */
export async function readMemory(
  collector: Collector,
  system: Resource,
): Promise<HardwareSnapshot['memory']> {
  const before = collector.gaps.length;
  const members = await collector.members('memory', link(at(system, 'Memory')));
  const unread = collector.gaps.slice(before).some((gap) => gap.what === 'memory');
  const modules = members
    .filter((member) => !isAbsent(member))
    .map((member) => ({ member, dimm: dimmOf(member) }));
  const present = modules.filter(({ dimm }) => dimm.size_gib > 0);
  const dimms = byName(
    present.map(({ dimm }) => dimm),
    (dimm) => dimm.slot,
  );
  const sum = present
    .filter(({ member }) => !isPersistent(member))
    .reduce((total, { dimm }) => total + dimm.size_gib, 0);
  const summary = positive(at(system, 'MemorySummary', 'TotalSystemMemoryGiB')) ?? 0;
  return { total_gib: unread || sum === 0 ? Math.max(sum, summary) : sum, dimms };
}

function dimmOf(resource: Resource): Dimm {
  return compact({
    slot:
      firstText(at(resource, 'DeviceLocator'), at(resource, 'Name'), at(resource, 'Id')) ?? idOf(resource),
    size_gib: sizeGib(resource),
    type: firstText(at(resource, 'MemoryDeviceType'), at(resource, 'DIMMType'), at(resource, 'MemoryType')),
    speed_mhz:
      positive(at(resource, 'OperatingSpeedMhz')) ??
      positive(at(resource, 'MaximumFrequencyMHz')) ??
      positive(at(resource, 'AllowedSpeedsMHz', '0')),
    manufacturer: text(at(resource, 'Manufacturer')),
    part_number: text(at(resource, 'PartNumber')),
    serial: text(at(resource, 'SerialNumber')),
    health: healthOf(resource),
  });
}

/** No module is smaller than 256 MiB; a smaller CapacityMiB was meant in GiB, as some BMCs send it. */
const SMALLEST_MODULE_MIB = 256;

function sizeGib(resource: Resource): number {
  const mib =
    positive(at(resource, 'CapacityMiB')) ??
    positive(at(resource, 'SizeMB')) ??
    positive(at(resource, 'VolatileSizeMiB')) ??
    0;
  const gib = mib < SMALLEST_MODULE_MIB ? mib : mib / 1024;
  return Math.round(gib * 100) / 100;
}

function isPersistent(resource: Resource): boolean {
  return /optane|nvdimm|persistent/i.test(text(at(resource, 'MemoryType')) ?? '');
}
