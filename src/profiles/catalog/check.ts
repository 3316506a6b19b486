import type { Problem } from '../../contract/api.ts';
import type { HardwareSnapshot } from '../../contract/hardware.ts';
import type { CheckedFirmware } from '../../contract/profile-check.ts';
import { suggest } from '../../site/index.ts';
import { matchesGlob } from '../glob.ts';
import type { Profile } from '../parse.ts';
import type { FirmwareEntry } from '../profile-entry.ts';
import { makerNames } from '../registry/makers.ts';
import { installed, isMeant } from '../settings.ts';
import { compareVersions } from '../versions.ts';
import type { CatalogPackage, FirmwareCatalog } from './catalog.ts';
import { brings, componentsOf, plainModel } from './items.ts';

/** A catalogue, by model; made once for all profiles. */
export interface CatalogIndex {
  /** Names as the catalogue writes them, by their plain form. */
  readonly models: ReadonlyMap<string, string>;
  readonly packages: ReadonlyMap<string, readonly CatalogPackage[]>;
}

/** Sorts the packages of a catalogue by the models they are for. */
export function indexCatalog({ packages }: FirmwareCatalog): CatalogIndex {
  const models = new Map<string, string>();
  const byModel = new Map<string, CatalogPackage[]>();
  for (const one of packages) {
    for (const model of new Set(one.models)) {
      const plain = plainModel(model);
      models.set(plain, model);
      const known = byModel.get(plain);
      if (known === undefined) byModel.set(plain, [one]);
      else known.push(one);
    }
  }
  return { models, packages: byModel };
}

/** What became of one profile's wishes; `lines` has one entry a wish and model. */
export interface FirmwareVerdict {
  readonly lines: readonly CheckedFirmware[];
  readonly problems: readonly Problem[];
}

/**
 * Holds the firmware that a profile wants against a catalogue: for the machines that have the profile, else for the models that its patterns
 * name. What every one of these machines has already need not be in the catalogue.
 */
export function checkFirmware(
  profile: Profile,
  machines: readonly HardwareSnapshot[],
  catalog: CatalogIndex,
): FirmwareVerdict {
  const lines: CheckedFirmware[] = [];
  const problems: Problem[] = [];
  for (const [index, entry] of (profile.firmware ?? []).entries()) {
    if (!isOfDell(entry)) continue;
    for (const model of modelsOf(entry, machines, catalog)) {
      const { line, fault } = judge(entry, model, machines, catalog);
      lines.push({ profile: profile.name, ...line });
      if (fault === undefined) continue;
      const { code, field, message, hint, severity } = fault;
      const path = field in entry ? ['firmware', index, field] : ['firmware', index];
      problems.push(profile.problem({ code, path, message, hint, severity: severity ?? 'error' }));
    }
  }
  return { lines, problems };
}

type Line = Omit<CheckedFirmware, 'profile'>;

interface Told {
  readonly code: string;
  readonly field: 'model' | 'item' | 'at_least';
  readonly message: string;
  readonly hint: string;
  readonly severity?: Problem['severity'];
}

function judge(
  entry: FirmwareEntry,
  model: string | undefined,
  machines: readonly HardwareSnapshot[],
  catalog: CatalogIndex,
): { readonly line: Line; readonly fault?: Told } {
  const { item, at_least: wanted } = entry;
  const line = { item, wanted, ...(model === undefined ? {} : { model }) };
  if (model === undefined) return { line: { ...line, status: 'unknown' } };
  const same = machines.filter(
    (one) => plainModel(one.model ?? '') === plainModel(model) && isMeant(entry, one),
  );
  const done = same.length > 0 && same.every((one) => hasIt(entry, one));
  const packages = catalog.packages.get(plainModel(model));
  if (packages === undefined) {
    if (done) return { line: { ...line, status: 'installed' } };
    return { line: { ...line, status: 'no-model' }, fault: noModel(model, catalog) };
  }
  const numbers = componentsOf(item, same);
  const versions = packages.filter((one) => brings(one, item, numbers)).map(({ version }) => version);
  const [found] = versions.sort((a, b) => -(compareVersions(a, b) ?? 0));
  if (found === undefined) {
    if (done) return { line: { ...line, status: 'installed' } };
    return { line: { ...line, status: 'missing' }, fault: missing(item, model, packages) };
  }
  const order = compareVersions(found, wanted);
  if (order === undefined)
    return { line: { ...line, found, status: 'unknown' }, fault: strange(entry, model, found) };
  if (order >= 0) return { line: { ...line, found, status: order === 0 ? 'same' : 'newer' } };
  if (done) return { line: { ...line, found, status: 'installed' } };
  return { line: { ...line, found, status: 'older' }, fault: older(entry, model, found) };
}

