import type { DiscoveredMachine, HardwareSnapshot } from '../../contract/hardware.ts';

/** What makers leave in fields nobody filled in, from SMBIOS defaults seen in the field. */
const PLACEHOLDER =
  /^(|0+|f+|x+|-+|n\/?a|none|null|unknown|empty|default( string)?|not (specified|available|set(table)?|present)|to be filled.*|system serial number|chassis serial number|0?123456789a?b?)$/i;

/** Serial numbers by which a machine may be named: serial, service tag (SKU at Dell), asset tag; upper case, no placeholders. */
export function serialsOf(snapshot: HardwareSnapshot): readonly string[] {
  const all = [snapshot.serial, snapshot.sku, snapshot.asset_tag].map(normaliseSerial);
  return [...new Set(all.filter((serial) => serial !== undefined))];
}

/** A serial as it is compared; undefined for a placeholder. */
export function normaliseSerial(serial: string | undefined): string | undefined {
  const text = (serial ?? '').trim().toUpperCase();
  return PLACEHOLDER.test(text) ? undefined : text;
}

/** MAC addresses of a machine's ports. */
export function macsOf(snapshot: HardwareSnapshot): readonly string[] {
  return snapshot.nics.flatMap(({ mac }) => (mac === undefined ? [] : [mac.toLowerCase()]));
}

/** Whether two snapshots are of one machine: by serial, and where neither tells one by UUID and ports together. */
export function isSameMachine(one: HardwareSnapshot, other: HardwareSnapshot): boolean {
  const [serial, otherSerial] = [normaliseSerial(one.serial), normaliseSerial(other.serial)];
  const [uuid, otherUuid] = [uuidOf(one), uuidOf(other)];
  const sameUuid = uuid !== undefined && uuid === otherUuid;
  if (serial !== undefined || otherSerial !== undefined) {
    return serial === otherSerial && (sameUuid || uuid === undefined || otherUuid === undefined);
  }
  const macs = new Set(macsOf(one));
  return sameUuid && macsOf(other).every((mac) => macs.has(mac));
}

function uuidOf({ uuid }: HardwareSnapshot): string | undefined {
  const text = (uuid ?? '').toLowerCase();
  return /^[0-9a-f-]{32,36}$/.test(text) && !/^[0-]+$|^[f-]+$/.test(text) ? text : undefined;
}

/** How a sentence names a machine nobody planned. */
export function describe({ bmc, snapshot }: DiscoveredMachine): string {
  const serial = snapshot === undefined ? '' : serialsOf(snapshot).join(' / ');
  const kind = [snapshot?.manufacturer, snapshot?.model].filter((part) => part !== undefined).join(' ');
  const what = serial === '' ? 'machine without a serial number' : `machine with serial ${serial}`;
  return `${what} (${[kind, `BMC ${hostOf(bmc)}`].filter((part) => part !== '').join(', ')})`;
}

/** Address (and port, where it is not 443) of a BMC as dialled. */
export function hostOf(bmc: string): string {
  return bmc.replace(/^https?:\/\//, '').replace(/:443$/, '');
}
