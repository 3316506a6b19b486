import type { HardwareSnapshot } from '../../contract/hardware.ts';
import { matchesGlob } from '../glob.ts';
import type { CatalogPackage } from './catalog.ts';

/** Numbers of components in Dell's inventories and catalogues: the BIOS, and the iDRAC with its Lifecycle Controller. */
const BIOS_COMPONENT = '159';
const BMC_COMPONENTS: ReadonlySet<string> = new Set(['25227', '28897']);
const BMC_NAME = /^(i?drac|integrated dell remote access controller)\b/i;

/**
 * Whether a package brings the item of a profile: `bios`, `bmc`, or a pattern for the name of a firmware item. Machines and catalogues have
 * other names for one device, so `numbers` are those of the components that the pattern finds in machines.
 */
export function brings(
  { type, name, devices, components }: CatalogPackage,
  item: string,
  numbers: ReadonlySet<string>,
): boolean {
  // Drivers and programs have the name of the device they are for.
  if (type !== '' && type !== 'BIOS' && type !== 'FRMW') return false;
  if (item === 'bios') return type === 'BIOS' || components.includes(BIOS_COMPONENT);
  if (item === 'bmc')
    return (
      type !== 'BIOS' &&
      (components.some((one) => BMC_COMPONENTS.has(one)) || devices.some((device) => BMC_NAME.test(device)))
    );
  if (components.some((one) => numbers.has(one))) return true;
  const pattern = item.toLowerCase();
  return [name, ...devices].some((one) => matchesGlob(one.toLowerCase(), pattern));
}

/** Numbers of the components whose names fit a pattern. An iDRAC has them in the ids of its inventory: `Installed-108255-21.80.9__NIC...`. */
export function componentsOf(
  item: string,
  machines: readonly Pick<HardwareSnapshot, 'firmware'>[],
): Set<string> {
  const pattern = item.toLowerCase();
  const found = machines
    .flatMap(({ firmware }) => firmware)
    .filter(({ name }) => matchesGlob(name.toLowerCase(), pattern))
    .flatMap(({ id }) => /^(?:Installed|Current)-([1-9]\d*)-/.exec(id)?.[1] ?? []);
  return new Set(found);
}

/** A model as both sides can be compared: Redfish says PowerEdge R750, catalogues R750. */
export function plainModel(model: string): string {
  return model
    .trim()
    .toLowerCase()
    .replace(/^poweredge\s+/, '')
    .replaceAll(/\s+/g, ' ');
}