function noModel(model: string, { models }: CatalogIndex): Told {
  const near = suggest(plainModel(model), [...models.keys()]);
  const nearest = near === undefined ? '' : ` (the nearest in it is ${models.get(near) ?? near})`;
  return {
    code: 'FIRMWARE_MODEL',
    field: 'model',
    message: `The catalogue has nothing for ${model}${nearest}.`,
    hint: 'Take a catalogue that has this model, or correct the model of the profile.',
  };
}

function missing(item: string, model: string, packages: readonly CatalogPackage[]): Told {
  const names = [
    ...new Set(packages.flatMap(({ name, devices }) => [...devices, name]).filter((one) => one !== '')),
  ];
  const near = suggest(item.replaceAll('*', ''), names);
  const has = names.slice(0, 8).join(', ');
  const more = names.length > 8 ? ` and ${names.length - 8} more` : '';
  return {
    code: 'FIRMWARE_MISSING',
    field: 'item',
    message: `The catalogue has no package for ${item} of ${model}.`,
    hint: near === undefined ? `It has for this model: ${has}${more}.` : `Did you mean ${near}?`,
  };
}

function older({ item, at_least: wanted }: FirmwareEntry, model: string, found: string): Told {
  return {
    code: 'FIRMWARE_OLDER',
    field: 'at_least',
    message: `The newest ${item} of ${model} in the catalogue is ${found}, older than ${wanted}.`,
    hint: 'Take a newer catalogue; updates from this one do not bring what the profile wants.',
  };
}

function strange({ item, at_least: wanted }: FirmwareEntry, model: string, found: string): Told {
  return {
    code: 'FIRMWARE_VERSION',
    field: 'at_least',
    severity: 'warning',
    message: `The ${item} of ${model} in the catalogue is ${found}, which cannot be compared with ${wanted}.`,
    hint: 'Write the version as the catalogue does.',
  };
}

/** Whether the machine has the firmware already, in every item that is meant. */
function hasIt({ item, at_least: wanted }: FirmwareEntry, machine: HardwareSnapshot): boolean {
  const items = installed(item, machine);
  return (
    items.length > 0 && items.every(([, version]) => (compareVersions(version ?? '', wanted) ?? -1) >= 0)
  );
}

function isOfDell({ manufacturer }: FirmwareEntry): boolean {
  if (manufacturer === undefined) return true;
  return makerNames('Dell').some((name) => matchesGlob(name.toLowerCase(), manufacturer.toLowerCase()));
}

/** The models that an entry is about: of the machines, else those that its pattern finds in the catalogue, else the pattern itself. */
function modelsOf(
  entry: FirmwareEntry,
  machines: readonly HardwareSnapshot[],
  { models }: CatalogIndex,
): readonly (string | undefined)[] {
  const seen = machines.filter((one) => isMeant(entry, one)).flatMap(({ model }) => model ?? []);
  if (machines.length > 0) return [...new Set(seen)];
  if (entry.model === undefined) return [undefined];
  const pattern = plainModel(entry.model);
  const found = [...models].filter(([plain]) => matchesGlob(plain, pattern)).map(([, name]) => name);
  return found.length > 0 ? found : [entry.model];
}
