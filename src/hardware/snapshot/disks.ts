import type { Disk } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import { healthOf } from './terms.ts';
import { at, compact, firstText, flag, idOf, number, positive, text } from './values.ts';

/** One drive: a Drive of DSP0268, a DiskDrive of an older array controller, or a device of SimpleStorage. */
export function diskOf(resource: Resource, controller: string | undefined): Disk {
  const id = idOf(resource) === '?' ? (text(at(resource, 'Name')) ?? '?') : idOf(resource);
  const used = number(at(resource, 'SSDEnduranceUtilizationPercentage'));
  return compact({
    id,
    name: text(at(resource, 'Name')) ?? id,
    kind: kindOf(resource),
    size_gb: sizeGb(resource),
    manufacturer: text(at(resource, 'Manufacturer')),
    model: text(at(resource, 'Model')),
    serial: text(at(resource, 'SerialNumber')),
    firmware_version: firmwareOf(resource),
    protocol: firstText(at(resource, 'Protocol'), at(resource, 'InterfaceType')),
    location: firstText(
      at(resource, 'PhysicalLocation', 'PartLocation', 'ServiceLabel'),
      at(resource, 'Location', '0', 'PartLocation', 'ServiceLabel'),
      at(resource, 'Location', '0', 'Info'),
      at(resource, 'Location'),
    ),
    controller,
    life_left_percent:
      number(at(resource, 'PredictedMediaLifeLeftPercent')) ?? (used === undefined ? undefined : 100 - used),
    failure_predicted: flag(at(resource, 'FailurePredicted')),
    health: healthOf(resource),
  });
}

/** A firmware version, plain or in the nested form of older trees. */
export function firmwareOf(resource: unknown): string | undefined {
  return firstText(
    at(resource, 'Revision'),
    at(resource, 'FirmwareVersion'),
    at(resource, 'FirmwareVersion', 'Current', 'VersionString'),
    at(resource, 'Firmware', 'Current', 'VersionString'),
  );
}

function kindOf(resource: Resource): Disk['kind'] {
  const protocol = firstText(at(resource, 'Protocol'), at(resource, 'InterfaceType')) ?? '';
  const media = text(at(resource, 'MediaType')) ?? '';
  const named = `${text(at(resource, 'Name')) ?? ''} ${text(at(resource, 'Model')) ?? ''}`;
  const spinning = positive(at(resource, 'RotationSpeedRPM')) ?? positive(at(resource, 'RotationalSpeedRpm'));
  if (/nvme/i.test(protocol)) return 'nvme';
  if (/^(hdd|smr)$/i.test(media) || spinning !== undefined) return 'hdd';
  if (/^pcie$/i.test(protocol) || /nvme/i.test(named)) return 'nvme';
  return /ssd|solid/i.test(`${media} ${named}`) ? 'ssd' : 'unknown';
}

/** Whole decimal gigabytes, as on the label; cards below 10 GB keep one decimal. */
function sizeGb(resource: Resource): number {
  const blocks = positive(at(resource, 'CapacityLogicalBlocks'));
  const blockSize = positive(at(resource, 'BlockSizeBytes'));
  const mib = positive(at(resource, 'CapacityMiB'));
  const bytes =
    positive(at(resource, 'CapacityBytes')) ??
    (blocks !== undefined && blockSize !== undefined ? blocks * blockSize : undefined) ??
    (mib === undefined ? undefined : mib * 2 ** 20);
  return roundGb(bytes === undefined ? (positive(at(resource, 'CapacityGB')) ?? 0) : bytes / 1e9);
}

export function roundGb(gb: number): number {
  return gb < 10 ? Math.round(gb * 10) / 10 : Math.round(gb);
}
