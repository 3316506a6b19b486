import type { ChosenProfile, RunChoices } from '../contract/events.ts';
import type { NormalisedSite } from '../site/index.ts';

/** The profiles that a site file names by itself, with the reasons it gives; nothing where discovery chooses them all. */
export function chosenProfiles({ hosts }: Pick<NormalisedSite, 'hosts'>): Pick<RunChoices, 'profiles'> {
  const profiles = hosts
    .filter(({ profile }) => profile !== 'auto')
    .map(({ name, profile, profile_reason: reason }): ChosenProfile => {
      const chosen = { host: name, profile };
      return reason === undefined ? chosen : { ...chosen, reason };
    });
  return profiles.length === 0 ? {} : { profiles };
}
