import type { Resource } from '../../reader.ts';
import { at, isBag, link, text } from '../values.ts';
import { DELL } from './dell.ts';
import { HP } from './hp.ts';
import { HPE } from './hpe.ts';
import { CISCO, FUJITSU, GENERIC, LENOVO, SUPERMICRO } from './others.ts';
import type { Place, Vendor } from './types.ts';

export type { Vendor } from './types.ts';

const VENDORS = [DELL, HPE, LENOVO, SUPERMICRO, FUJITSU, CISCO];

/** The resources in which a place of a vendor table is looked up. */
export interface Owners {
  readonly root: Resource;
  readonly system: Resource;
  readonly manager: Resource | undefined;
}

/** The table for a machine: by the keys under Oem first, as they say whose extensions the tree has, then by maker. */
export function vendorOf(owners: Owners): Vendor {
  const resources = [owners.manager, owners.system, owners.root];
  const keys = resources.flatMap((resource) => {
    const oem = at(resource, 'Oem');
    return isBag(oem) ? Object.keys(oem) : [];
  });
  if (keys.includes('Hp') && !keys.includes('Hpe')) return HP;
  const makers = [text(at(owners.root, 'Vendor')), text(at(owners.system, 'Manufacturer'))];
  for (const word of [...keys, ...makers]) {
    const vendor = VENDORS.find((candidate) => word !== undefined && candidate.match.test(word));
    if (vendor !== undefined) return vendor;
  }
  return GENERIC;
}

/** Where a place leads; `guessed` when there was no link and the table's own path is taken. */
export function locate(
  place: Place | undefined,
  owners: Owners,
): { readonly uri: string; readonly guessed: boolean } | undefined {
  if (place === undefined) return undefined;
  const found = link(at(owners[place.from], ...place.path));
  if (found !== undefined) return { uri: found + (place.below ?? ''), guessed: false };
  if (place.otherwise === undefined) return undefined;
  const uri = place.otherwise
    .replace('{system}', link(owners.system) ?? '')
    .replace('{manager}', link(owners.manager) ?? '');
  return uri.startsWith('/redfish/') ? { uri, guessed: true } : undefined;
}
