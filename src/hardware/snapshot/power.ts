import type { PowerSupply } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { healthOf, isAbsent } from './terms.ts';
import { at, byName, compact, firstText, idOf, isBag, link, list, number, positive, text } from './values.ts';

/**
 * Power supplies of the system's chassis. PowerSubsystem names them as the maker does, Power (deprecated by DSP0268, often
 * still there) tells the input voltage: both are read, and joined by serial number.
 */
export async function readPowerSupplies(collector: Collector, entry: Entry): Promise<PowerSupply[]> {
  const found = await Promise.all(entry.chassis.map((chassis) => readChassis(collector, chassis)));
  const supplies = new Map(found.flat().map((supply) => [supply.serial ?? supply.id, supply]));
  return byName([...supplies.values()], (supply) => supply.id);
}

async function readChassis(collector: Collector, chassis: Resource): Promise<PowerSupply[]> {
  const [old, subsystem] = await Promise.all([
    collector.resource('power supplies', link(at(chassis, 'Power'))),
    collector
      .resource('power supplies', link(at(chassis, 'PowerSubsystem')))
      .then((found) => collector.members('power supplies', link(at(found, 'PowerSupplies')))),
  ]);
  const listed = list(at(old, 'PowerSupplies')).filter(isBag);
  const embedded = listed.filter((one) => at(one, 'Status') !== undefined || at(one, 'Name') !== undefined);
  const older = unique(embedded).map(supplyOf);
  if (subsystem.length === 0) return older;
  return subsystem.map(supplyOf).map((supply) => {
    const same = older.find((one) => one.serial !== undefined && one.serial === supply.serial);
    return { ...same, ...supply };
  });
}

/** Some services give every entry the MemberId 0; then the place in the list is the id. */
function unique(entries: readonly Resource[]): readonly Resource[] {
  const ids = new Set(entries.map(idOf));
  return ids.size === entries.length ? entries : entries.map((one, index) => ({ ...one, Id: String(index) }));
}

function supplyOf(resource: Resource): PowerSupply {
  const id = idOf(resource);
  return compact({
    id,
    name: text(at(resource, 'Name')) ?? id,
    model: text(at(resource, 'Model')),
    serial: text(at(resource, 'SerialNumber')),
    firmware_version: firstText(at(resource, 'FirmwareVersion')),
    capacity_watts:
      positive(at(resource, 'PowerCapacityWatts')) ??
      positive(at(resource, 'InputRanges', '0', 'OutputWattage')),
    input_volts: number(at(resource, 'LineInputVoltage')),
    present: !isAbsent(resource),
    health: healthOf(resource),
  });
}
