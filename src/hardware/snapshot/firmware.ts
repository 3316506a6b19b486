import type { FirmwareItem } from '../../contract/hardware.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { isAbsent } from './terms.ts';
import { at, byName, compact, flag, idOf, link, text } from './values.ts';

/** Installed firmware: the inventory without rollback copies, staged images and entries that name no version. */
export async function readFirmware(collector: Collector, entry: Entry): Promise<FirmwareItem[]> {
  const service = await collector.resource('firmware', link(at(entry.root, 'UpdateService')));
  const members = await collector.members('firmware', link(at(service, 'FirmwareInventory')));
  const items = members.flatMap((member): FirmwareItem[] => {
    const version = text(at(member, 'Version'));
    const id = idOf(member);
    const name = text(at(member, 'Name')) ?? id;
    if (version === undefined || isAbsent(member) || entry.vendor.notInstalled?.test(id) === true) return [];
    return [compact({ id, name, version, updateable: flag(at(member, 'Updateable')) })];
  });
  return byName(items, (item) => `${item.name} ${item.id}`);
}
