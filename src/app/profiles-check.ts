import type {
  CheckedFirmware,
  CheckedRegistry,
  ProfileCheckInput,
  ProfilesChecked,
} from '../contract/profile-check.ts';
import type { Problem } from '../contract/api.ts';
import {
  checkBios,
  checkFirmware,
  indexCatalog,
  parseProfile,
  speaksFor,
  titleOf as registryTitle,
  unusedProfile,
  type CatalogIndex,
  type Machine,
  type Profile,
  type RegistrySource,
} from '../profiles/index.ts';
import { catalogInBundle, readCatalog, titleOf, type CatalogPlace } from './catalog-file.ts';
import { readText } from './read-text.ts';
import type { BringupPorts } from './ports.ts';
import { machineProblems, type MachineProblems } from './profile-machines.ts';
import { readSiteProfiles, type SiteProfiles } from './profiles-site.ts';
import { readRegistryFile } from './registry-files.ts';

type Where = Pick<BringupPorts, 'playbooks' | 'hardware'>;

/** What is checked, wherever it was named. */
interface Subject {
  readonly profiles: readonly Profile[];
  readonly problems: readonly Problem[];
  readonly summaries: ProfilesChecked['profiles'];
  readonly site?: SiteProfiles;
}

/**
 * Checks profiles: their files, their BIOS attributes against registries, their firmware against a catalogue. Of a site those that its hosts
 * have and its own; registries that BMCs told and the catalogue of its bundle are used unasked. Throws what reading the files throws.
 */
export async function checkProfiles(ports: Where, input: ProfileCheckInput): Promise<ProfilesChecked> {
  const subject = await readSubject(ports, input.file);
  const { profiles, site } = subject;
  const given = (await Promise.all((input.registries ?? []).map(readRegistryFile))).flat();
  const machines = site === undefined ? undefined : await machineProblems(ports, site);
  const firmware = await checkAgainstCatalog(input, subject);
  const problems = inFiles([
    ...subject.problems,
    ...given.flatMap((source) => profiles.flatMap((profile) => checkBios(profile, source))),
    ...(machines?.problems ?? []),
    ...(site === undefined ? [] : unusedOf(site)),
    ...firmware.problems,
  ]);
  return {
    ok: !problems.some(({ severity }) => severity === 'error'),
    problems,
    profiles: subject.summaries,
    registries: [...given.map((source) => described(source, profiles)), ...(machines?.registries ?? [])],
    ...(firmware.catalog === undefined ? {} : { catalog: firmware.catalog }),
    firmware: firmware.lines,
    unchecked: [...uncheckedBios(given, profiles, machines), ...firmware.unchecked],
  };
}

async function readSubject(ports: Where, file: string): Promise<Subject> {
  const text = await readText(file, 'The file');
  if (/^\s*['"]?apiVersion['"]?\s*:/m.test(text)) {
    const site = await readSiteProfiles(ports, file);
    return { profiles: site.checked, problems: site.problems, summaries: site.summaries, site };
  }
  const { profile, problems } = parseProfile(text, file);
  if (profile === undefined) return { profiles: [], problems, summaries: [] };
  const { name, version, title } = profile;
  return { profiles: [profile], problems, summaries: [{ name, version, title, file, origin: 'site' }] };
}

interface FirmwareChecked {
  readonly problems: readonly Problem[];
  readonly lines: readonly CheckedFirmware[];
  readonly catalog?: NonNullable<ProfilesChecked['catalog']>;
  readonly unchecked: readonly string[];
}

async function checkAgainstCatalog(
  { catalog: named }: ProfileCheckInput,
  { profiles: all, site }: Subject,
): Promise<FirmwareChecked> {
  // One that was named counts for every profile.
  const apart = named === undefined ? all.filter(hasOwnCatalog) : [];
  const profiles = all.filter((profile) => !apart.includes(profile));
  const none = { problems: [], lines: [], unchecked: apart.map(ownCatalogWords) };
  if (!profiles.some(({ firmware = [] }) => firmware.length > 0)) return none;
  const place: CatalogPlace | undefined =
    named !== undefined
      ? { file: named }
      : site === undefined
        ? undefined
        : await catalogInBundle(site.loaded);
  if (place === undefined) {
    const where = site === undefined ? '' : ', or put Catalog.xml.gz below firmware/ into the bundle';
    return {
      ...none,
      unchecked: [
        `Firmware: no catalogue was named. Name one with --catalog FILE${where}.`,
        ...none.unchecked,
      ],
    };
  }
  const read = await readCatalog(place);
  const index: CatalogIndex = indexCatalog(read);
  const verdicts = profiles.map((profile) =>
    checkFirmware(profile, snapshotsOf(site?.machinesOf(profile) ?? []), index),
  );
  const { version } = read;
  return {
    problems: verdicts.flatMap(({ problems }) => problems),
    lines: verdicts.flatMap(({ lines }) => lines),
    catalog: {
      file: titleOf(place),
      packages: read.packages.length,
      ...(version === undefined ? {} : { version }),
    },
    unchecked: none.unchecked,
  };
}

function hasOwnCatalog({ firmware = [], firmware_updates: updates }: Profile): boolean {
  return firmware.length > 0 && updates?.catalog !== undefined;
}

function ownCatalogWords({ name, firmware_updates: updates }: Profile): string {
  return `Firmware of the profile ${name}: it has a catalogue of its own, ${updates?.catalog ?? ''}. Name that one with --catalog FILE.`;
}

function snapshotsOf(machines: readonly Machine[]) {
  return machines.flatMap(({ snapshot }) => snapshot ?? []);
}

function unusedOf({ own, machines, match, machinesOf }: SiteProfiles): Problem[] {
  return own
    .filter((profile) => machinesOf(profile).length === 0)
    .flatMap((profile) => unusedProfile(profile, machines, match.hosts) ?? []);
}

function described(source: RegistrySource, profiles: readonly Profile[]): CheckedRegistry {
  return {
    title: registryTitle(source),
    from: source.from,
    attributes: source.registry.attributes.size,
    profiles: profiles.filter((profile) => speaksFor(source, profile)).map(({ name }) => name),
  };
}

function uncheckedBios(
  given: readonly RegistrySource[],
  profiles: readonly Profile[],
  machines: MachineProblems | undefined,
): string[] {
  const wanting = profiles.filter(({ bios = [] }) => bios.length > 0);
  const idle = given
    .filter((source) => !wanting.some((profile) => speaksFor(source, profile)))
    .map((source) => `${source.from}: no profile wants anything of the BIOS of ${registryTitle(source)}.`);
  if (machines !== undefined) return [...idle, ...(given.length > 0 ? [] : machines.unchecked)];
  return wanting.length > 0 && given.length === 0
    ? [
        'BIOS attributes: no registry was named. Name one with --registry FILE, or check a site that was discovered.',
      ]
    : idle;
}

/** Each problem once, as a reader meets them: file by file, from top to bottom. */
function inFiles(problems: readonly Problem[]): Problem[] {
  const once = new Map(
    problems.map((one) => [[one.file, one.line, one.column, one.code, one.message].join('\0'), one]),
  );
  return [...once.values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
}
