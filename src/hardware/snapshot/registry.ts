import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { at, isBag, link, list, text } from './values.ts';

/** Sees to it that a registry, which has half a megabyte, is read of one machine of each kind alone. */
export interface RegistryClaims {
  /** True for the first who asks for this kind. */
  take(kind: string): boolean;
  /** Lets another machine of the kind try, where this one did not tell it. */
  giveBack(kind: string): void;
}

export function createRegistryClaims(): RegistryClaims {
  const taken = new Set<string>();
  return {
    take: (kind) => !taken.has(kind) && taken.add(kind).has(kind),
    giveBack: (kind) => void taken.delete(kind),
  };
}

/**
 * Reads the attribute registry that the BIOS resource names, so that it is kept with the raw resources, and returns its URI. Undefined
 * where another machine with the same BIOS has told it, or this one does not.
 */
export async function readRegistry(
  collector: Collector,
  { root, system }: Pick<Entry, 'root' | 'system'>,
  bios: Resource,
  claims: RegistryClaims | undefined,
): Promise<string | undefined> {
  const named = text(at(bios, 'AttributeRegistry'));
  if (named === undefined) return undefined;
  const kind = JSON.stringify(['Manufacturer', 'Model', 'BiosVersion'].map((name) => text(at(system, name))));
  if (claims?.take(kind) !== true) return undefined;
  const uri = (await listedPlace(collector, root, named)) ?? dellPlace(system, bios);
  const registry = await collector.resource('BIOS registry', uri);
  if (registry !== undefined && uri !== undefined && at(registry, 'RegistryEntries') !== undefined)
    return uri;
  claims.giveBack(kind);
  return undefined;
}

/** Where the registry of that name is: DSP0266 lists them under Registries, each with a place for every language. */
async function listedPlace(collector: Collector, root: Resource, named: string): Promise<string | undefined> {
  const collection = await collector.resource('registries', link(at(root, 'Registries')));
  const wanted = named.toLowerCase();
  // The name of a file stands at the end of its URI, so the others need not be read.
  const member = list(at(collection, 'Members'))
    .flatMap((one) => link(one) ?? [])
    .find((uri) => plainEnd(uri) !== '' && wanted.startsWith(plainEnd(uri)));
  const file = await collector.resource('BIOS registry', member);
  const places = list(at(file, 'Location')).filter(isBag);
  const place = places.find((one) => at(one, 'Language') === 'en') ?? places[0];
  // An iLO 5 has an object there.
  return text(at(place, 'Uri')) ?? text(at(place, 'Uri', 'extref'));
}

/** Older iDRACs do not list it, but have it beside the BIOS. */
function dellPlace(system: Resource, bios: Resource): string | undefined {
  const beside = link(bios);
  if (beside === undefined || !/^dell/i.test(text(at(system, 'Manufacturer')) ?? '')) return undefined;
  return `${beside.replace(/\/+$/, '')}/BiosRegistry`;
}

/** `BiosAttributeRegistry.v1_0_3` for `/redfish/v1/Registries/BiosAttributeRegistry.v1_0_3/`, in small letters. */
function plainEnd(uri: string): string {
  return uri.replace(/\/+$/, '').split('/').at(-1)?.toLowerCase() ?? '';
}
