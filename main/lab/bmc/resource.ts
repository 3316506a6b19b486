/** A Redfish resource as JSON. */
export type Resource = Readonly<Record<string, unknown>>;

/** A value as an object, or an empty one when it is none; arrays are none. */
export function objectOf(value: unknown): Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Resource) : {};
}

/** A value as a list, or an empty one when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A value as text, or undefined when it is none or empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Any JSON value in words: text as it is, anything else as JSON, nothing as empty text. */
export function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}

/** The value at a path of property names, or undefined. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => objectOf(inner)[name], value);
}

/** The URI a link object points to, or undefined. */
export function linkOf(value: unknown): string | undefined {
  return textOf(objectOf(value)['@odata.id']);
}

/** URIs of a collection's members, or of a list of links. */
export function membersOf(collection: unknown): readonly string[] {
  const members = Array.isArray(collection) ? collection : listOf(objectOf(collection)['Members']);
  return members.flatMap((member) => linkOf(member) ?? []);
}

export function link(uri: string): Resource {
  return { '@odata.id': uri };
}

/** A resource with its identity; `Id` is the last segment of its URI unless given. `type` is `Chassis.v1_20_0`. */
export function resource(uri: string, type: string, properties: Resource): Resource {
  const name = type.split('.')[0] ?? type;
  return {
    '@odata.context': `/redfish/v1/$metadata#${name}.${name}`,
    '@odata.id': uri,
    '@odata.type': `#${type}.${type.includes('.') ? name : type}`,
    Id: uri.split('/').at(-1),
    ...properties,
  };
}

/** A collection resource of members given as URIs, or as whole resources as Dell's OEM collections hold them. */
export function collection(uri: string, type: string, members: readonly (string | Resource)[]): Resource {
  const { Id: _, ...rest } = resource(uri, type, {
    Name: type.replace(/([a-z])([A-Z])/g, '$1 $2'),
    Members: members.map((member) => (typeof member === 'string' ? link(member) : member)),
    'Members@odata.count': members.length,
  });
  return rest;
}
