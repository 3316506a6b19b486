import { readFile } from 'node:fs/promises';
import type { HardwareInput } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { DiscoverResult, HardwareSnapshot } from '../contract/hardware.ts';
import type { PlanDocument } from '../contract/plan.ts';
import type { CompatResult, MatchResult } from '../contract/profile.ts';
import {
  checkCompat,
  machinesOf,
  matchProfiles,
  parseRequirements,
  profileFindings,
  profileVars,
  type Machine,
  type Profile,
} from '../profiles/index.ts';
import type { HostFacts } from '../site/index.ts';
import { resolvePlan } from '../stacks/index.ts';
import { asOfSite } from './discovery-merge.ts';
import { readText } from './read-text.ts';
import type { BringupPorts } from './ports.ts';
import { biosFindings } from './profile-findings.ts';
import { profileHash } from './profile-hash.ts';
import { problemError, readProfiles } from './profiles.ts';
import { loadSite, type LoadedSite } from './site.ts';
import { stackFile } from './stacks.ts';
import type { Playbooks } from './stacks-places.ts';

/** A site, what was discovered there, and what follows for its hosts. */
interface Known {
  readonly loaded: LoadedSite;
  readonly discovered: DiscoverResult | undefined;
  readonly machines: readonly Machine[];
}

type Where = Pick<BringupPorts, 'playbooks' | 'hardware'>;

/** The profile of every host of a site file. HARDWARE_NOT_DISCOVERED where nothing is known of any machine. */
export async function matchHardware(ports: Where, input: HardwareInput): Promise<MatchResult> {
  const known = await readKnown(ports, input);
  requireDiscovery(known, input.file);
  return matchProfiles(known.machines, await readProfiles(ports.playbooks, known.loaded.file));
}

/** Whether what the stack and its applications need is there on every host. */
export async function checkHardware(ports: Where, input: HardwareInput): Promise<CompatResult> {
  const known = await readKnown(ports, input);
  requireDiscovery(known, input.file);
  return compatOf(ports.playbooks, known);
}

/** What `apply` would do; says what is not known where nothing was discovered yet. */
export async function planSite(ports: Where, input: HardwareInput): Promise<PlanDocument> {
  return planKnown(ports, await readKnown(ports, input));
}

/** The same for a site that was read already, by the newest discovery under its name. */
export async function planLoaded(ports: Where, loaded: LoadedSite): Promise<PlanDocument> {
  const discovered = (await lastDiscovery(ports, loaded)) ?? undefined;
  return planKnown(ports, { loaded, discovered, machines: machinesOf(loaded.site.hosts, discovered) });
}

async function planKnown(ports: Where, known: Known): Promise<PlanDocument> {
  const { loaded, discovered, machines } = known;
  if (discovered === undefined) return resolvePlan(loaded.stack, loaded.site);
  const profiles = await readProfiles(ports.playbooks, loaded.file);
  const match = matchProfiles(machines, profiles);
  return resolvePlan(loaded.stack, loaded.site, {
    match,
    compat: await compatOf(ports.playbooks, known),
    discover: discovered,
    findings: [
      ...profileFindings(match, machines, profiles),
      ...(await biosFindings(ports.hardware, { loaded, discovered, machines, match, profiles })),
    ],
  });
}

/** What the inventory says of each host beside the site file: its profile and its hardware, as far as known. */
export async function hostFacts(ports: Where, loaded: LoadedSite): Promise<ReadonlyMap<string, HostFacts>> {
  const machines = machinesOf(loaded.site.hosts, (await lastDiscovery(ports, loaded)) ?? undefined);
  const profiles = await readProfiles(ports.playbooks, loaded.file);
  const byName = new Map(profiles.map((profile) => [profile.name, profile]));
  const matched = new Map(matchProfiles(machines, profiles).hosts.map((host) => [host.host, host.profile]));
  return new Map(
    machines.map(({ host, snapshot }) => {
      const profile = byName.get(matched.get(host) ?? '');
      return [
        host,
        {
          ...(profile === undefined ? {} : { profile: profile.name, vars: varsOf(profile, snapshot) }),
          ...(snapshot === undefined ? {} : { snapshot }),
        },
      ];
    }),
  );
}

function varsOf(profile: Profile, snapshot: HardwareSnapshot | undefined): Readonly<Record<string, unknown>> {
  const vars = profileVars(profile, snapshot);
  return snapshot === undefined ? vars : { ...vars, bringup_profile_hash: profileHash(profile, snapshot) };
}

/** The newest discovery of a site, seen with its site file as it is now: a corrected serial needs no other discovery. */
export async function lastDiscovery(
  ports: Pick<BringupPorts, 'hardware'>,
  { site }: Pick<LoadedSite, 'site'>,
): Promise<DiscoverResult | null> {
  const last = await ports.hardware.last(site.site.name);
  return last === null ? null : asOfSite(last, site.hosts);
}

async function readKnown(ports: Where, { file, hardware }: HardwareInput): Promise<Known> {
  const loaded = await loadSite(file, ports.playbooks);
  const discovered =
    hardware === undefined
      ? ((await lastDiscovery(ports, loaded)) ?? undefined)
      : parseHardware(await readText(hardware, 'The hardware file'), hardware);
  return { loaded, discovered, machines: machinesOf(loaded.site.hosts, discovered) };
}

async function compatOf(playbooks: Playbooks, { loaded, machines }: Known): Promise<CompatResult> {
  const file = await stackFile(playbooks, loaded.stack.stack);
  const { requirements, problems } = parseRequirements(await readFile(file, 'utf8'), file);
  const wrong = problems.find((problem) => problem.severity === 'error');
  if (wrong !== undefined) throw problemError('STACK_INVALID', `The stack file ${file}`, problems);
  return checkCompat(machines, requirements);
}

function parseHardware(text: string, file: string): DiscoverResult {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = undefined;
  }
  if (typeof data === 'object' && data !== null && 'machines' in data && Array.isArray(data.machines))
    return data as DiscoverResult;
  throw new BringupError({
    code: 'HARDWARE_FILE_INVALID',
    exit: EXIT.invalid,
    message: `${file} is not what a discovery found.`,
    hint: 'Make one with: bringup discover FILE --json > hardware.json',
  });
}

function requireDiscovery({ discovered }: Known, file: string): void {
  if (discovered !== undefined) return;
  throw new BringupError({
    code: 'HARDWARE_NOT_DISCOVERED',
    exit: EXIT.invalid,
    message: 'Nothing was discovered at this site yet, so there is no hardware to look at.',
    hint: `Discover it first: bringup discover ${file}`,
  });
}
