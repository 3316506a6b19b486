import type { Problem } from '../contract/api.ts';
import type { DiscoverResult } from '../contract/hardware.ts';
import type { MatchResult } from '../contract/profile.ts';
import type { ProfileSummary } from '../contract/profile-check.ts';
import { machinesOf, matchProfiles, type Machine, type Profile } from '../profiles/index.ts';
import { lastDiscovery } from './hardware.ts';
import type { BringupPorts } from './ports.ts';
import { readProfileSet } from './profiles.ts';
import { loadSite, type LoadedSite } from './site.ts';

/** The profiles of a site with its machines, as far as they were discovered. */
export interface SiteProfiles {
  readonly loaded: LoadedSite;
  readonly discovered: DiscoverResult | undefined;
  readonly machines: readonly Machine[];
  readonly match: MatchResult;
  readonly problems: readonly Problem[];
  readonly all: readonly Profile[];
  /** Those beside the site file. */
  readonly own: readonly Profile[];
  /** Its own, and shipped ones that a host has. */
  readonly checked: readonly Profile[];
  readonly summaries: readonly ProfileSummary[];
  /** The machines that have a profile. */
  machinesOf(profile: Pick<Profile, 'name'>): readonly Machine[];
}

/** Reads the profiles that hold for a site and who has which. Throws SITE_INVALID. */
export async function readSiteProfiles(
  ports: Pick<BringupPorts, 'playbooks' | 'hardware'>,
  file: string,
): Promise<SiteProfiles> {
  const loaded = await loadSite(file, ports.playbooks);
  const set = await readProfileSet(ports.playbooks, file);
  const discovered = (await lastDiscovery(ports, loaded)) ?? undefined;
  const machines = machinesOf(loaded.site.hosts, discovered);
  const match = matchProfiles(machines, set.profiles);
  const profileOf = new Map(match.hosts.map(({ host, profile }) => [host, profile]));
  const having = ({ name }: Pick<Profile, 'name'>): Machine[] =>
    machines.filter(({ host }) => profileOf.get(host) === name);
  const own = set.profiles.filter(set.isOwn);
  return {
    loaded,
    discovered,
    machines,
    match,
    problems: set.problems,
    all: set.profiles,
    own,
    checked: set.profiles.filter((profile) => set.isOwn(profile) || having(profile).length > 0),
    summaries: set.profiles.map((profile) => ({
      ...summaryOf(profile, set.isOwn(profile)),
      hosts: having(profile).map(({ host }) => host),
    })),
    machinesOf: having,
  };
}

/** What a list says of a profile. */
export function summaryOf({ name, version, title, file }: Profile, isOwn: boolean): ProfileSummary {
  return { name, version, title, file, origin: isOwn ? 'site' : 'shipped' };
}
