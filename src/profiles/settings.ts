import type { BiosValue, HardwareFinding, HardwareSnapshot } from '../contract/hardware.ts';
import type { HostMatch, MatchResult } from '../contract/profile.ts';
import { matchesGlob } from './glob.ts';
import type { Machine } from './machines.ts';
import type { Profile } from './parse.ts';
import type { FirmwareEntry } from './profile-entry.ts';
import type { Value } from './rule-entry.ts';
import { compareVersions } from './versions.ts';

/** Maker and model of a machine, or the patterns for them; all of a snapshot that parts of a profile are chosen by. */
export interface MachineKind {
  readonly manufacturer?: string;
  readonly model?: string;
}

interface AskedSettings {
  readonly bios_attributes: Readonly<Record<string, Value>>;
  readonly storage: NonNullable<Profile['storage']>;
  readonly network: NonNullable<Profile['network']>;
}

/** BIOS attributes that a profile wants on this machine; a later block of the profile goes over an earlier one. */
export function biosAttributesFor(profile: Profile, snapshot: MachineKind): Readonly<Record<string, Value>> {
  const blocks = (profile.bios ?? []).filter((block) => isMeant(block, snapshot));
  return Object.assign({}, ...blocks.map((block) => block.attributes)) as Record<string, Value>;
}

/** What a profile asks for of one machine; its name, version and rules are no part of it. Without a machine no BIOS attributes. */
export function askedOf(profile: Profile, snapshot?: MachineKind): AskedSettings {
  const { storage = [], network = [] } = profile;
  const bios = snapshot === undefined ? {} : biosAttributesFor(profile, snapshot);
  return { bios_attributes: bios, storage, network };
}

/** What playbooks get to know of a host's profile beside its name, as `bringup_profile_settings`. */
export function profileVars(
  profile: Profile,
  snapshot?: HardwareSnapshot,
): Readonly<Record<string, unknown>> {
  const { name, version, firmware_updates: updates } = profile;
  const firmware = updates === undefined ? {} : { firmware_updates: updates };
  return { bringup_profile_settings: { name, version, ...askedOf(profile, snapshot), ...firmware } };
}

/**
 * What an engineer should know before a run about the profiles of the hosts: none or a tie, an override that the machine
 * does not meet, BIOS attributes that differ from the profile, firmware older than its baseline, roles it is not meant for.
 */
export function profileFindings(
  match: MatchResult,
  machines: readonly Machine[],
  profiles: readonly Profile[],
): HardwareFinding[] {
  const byHost = new Map(machines.map((machine) => [machine.host, machine]));
  const byName = new Map(profiles.map((profile) => [profile.name, profile]));
  const findings = match.hosts.flatMap((host) => {
    const profile = byName.get(host.profile ?? '');
    const machine = byHost.get(host.host);
    if (profile === undefined || machine === undefined) return unresolved(host, machine);
    return [...overrideFindings(host), ...settingFindings(host.host, profile, machine)];
  });
  const rank = { error: 0, warning: 1, note: 2 };
  return findings.sort((a, b) => rank[a.severity] - rank[b.severity]);
}

function unresolved({ host, status, reason }: HostMatch, machine: Machine | undefined): HardwareFinding[] {
  const named = machine !== undefined && machine.profile !== 'auto';
  const code = named ? 'profile.unknown' : `profile.${status}`;
  const seen = named || machine?.snapshot !== undefined;
  const title = named
    ? `Correct the profile of ${host} in the site file`
    : seen
      ? `Name the profile of ${host} in the site file, with its profile_reason, or write one that fits`
      : `Discover ${host}`;
  return [{ severity: seen ? 'error' : 'warning', code, host, message: reason, repair: { title } }];
}

function overrideFindings({ host, profile = '', override }: HostMatch): HardwareFinding[] {
  return (override?.mismatches ?? []).map(({ field, wanted, seen }) => ({
    severity: 'warning',
    code: 'profile.override_differs',
    host,
    message: `${host} has the profile ${profile} by the site file, which wants ${field} ${wanted}.`,
    seen,
    wanted,
  }));
}

function settingFindings(host: string, profile: Profile, { roles, snapshot }: Machine): HardwareFinding[] {
  const findings = [...roleFindings(host, profile, roles)];
  if (snapshot === undefined) return findings;
  for (const [name, value] of Object.entries(biosAttributesFor(profile, snapshot))) {
    const seen = snapshot.bios.attributes[name];
    if (String(seen) === String(value)) continue;
    const pending = snapshot.bios.pending[name];
    const waits = String(pending) === String(value) ? ', and is set to change at the next reboot' : '';
    findings.push({
      severity: 'note',
      code: 'profile.bios_differs',
      host,
      message: `BIOS attribute ${name} of ${host} is ${words(seen)}, where the profile ${profile.name} has ${value}${waits}.`,
      seen: words(seen),
      wanted: String(value),
    });
  }
  for (const entry of (profile.firmware ?? []).filter((one) => isMeant(one, snapshot)))
    findings.push(...firmwareFindings(host, profile, entry, snapshot));
  return findings;
}

function roleFindings(host: string, profile: Profile, roles: readonly string[]): HardwareFinding[] {
  const good = profile.roles ?? [];
  if (good.length === 0 || roles.length === 0 || roles.some((role) => good.includes(role))) return [];
  const message = `${host} has the profile ${profile.name}, which is meant for ${good.join(', ')}; its roles are ${roles.join(', ')}.`;
  return [{ severity: 'note', code: 'profile.role_differs', host, message }];
}

function firmwareFindings(
  host: string,
  profile: Profile,
  { item, at_least: wanted, why }: FirmwareEntry,
  snapshot: HardwareSnapshot,
): HardwareFinding[] {
  return installed(item, snapshot).flatMap(([name, version]): HardwareFinding[] => {
    const order = version === undefined ? undefined : compareVersions(version, wanted);
    if (order !== undefined && order >= 0) return [];
    const seen = version ?? 'not seen';
    const state = order === undefined ? `${seen}, which cannot be compared` : seen;
    const reason = why === undefined ? '' : ` (${why.replace(/\.$/, '')})`;
    const message = `${name} of ${host} is ${state}, where the profile ${profile.name} wants ${wanted} or later${reason}.`;
    return [{ severity: 'warning', code: 'profile.firmware_old', host, message, seen, wanted }];
  });
}

/** The firmware of a machine that an item of a profile means: its name and version. */
export function installed(
  item: string,
  snapshot: HardwareSnapshot,
): (readonly [name: string, version: string | undefined])[] {
  if (item === 'bios') return [['The BIOS', snapshot.bios.version]];
  if (item === 'bmc') return [['The BMC firmware', snapshot.bmc.version]];
  const pattern = item.toLowerCase();
  return snapshot.firmware
    .filter(({ name }) => matchesGlob(name.toLowerCase(), pattern))
    .map(({ name, version }) => [name, version] as const);
}

/** Whether a part of a profile is meant for machines of this kind. */
export function isMeant(part: MachineKind, snapshot: MachineKind): boolean {
  const fits = (pattern: string | undefined, text = ''): boolean =>
    pattern === undefined || matchesGlob(text.trim().toLowerCase(), pattern.toLowerCase());
  return fits(part.manufacturer, snapshot.manufacturer) && fits(part.model, snapshot.model);
}

function words(value: BiosValue | undefined): string {
  return value === undefined || value === null ? 'not seen' : String(value);
}
