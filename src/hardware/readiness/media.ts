import type { VirtualMediaSlot } from '../../contract/hardware.ts';
import { type Draft, repair, type Seen } from './finding.ts';

/** Slots that still hold an image: the next mount is refused, or the machine boots from the wrong one. */
export function checkMedia({ snapshot }: Seen): Draft[] {
  return snapshot.virtual_media
    .filter((slot) => slot.inserted)
    .map((slot) => ({
      severity: 'warning',
      code: 'bmc.media_stale',
      message: `Virtual media ${slot.id} still holds ${slot.image ?? 'an image'}; a run could not insert its own.`,
      seen: slot.image ?? 'an image',
      wanted: 'empty',
      repair: repair(`Eject virtual media ${slot.id}.`, eject(slot)),
    }));
}

/** Slots that know no EjectMedia action and are emptied by a PATCH: EXT1 to EXT4 of Lenovo's XCC. */
const EMPTIED_BY_PATCH = /\/VirtualMedia\/EXT\d$/i;

/** Slots that belong to someone's remote console or to the BMC's own storage; only their owner can empty them. */
const NOT_OURS = /\/VirtualMedia\/(RDOC|Remote)\d$/i;

function eject({ uri, eject: action }: VirtualMediaSlot) {
  if (uri === '' || NOT_OURS.test(uri)) return undefined;
  if (action !== undefined) return { method: 'POST', uri: action, body: {} } as const;
  return EMPTIED_BY_PATCH.test(uri)
    ? ({ method: 'PATCH', uri, body: { Image: null } } as const)
    : ({ method: 'POST', uri: `${uri}/Actions/VirtualMedia.EjectMedia`, body: {} } as const);
}
