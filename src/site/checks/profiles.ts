import { suggest } from '../suggest.ts';
import { entriesOf, error, warning, type SiteCheck } from './check.ts';

/** A profile named by hand overrules discovery, so the file says why; a reason without an override says nothing. */
export const profileReason: SiteCheck = {
  id: 'profile-reason',
  *find(site) {
    for (const [index, { name, profile, profile_reason: reason }] of entriesOf(site.hosts)) {
      const chosen = profile !== undefined && profile !== 'auto';
      if (chosen && reason === undefined) {
        yield warning(
          'SITE_PROFILE_REASON',
          ['hosts', index, 'profile'],
          `The profile ${profile} of ${name ?? 'this host'} overrules discovery, but the file does not say why.`,
          'Add profile_reason, or write profile: auto.',
        );
      } else if (profile === 'auto' && reason !== undefined) {
        yield warning(
          'SITE_NO_EFFECT',
          ['hosts', index, 'profile_reason'],
          'profile_reason has no effect while the profile is auto.',
          'Name the profile that the reason is for, or remove it.',
        );
      }
    }
  },
};

/** A profile named by hand has to be there; it is found by its name, not by its file's. */
export const profileKnown: SiteCheck = {
  id: 'profile-known',
  *find(site, { profiles }) {
    if (profiles === undefined) return;
    for (const [index, { profile }] of entriesOf(site.hosts)) {
      if (profile === undefined || profile === 'auto' || profiles.includes(profile)) continue;
      const near = suggest(profile, profiles);
      yield error(
        'SITE_UNKNOWN_PROFILE',
        ['hosts', index, 'profile'],
        `There is no profile ${profile}.`,
        near === undefined
          ? `Known are ${[...profiles].sort().join(', ')}; a profile of your own belongs into profiles/ beside the site file.`
          : `Did you mean ${near}?`,
      );
    }
  },
};
