import type { BiosValue, HardwareSnapshot } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { readRegistry, type RegistryClaims } from './registry.ts';
import { at, compact, isBag, link, text } from './values.ts';

type Attributes = Readonly<Record<string, BiosValue>>;

/**
 * BIOS version, attributes, and those set but not applied: what the settings resource says differently. With `claims` the registry of
 * the attributes is read as well, once for each kind of machine.
 */
export async function readBios(
  collector: Collector,
  { root, system }: Pick<Entry, 'root' | 'system'>,
  claims?: RegistryClaims,
): Promise<HardwareSnapshot['bios']> {
  const bios = await collector.resource('BIOS attributes', link(at(system, 'Bios')));
  const place = link(at(bios, '@Redfish.Settings', 'SettingsObject'));
  const settings = await collector.resource('pending BIOS settings', place);
  const attributes = attributesOf(bios);
  return compact({
    version: text(at(system, 'BiosVersion')),
    attributes,
    pending: pendingOf(attributes, attributesOf(settings)),
    registry: bios === undefined ? undefined : await readRegistry(collector, { root, system }, bios, claims),
  });
}

/** Properties of the resource itself, where attributes stand beside them as in trees before Bios.v1_0_0. */
const OWN_PROPERTIES = new Set(['Id', 'Name', 'Description', 'AttributeRegistry', 'Type', 'Modified']);

function attributesOf(resource: Resource | undefined): Attributes {
  if (resource === undefined) return {};
  const listed = at(resource, 'Attributes');
  const source = isBag(listed)
    ? Object.entries(listed)
    : Object.entries(resource).filter(([name]) => !OWN_PROPERTIES.has(name) && !/[@#]/.test(name));
  return Object.fromEntries(source.filter((pair): pair is [string, BiosValue] => isBiosValue(pair[1])));
}

function isBiosValue(value: unknown): value is BiosValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** Some BMCs list only the changes, others everything; null stands for a password that is never shown. */
function pendingOf(current: Attributes, wanted: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => value !== null && String(current[name] ?? '') !== String(value),
    ),
  );
}
