import type { Problem } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { ProfileDocument, ProfileKind, ProfileSummary } from '../contract/profile-check.ts';
import { biosAttributesFor, type Machine, type Profile } from '../profiles/index.ts';
import { suggest } from '../site/index.ts';
import { readText } from './read-text.ts';
import type { BringupPorts } from './ports.ts';
import { profileHash, templateName } from './profile-hash.ts';
import { readProfileSet } from './profiles.ts';
import { readSiteProfiles, summaryOf } from './profiles-site.ts';

type Where = Pick<BringupPorts, 'playbooks' | 'hardware'>;

/** The profiles that hold for a site file, or without one those shipped with Bringup; files that are none are among the problems. */
export async function listProfiles(
  ports: Where,
  { file }: { readonly file?: string },
): Promise<{ readonly profiles: readonly ProfileSummary[]; readonly problems: readonly Problem[] }> {
  if (file === undefined) {
    const { profiles, problems } = await readProfileSet(ports.playbooks);
    return { profiles: profiles.map((profile) => summaryOf(profile, false)), problems };
  }
  const { summaries, problems } = await readSiteProfiles(ports, file);
  return { profiles: summaries, problems };
}

/** One profile with its file, its hash, and what it comes to on the machines that have it. Throws PROFILE_NOT_FOUND. */
export async function showProfile(
  ports: Where,
  { name, file }: { readonly name: string; readonly file?: string },
): Promise<ProfileDocument> {
  const site = file === undefined ? undefined : await readSiteProfiles(ports, file);
  const profiles = site?.all ?? (await readProfileSet(ports.playbooks)).profiles;
  const profile = profiles.find((one) => one.name === name);
  if (profile === undefined) throw notFound(name, profiles, file);
  const machines = site?.machinesOf(profile) ?? [];
  return {
    ...summaryOf(profile, site?.own.includes(profile) ?? false),
    ...(site === undefined ? {} : { hosts: machines.map(({ host }) => host) }),
    text: await readText(profile.file, 'The profile'),
    hash: profileHash(profile),
    kinds: site === undefined ? [] : kindsOf(profile, machines, site.loaded.site.site.name),
  };
}

/** Machines for which the profile asks for the same have one hash and one template. */
function kindsOf(profile: Profile, machines: readonly Machine[], site: string): ProfileKind[] {
  const kinds = new Map<string, ProfileKind>();
  for (const { host, snapshot } of machines) {
    if (snapshot === undefined) continue;
    const { manufacturer, model } = snapshot;
    const hash = profileHash(profile, snapshot);
    const key = JSON.stringify([manufacturer, model, hash]);
    const known = kinds.get(key);
    kinds.set(key, {
      ...(manufacturer === undefined ? {} : { manufacturer }),
      ...(model === undefined ? {} : { model }),
      hosts: [...(known?.hosts ?? []), host],
      bios_attributes: biosAttributesFor(profile, snapshot),
      hash,
      template: templateName(site, profile.name, hash),
    });
  }
  return [...kinds.values()];
}

function notFound(name: string, profiles: readonly Profile[], file: string | undefined): BringupError {
  const names = profiles.map((profile) => profile.name).sort();
  const near = suggest(name, names);
  const own =
    file === undefined
      ? ' A profile of a site is found with its site file: bringup profiles show NAME SITE.'
      : '';
  return new BringupError({
    code: 'PROFILE_NOT_FOUND',
    exit: EXIT.invalid,
    message: `There is no profile ${name}.`,
    hint: `${near === undefined ? `Known are ${names.join(', ')}.` : `Did you mean ${near}?`}${own}`,
  });
}
