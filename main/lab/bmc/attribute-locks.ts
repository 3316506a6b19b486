import type { Machine } from './types.ts';
import { at, listOf, objectOf, type Resource } from './resource.ts';

type Values = Readonly<Record<string, unknown>>;

/** The BIOS attribute registry as an iDRAC shows it: attributes that the present settings lock are marked read-only. */
export function dressRegistry(machine: Machine, found: Resource): Resource {
  const entries = objectOf(found['RegistryEntries']);
  const captured = capturedValues(machine);
  const before = lockedAttributes(found, captured);
  const now = lockedAttributes(found, { ...captured, ...machine.state.bios });
  const attributes = listOf(entries['Attributes']).map((entry) => {
    const attribute = objectOf(entry);
    const name = String(attribute['AttributeName']);
    // What the capture says of it holds as long as nothing about it changed.
    return before.has(name) === now.has(name) ? attribute : { ...attribute, ReadOnly: now.has(name) };
  });
  return { ...found, RegistryEntries: { ...entries, Attributes: attributes } };
}

/**
 * Attributes of the registry that cannot be set together with these ones. What is pending counts: an iDRAC takes an attribute along with the
 * one that unlocks it.
 */
export function lockedFor(machine: Machine, registry: Resource, wanted: Values): ReadonlySet<string> {
  const { bios, biosPending } = machine.state;
  return lockedAttributes(registry, { ...capturedValues(machine), ...bios, ...biosPending, ...wanted });
}

/** Attributes whose Dependencies say anything of being read-only. */
export function lockableAttributes(registry: Resource): ReadonlySet<string> {
  return new Set(locksOf(registry).map((lock) => String(lock['MapToAttribute'])));
}

function lockedAttributes(registry: Resource, values: Values): ReadonlySet<string> {
  const holds = (from: unknown): boolean => {
    const condition = objectOf(from);
    const isEqual =
      String(values[String(condition['MapFromAttribute'])]) === String(condition['MapFromValue']);
    return condition['MapFromCondition'] === 'NEQ' ? !isEqual : isEqual;
  };
  const locked = locksOf(registry).filter((lock) => listOf(lock['MapFrom']).some(holds));
  return new Set(locked.map((lock) => String(lock['MapToAttribute'])));
}

function locksOf(registry: Resource): readonly Resource[] {
  return listOf(at(registry, 'RegistryEntries', 'Dependencies'))
    .map((entry) => objectOf(objectOf(entry)['Dependency']))
    .filter((one) => one['MapToProperty'] === 'ReadOnly' && one['MapToValue'] === true);
}

function capturedValues({ capture }: Machine): Values {
  return objectOf(capture.lookup(capture.outline.systems[0]?.bios)?.['Attributes']);
}
