import { gunzipSync } from 'node:zlib';
import type { Package } from './types.ts';
import { type XmlElement, elementsOf, parseXml } from './xml.ts';

/** What a firmware catalog holds. */
export interface CatalogDocument {
  readonly packages: readonly Package[];
  readonly manifest: { readonly identifier?: string; readonly version?: string; readonly released?: string };
}

const CRITICALITY = { 1: 'Recommended', 2: 'Urgent', 3: 'Optional' } as const;

/**
 * Reads a catalog as Dell publishes them: `Manifest` with one `SoftwareComponent` a package, plain or gzipped, in UTF-8 or
 * UTF-16. Undefined where it is none.
 */
export function readCatalog(bytes: Buffer): CatalogDocument | undefined {
  const root = parseXml(textOf(bytes));
  if (root?.name !== 'Manifest') return undefined;
  const { identifier, version, dateTime } = root.attributes;
  return {
    packages: elementsOf(root, 'SoftwareComponent').map(packageOf),
    manifest: {
      ...(identifier === undefined ? {} : { identifier }),
      ...(version === undefined ? {} : { version }),
      ...(dateTime === undefined ? {} : { released: dateTime }),
    },
  };
}

/**
 * Reads an update package. A real one carries a package.xml with a `SoftwareComponent` of the same form as in a catalog; here
 * that element may stand anywhere in the file. Undefined where there is none.
 */
export function readUpdatePackage(bytes: Buffer): Package | undefined {
  const found = /<SoftwareComponent[\s>][\s\S]*?<\/SoftwareComponent>/.exec(bytes.toString('utf8'));
  const element = found === null ? undefined : parseXml(found[0]);
  return element === undefined ? undefined : packageOf(element);
}

function packageOf(element: XmlElement): Package {
  const { path = '', vendorVersion = '', packageID = '', rebootRequired } = element.attributes;
  const level = element.children.find(({ name }) => name === 'Criticality')?.attributes['value'];
  return {
    name: displayOf(element.children.find(({ name }) => name === 'Name')),
    path,
    version: vendorVersion,
    packageId: packageID,
    criticality: CRITICALITY[Number(level) as 1 | 2 | 3] ?? 'Recommended',
    rebootRequired: rebootRequired === 'true',
    componentIds: elementsOf(element, 'Device').map(({ attributes }) => attributes['componentID'] ?? ''),
    models: elementsOf(element, 'Model').map(displayOf),
  };
}

function displayOf(element: XmlElement | undefined): string {
  return elementsOf(element, 'Display')[0]?.text.trim() ?? '';
}

function textOf(bytes: Buffer): string {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return plain[0] === 0xff && plain[1] === 0xfe ? plain.toString('utf16le') : plain.toString('utf8');
}
