import { BringupError, EXIT } from '../../contract/errors.ts';
import { createXmlScanner } from './xml-scanner.ts';

/** One update package of a catalogue: for what it is, and in which models. */
export interface CatalogPackage {
  /** BIOS, FRMW, APAC and others; empty where the catalogue does not say. */
  readonly type: string;
  readonly name: string;
  readonly version: string;
  /** Names of the devices it is for, such as `PERC H755 Front`, and their numbers (159 is a BIOS). */
  readonly devices: readonly string[];
  readonly components: readonly string[];
  /** As the catalogue writes them: R750, or PowerEdge R750. */
  readonly models: readonly string[];
}

/** A firmware catalogue as Dell publishes them, without what a check has no use for. */
export interface FirmwareCatalog {
  readonly version?: string;
  readonly released?: string;
  readonly packages: readonly CatalogPackage[];
}

export interface CatalogReader {
  /** Takes the next piece of the file as text; pieces may end anywhere. */
  push(piece: string): void;
  /** The catalogue, once all was pushed. */
  end(): FirmwareCatalog;
}

/** Dell's own catalogue of all servers has about ten thousand packages with up to three hundred models each. */
const MAX_PACKAGES = 100_000;
const MAX_NAMES = 4_000_000;

interface Draft {
  type: string;
  name: string;
  version: string;
  devices: string[];
  components: string[];
  models: string[];
}

/**
 * Reads a catalogue (`Manifest` with one `SoftwareComponent` a package) piece by piece; names that repeat are kept once. Throws
 * XML_INVALID, and CATALOG_INVALID for XML that is no firmware catalogue.
 */
export function createCatalogReader(): CatalogReader {
  const path: string[] = [];
  const packages: CatalogPackage[] = [];
  const names = new Map<string, string>();
  const once = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    names.set(name, name);
    return name;
  };
  let head: Readonly<Record<string, string>> = {};
  let draft: Draft | undefined;
  let said = '';
  let english = true;
  let count = 0;

  const opened = (name: string, attributes: Readonly<Record<string, string>>): void => {
    if (path.length === 0) {
      if (name !== 'Manifest') throw notOne(`It is a ${name.slice(0, 40)}, and not a Manifest.`);
      head = attributes;
    }
    if (path.length === 1 && name === 'SoftwareComponent') {
      if (packages.length >= MAX_PACKAGES) throw notOne(`It has more than ${MAX_PACKAGES} packages.`);
      const version = attributes['vendorVersion'] ?? attributes['dellVersion'] ?? '';
      draft = { type: '', name: '', version, devices: [], components: [], models: [] };
    }
    path.push(name);
    said = '';
    if (draft === undefined) return;
    if (name === 'Display') english = /^en\b|^$/i.test(attributes['lang'] ?? '');
    if (name === 'ComponentType') draft.type = attributes['value'] ?? '';
    const component = name === 'Device' ? attributes['componentID'] : undefined;
    if (component !== undefined) draft.components.push(once(component));
  };

  const closed = (name: string): void => {
    path.pop();
    if (draft === undefined) return;
    if (name === 'Display' && english) keep(draft, path.at(-1) ?? '', said.trim());
    said = '';
    if (path.length === 1 && name === 'SoftwareComponent') {
      packages.push({ ...draft, version: once(draft.version), type: once(draft.type) });
      draft = undefined;
    }
  };

  const keep = (to: Draft, what: string, text: string): void => {
    if (text === '') return;
    if (++count > MAX_NAMES) throw notOne('It names more devices and models than there can be.');
    if (what === 'Name') to.name ||= text;
    else if (what === 'Device') to.devices.push(once(text));
    else if (what === 'Model') to.models.push(once(text));
  };

  const scanner = createXmlScanner({
    open: opened,
    close: closed,
    text(piece) {
      if (path.at(-1) === 'Display' && draft !== undefined) said += piece;
    },
  });

  return {
    push: (piece) => scanner.push(piece),
    end() {
      scanner.end();
      if (packages.length === 0) throw notOne('It has no packages.');
      const { version, dateTime: released } = head;
      return {
        ...(version === undefined ? {} : { version }),
        ...(released === undefined ? {} : { released }),
        packages,
      };
    },
  };
}

function notOne(why: string): BringupError {
  return new BringupError({
    code: 'CATALOG_INVALID',
    exit: EXIT.invalid,
    message: `This is no firmware catalogue. ${why}`,
    hint: 'Name a Catalog.xml or Catalog.xml.gz as Dell publishes them.',
  });
}
