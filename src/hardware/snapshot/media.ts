import type { VirtualMediaSlot } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { at, byName, compact, firstText, flag, idOf, link, list, text } from './values.ts';

/**
 * Virtual media slots. Newer services list them under the system, older ones under the manager, many in both places;
 * then the system's list counts, with what only the manager shows as inserted.
 */
export async function readVirtualMedia(collector: Collector, entry: Entry): Promise<VirtualMediaSlot[]> {
  const [ofSystem, ofManager] = await Promise.all([
    collector.members('virtual media', link(at(entry.system, 'VirtualMedia'))),
    collector.members('virtual media', link(at(entry.manager, 'VirtualMedia'))),
  ]);
  const own = ofSystem.map(slotOf);
  const older = ofManager.map(slotOf);
  const images = new Set(own.filter((slot) => slot.inserted).map((slot) => slot.image));
  const onlyOlder = older.filter((slot) => slot.inserted && !images.has(slot.image));
  return byName(own.length === 0 ? older : [...own, ...onlyOlder], (slot) => slot.uri);
}

function slotOf(resource: Resource): VirtualMediaSlot {
  const image = firstText(at(resource, 'Image'), at(resource, 'ImageName'));
  const connected = text(at(resource, 'ConnectedVia'));
  return compact({
    id: idOf(resource),
    uri: link(resource) ?? '',
    inserted:
      flag(at(resource, 'Inserted')) ??
      (image !== undefined && connected !== undefined && !/^notconnected$/i.test(connected)),
    image,
    media_types: list(at(resource, 'MediaTypes'))
      .map((type) => text(type))
      .filter((type) => type !== undefined),
    eject: link(at(resource, 'Actions', '#VirtualMedia.EjectMedia', 'target')),
  });
}
