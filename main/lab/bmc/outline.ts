import { at, linkOf, listOf, membersOf, objectOf, textOf, type Resource, wordsOf } from './resource.ts';

/** Reads a captured resource by URI, or undefined. */
export type Lookup = (uri: string | undefined) => Resource | undefined;

/** One system of a capture, and where its parts with a state are. */
export interface SystemOutline {
  readonly uri: string;
  readonly bios?: string;
  readonly biosSettings?: string;
  readonly biosRegistry?: string;
  readonly bootOptions: readonly string[];
  readonly bootOptionsUri?: string;
}

/** Where things are in a capture: the simulator finds them by links, as a client does. */
export interface Outline {
  readonly root: string;
  readonly maker: 'Dell' | 'HPE' | 'other';
  readonly systems: readonly SystemOutline[];
  readonly managers: readonly string[];
  readonly chassis: readonly string[];
  readonly ports: readonly string[];
  readonly bmcPorts: readonly string[];
  readonly media: readonly string[];
  readonly firmware: readonly string[];
  readonly firmwareUri?: string;
  readonly update?: string;
  readonly sessionService: string;
  readonly sessions: string;
  readonly tasks?: string;
  readonly jobs?: string;
  /** Dell's job queue, under the manager. */
  readonly dellJobs?: string;
}

/** Follows a capture's links from its service root. */
export function outlineOf(lookup: Lookup, registries: readonly Resource[]): Outline {
  const rootUri = '/redfish/v1';
  const root = lookup(rootUri) ?? {};
  const members = (name: string) => membersOf(lookup(linkOf(root[name])));
  const systems = members('Systems');
  const managers = members('Managers');
  const maker = makerOf(root, lookup(systems[0]));
  const update = linkOf(root['UpdateService']);
  const firmwareUri = linkOf(lookup(update)?.['FirmwareInventory']);
  const sessionService = linkOf(root['SessionService']) ?? `${rootUri}/SessionService`;
  const tasks = linkOf(lookup(linkOf(root['Tasks']))?.['Tasks']) ?? linkOf(root['Tasks']);
  const jobs = linkOf(lookup(linkOf(root['JobService']))?.['Jobs']);
  const inside = (uris: readonly string[], name: string) =>
    uris.flatMap((uri) => membersOf(lookup(linkOf(lookup(uri)?.[name]))));
  return {
    root: rootUri,
    maker,
    systems: systems.map((uri) => systemOutline(uri, lookup, registries)),
    managers,
    chassis: members('Chassis'),
    ports: inside(systems, 'EthernetInterfaces'),
    bmcPorts: inside(managers, 'EthernetInterfaces'),
    media: [...new Set(inside([...systems, ...managers], 'VirtualMedia'))],
    firmware: membersOf(lookup(firmwareUri)),
    sessionService,
    sessions: linkOf(at(root, 'Links', 'Sessions')) ?? `${sessionService}/Sessions`,
    ...(firmwareUri === undefined ? {} : { firmwareUri }),
    ...(update === undefined ? {} : { update }),
    ...(tasks === undefined ? {} : { tasks }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(maker === 'Dell' && managers[0] !== undefined ? { dellJobs: `${managers[0]}/Jobs` } : {}),
  };
}

function systemOutline(uri: string, lookup: Lookup, registries: readonly Resource[]): SystemOutline {
  const system = lookup(uri) ?? {};
  const biosUri = linkOf(system['Bios']);
  const bios = lookup(biosUri);
  const settings = linkOf(at(bios, '@Redfish.Settings', 'SettingsObject'));
  const registry = registries.find((found) => found['Id'] === bios?.['AttributeRegistry']);
  const bootOptionsUri = linkOf(at(system, 'Boot', 'BootOptions'));
  return {
    uri,
    bootOptions: membersOf(lookup(bootOptionsUri)),
    ...(bootOptionsUri === undefined ? {} : { bootOptionsUri }),
    ...(biosUri === undefined ? {} : { bios: biosUri }),
    ...(settings === undefined ? {} : { biosSettings: settings }),
    ...(textOf(registry?.['@odata.id']) === undefined
      ? {}
      : { biosRegistry: String(registry?.['@odata.id']) }),
  };
}

function makerOf(root: Resource, system: Resource | undefined): Outline['maker'] {
  const oem = objectOf(root['Oem']);
  const names = [root['Vendor'], system?.['Manufacturer']].map((name) => wordsOf(name));
  if (oem['Dell'] !== undefined || names.some((name) => /^dell/i.test(name))) return 'Dell';
  if (oem['Hpe'] !== undefined || oem['Hp'] !== undefined || names.some((name) => /^hpe?\b/i.test(name)))
    return 'HPE';
  return 'other';
}

/** The action URI of a resource by the end of its name, OEM actions included; undefined when it has none. */
export function actionTarget(resource: Resource, name: string): string | undefined {
  const actions = objectOf(resource['Actions']);
  const all = [actions, ...Object.values(objectOf(actions['Oem'])), objectOf(actions['Oem'])];
  for (const group of all.map(objectOf)) {
    const key = Object.keys(group).find((known) => known === `#${name}` || known.endsWith(`#${name}`));
    if (key !== undefined) return textOf(at(group[key], 'target'));
  }
  return undefined;
}

/** Allowed values of an action's parameter, or undefined when the service does not tell. */
export function allowableValues(
  resource: Resource,
  action: string,
  parameter: string,
): readonly string[] | undefined {
  const values = at(resource, 'Actions', `#${action}`, `${parameter}@Redfish.AllowableValues`);
  return Array.isArray(values) ? listOf(values).map(String) : undefined;
}
