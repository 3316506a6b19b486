import type { Problem } from '../contract/api.ts';
import type { HostMatch } from '../contract/profile.ts';
import type { Machine } from './machines.ts';
import { matchProfiles } from './match.ts';
import { asSeen, listed } from './operators.ts';
import type { Profile } from './parse.ts';

/**
 * Says that no machine has a profile, at the first of its rules that the nearest machine does not meet; with `matched`, what became of
 * those machines. Undefined where nothing was discovered.
 */
export function unusedProfile(
  profile: Profile,
  machines: readonly Machine[],
  matched: readonly HostMatch[],
): Problem | undefined {
  const alone = matchProfiles(
    machines.flatMap((machine) => (machine.snapshot === undefined ? [] : [{ ...machine, profile: 'auto' }])),
    [profile],
  ).hosts;
  const fits = alone.find(({ status }) => status === 'matched');
  if (fits !== undefined) return beaten(profile, fits.host, matched);
  const near = alone
    .flatMap(({ host, near: [miss] }) => (miss === undefined ? [] : [{ host, lacks: miss.lacks }]))
    .sort((a, b) => a.lacks.length - b.lacks.length)[0];
  if (near === undefined) return undefined;
  const lacks = near.lacks.map(({ field, wanted, seen }) => `${field} ${wanted} (${asSeen(seen)})`);
  const first = profile.rules.findIndex(({ field, wanted }) =>
    near.lacks.some((lack) => lack.field === field && lack.wanted === wanted),
  );
  return profile.problem({
    severity: 'warning',
    code: 'UNUSED',
    path: first < 0 ? ['match'] : ['match', first],
    message: `No host has the profile ${profile.name}. The nearest is ${near.host}, which lacks ${listed(lacks, 'and')}.`,
    hint: 'Loosen the rule if that host is meant, or leave it: a profile without hosts does no harm.',
  });
}

function beaten(profile: Profile, host: string, matched: readonly HostMatch[]): Problem {
  const found = matched.find((one) => one.host === host);
  const why = found?.near.find((one) => one.profile === profile.name)?.reason ?? found?.reason ?? '';
  return profile.problem({
    severity: 'warning',
    code: 'UNUSED',
    path: ['match'],
    message: `No host has the profile ${profile.name}. It fits ${host}, which has ${found?.profile ?? 'none'}: ${why}`,
    hint: 'Give it a higher priority, or a rule that says more about which machine it is for.',
  });
}
