import { completeCapture } from './complete.ts';
import { type Outline, outlineOf } from './outline.ts';
import { type Resource, textOf } from './resource.ts';
import { type Template, createTokenFinder } from './template.ts';
import { type Token, findTokens } from './tokens.ts';

/** A Redfish tree ready to be served by any number of machines; it is parsed once and shared by all. */
export interface Capture {
  readonly outline: Outline;
  readonly tokens: readonly Token[];
  /** A resource as captured, by any spelling of its URI; undefined when the capture has none. */
  lookup(uri: string | undefined): Resource | undefined;
  /** Its JSON text with holes for what identifies a machine. */
  template(key: string): Template | undefined;
  /** The form of a URI that resources are kept under: no trailing slash, and lower case where the service ignores case. */
  keyOf(uri: string): string;
  /** Keys of every resource. */
  keys(): Iterable<string>;
  /** Keys that hold identifying text themselves, such as an id with a serial number in it. */
  readonly tokenKeys: ReadonlyMap<string, Template>;
}

/** Resources that hold schemas and registries: large, the same on every machine, never identifying. */
const STATIC = /schemastore|jsonschemas|registr(?:y|ies)|\$metadata|privilege/i;

/** Makes a capture of a `{uri: resource}` map, adding the services that captures lack because they hold secrets or change by the second. */
export function createCapture(map: Readonly<Record<string, Resource>>): Capture {
  const foldsCase = map['/redfish/v1']?.['Vendor'] === 'HPE';
  const keyOf = (uri: string) => {
    const path = uri.replace(/(?<=.)\/+$/, '');
    return foldsCase ? path.toLowerCase() : path;
  };
  const resources = new Map<string, Resource>();
  for (const [uri, resource] of Object.entries(map)) {
    const key = keyOf(uri);
    // Of two spellings of one URI the one that calls itself by that name is the better copy.
    if (!resources.has(key) || resource['@odata.id'] === uri) resources.set(key, withUri(uri, resource));
  }
  const lookup = (uri: string | undefined) => (uri === undefined ? undefined : resources.get(keyOf(uri)));
  const registries = () =>
    [...resources.values()].filter((found) => String(found['@odata.type']).startsWith('#AttributeRegistry'));
  for (const added of completeCapture(outlineOf(lookup, registries()), lookup)) {
    resources.set(keyOf(String(added['@odata.id'])), added);
  }
  const outline = outlineOf(lookup, registries());
  const get = (uris: readonly string[]): readonly Resource[] =>
    uris.map(lookup).filter((found) => found !== undefined);
  const tokens = findTokens(
    {
      root: lookup(outline.root) ?? {},
      systems: get(outline.systems.map(({ uri }) => uri)),
      chassis: get(outline.chassis),
      managers: get(outline.managers),
      ports: get(outline.ports),
      bmcPorts: get(outline.bmcPorts),
    },
    [...resources].filter(([key]) => !STATIC.test(key)).map(([, found]) => found),
  );
  const finder = createTokenFinder(tokens);
  const templates = new Map<string, Template>();
  const keys = [...resources.keys()].map((key) => [key, finder.compile(key)] as const);
  return {
    outline,
    tokens: finder.tokens,
    keys: () => resources.keys(),
    lookup,
    keyOf,
    tokenKeys: new Map(keys.filter(([, template]) => template.length > 1)),
    template: (key) => {
      const known = templates.get(key);
      if (known !== undefined) return known;
      const found = resources.get(key);
      if (found === undefined) return undefined;
      const text = JSON.stringify(found);
      const made = STATIC.test(key) ? [text] : finder.compile(text);
      templates.set(key, made);
      return made;
    },
  };
}

/** Some captures hold registries and documents without their own URI; the simulator finds a resource by it. */
function withUri(uri: string, resource: Resource): Resource {
  return textOf(resource['@odata.id']) === undefined &&
    String(resource['@odata.type']).startsWith('#AttributeRegistry')
    ? { '@odata.id': uri, ...resource }
    : resource;
}
