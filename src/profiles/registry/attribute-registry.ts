/** One attribute as a BIOS attribute registry describes it; what the registry does not say is missing. */
export interface BiosAttribute {
  readonly name: string;
  /** Enumeration, Integer, String, Boolean or Password. */
  readonly type: string;
  /** Values of an enumeration. */
  readonly values: readonly string[];
  readonly low?: number;
  readonly high?: number;
  readonly step?: number;
  readonly shortest?: number;
  readonly longest?: number;
  /** It can never be set. */
  readonly immutable: boolean;
  /** It cannot be set, at least not as the machine was set when it told the registry. */
  readonly readOnly: boolean;
}

/** One condition of a dependency: `attribute` has (EQU, NEQ, GTR, GEQ, LSS, LEQ) `value`. */
export interface BiosCondition {
  readonly attribute: string;
  readonly operator: string;
  readonly value: string;
  /** AND where it holds together with the one before it, otherwise either will do. */
  readonly and: boolean;
}

/** What becomes of an attribute while conditions hold: `property` gets `value`. */
export interface BiosDependency {
  readonly attribute: string;
  /** ReadOnly, GrayOut, Hidden, Immutable, CurrentValue and others. */
  readonly property: string;
  readonly value: string;
  readonly conditions: readonly BiosCondition[];
}

/** The part of a Redfish AttributeRegistry (DMTF DSP8010) by which a wanted value can be judged. */
export interface AttributeRegistry {
  readonly id: string;
  readonly owner?: string;
  readonly systems: readonly { readonly product?: string; readonly firmware?: string }[];
  readonly attributes: ReadonlyMap<string, BiosAttribute>;
  /** By the attribute that they are about. */
  readonly dependencies: ReadonlyMap<string, readonly BiosDependency[]>;
}

type Bag = Readonly<Record<string, unknown>>;

/** A registry out of a JSON resource, whatever is in it; undefined where it is none, or has no attributes. */
export function readRegistry(resource: unknown): AttributeRegistry | undefined {
  const entries = bag(bag(resource)?.['RegistryEntries']);
  const listed = bags(entries?.['Attributes']).flatMap(readAttribute);
  if (listed.length === 0) return undefined;
  const dependencies = new Map<string, BiosDependency[]>();
  for (const one of bags(entries?.['Dependencies']).flatMap(readDependency)) {
    const known = dependencies.get(one.attribute);
    if (known === undefined) dependencies.set(one.attribute, [one]);
    else known.push(one);
  }
  const owner = text(bag(resource)?.['OwningEntity']);
  return {
    id: text(bag(resource)?.['Id']) ?? 'registry',
    ...(owner === undefined ? {} : { owner }),
    systems: bags(bag(resource)?.['SupportedSystems']).map((system) =>
      given({ product: text(system['ProductName']), firmware: text(system['FirmwareVersion']) }),
    ),
    attributes: new Map(listed.map((attribute) => [attribute.name, attribute])),
    dependencies,
  };
}

/**
 * The BIOS registries in a JSON document: it is one itself, or a capture `{uri: resource}` that holds some, also
 * below `resources`. Of one in several languages
 * only the English, else the first, as they differ in words alone.
 */
export function findRegistries(document: unknown): AttributeRegistry[] {
  const whole = readRegistry(document);
  if (whole !== undefined) return [whole];
  const byId = new Map<string, { registry: AttributeRegistry; english: boolean }>();
  const top = bag(document) ?? {};
  for (const resource of Object.values(bag(top['resources']) ?? top)) {
    const registry = readRegistry(resource);
    // Boot sources and storage controllers have registries of the same form.
    if (registry === undefined || !/bios/i.test(registry.id)) continue;
    const english = bag(resource)?.['Language'] === 'en';
    const known = byId.get(registry.id);
    if (known === undefined || (english && !known.english)) byId.set(registry.id, { registry, english });
  }
  return [...byId.values()].map(({ registry }) => registry);
}

function readAttribute(entry: Bag): BiosAttribute[] {
  const name = text(entry['AttributeName']);
  if (name === undefined) return [];
  return [
    {
      name,
      type: text(entry['Type']) ?? '',
      values: bags(entry['Value']).flatMap((option) => text(option['ValueName']) ?? []),
      ...given({
        low: number(entry['LowerBound']),
        high: number(entry['UpperBound']),
        step: number(entry['ScalarIncrement']),
        shortest: number(entry['MinLength']),
        longest: number(entry['MaxLength']),
      }),
      immutable: entry['Immutable'] === true,
      readOnly: entry['ReadOnly'] === true,
    },
  ];
}

function readDependency(entry: Bag): BiosDependency[] {
  const told = bag(entry['Dependency']);
  const attribute = text(told?.['MapToAttribute']);
  const property = text(told?.['MapToProperty']);
  const from = bags(told?.['MapFrom']);
  const conditions = from.flatMap(readCondition);
  // A condition that is not understood leaves open whether the others are enough.
  if (entry['Type'] !== 'Map' || attribute === undefined || property === undefined) return [];
  if (conditions.length === 0 || conditions.length < from.length) return [];
  return [{ attribute, property, value: words(told?.['MapToValue']), conditions }];
}

function readCondition(entry: Bag): BiosCondition[] {
  const attribute = text(entry['MapFromAttribute']);
  const operator = text(entry['MapFromCondition']);
  if (attribute === undefined || operator === undefined) return [];
  if (entry['MapFromProperty'] !== 'CurrentValue') return [];
  const and = entry['MapTerms'] === 'AND';
  return [{ attribute, operator, value: words(entry['MapFromValue']), and }];
}

function bag(value: unknown): Bag | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : undefined;
}

function bags(value: unknown): readonly Bag[] {
  return Array.isArray(value) ? value.flatMap((one: unknown): Bag[] => [bag(one) ?? {}]) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** The fields that are there. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
