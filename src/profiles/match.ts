import type { HostMatch, MatchResult, NearMiss, RuleResult } from '../contract/profile.ts';
import { suggest } from '../site/index.ts';
import { subjectOf, whyUnknown, type Machine } from './machines.ts';
import { asSeen, listed } from './operators.ts';
import type { Profile } from './parse.ts';
import { createRanking, type Candidate, type Ranking, type Standing } from './ranking.ts';
import { comparePrecedence, whyBefore } from './specificity.ts';

/** How many profiles that did not win are explained for each host. */
const MAX_NEAR = 3;

/**
 * Finds the profile of each machine and explains it rule by rule. Pure: depends neither on the order of the profiles nor
 * on the other machines. A tie is `ambiguous` and no fit is `none`, never a silent pick.
 */
export function matchProfiles(machines: readonly Machine[], profiles: readonly Profile[]): MatchResult {
  const ranking = createRanking(profiles);
  return {
    hosts: machines.map((machine) => matchOne(machine, ranking)),
    profiles: ranking.profiles.map(({ name }) => name),
  };
}

function matchOne(machine: Machine, ranking: Ranking): HostMatch {
  if (machine.profile !== 'auto') return override(machine, ranking);
  const subject = subjectOf(machine);
  if (subject === undefined) {
    const reason = `No profile, because ${whyUnknown(machine)}.`;
    return { host: machine.host, status: 'none', reason, rules: [], near: [] };
  }
  return choose(machine.host, ranking.rank(subject));
}

function choose(host: string, standing: Standing): HostMatch {
  const { fitting, others } = standing;
  const [first, ...rest] = fitting;
  if (first === undefined) {
    const near = others.slice(0, MAX_NEAR).map((candidate) => nearMiss(candidate, standing));
    return { host, status: 'none', reason: whyNone(near), rules: [], near };
  }
  const tied = fitting.filter(({ profile }) => comparePrecedence(first.profile, profile) === 0);
  const beaten = rest.slice(tied.length - 1);
  const near = [...beaten, ...others]
    .slice(0, MAX_NEAR)
    .map((candidate) => nearMiss(candidate, standing, first.profile));
  const rules = standing.explain(first);
  if (tied.length > 1) {
    const names = tied.map(({ profile }) => profile.name);
    const reason = `${listed(names, 'and')} fit equally well, and nothing decides between them.`;
    return { host, status: 'ambiguous', reason, rules, near, tied: names };
  }
  return { host, status: 'matched', profile: first.profile.name, reason: whyWon(first, beaten), rules, near };
}

function whyWon(winner: Candidate, beaten: readonly Candidate[]): string {
  const { name, rules } = winner.profile;
  const all = rules.length === 2 ? 'Both' : `All ${rules.length}`;
  const fits = rules.length === 1 ? `The only rule of ${name} is met` : `${all} rules of ${name} are met`;
  const [second] = beaten;
  if (second === undefined) return `${fits}, and no other profile fits.`;
  return `${fits}, and it goes before ${second.profile.name} because ${whyBefore(winner.profile, second.profile)}.`;
}

function whyNone([nearest]: readonly NearMiss[]): string {
  if (nearest === undefined) return 'No profile fits: there are none.';
  const lacks = nearest.lacks.map(({ field, wanted, seen }) => `${field} ${wanted} (${asSeen(seen)})`);
  return `No profile fits; the nearest is ${nearest.profile}, which wants ${listed(lacks, 'and')}.`;
}

function nearMiss(candidate: Candidate, standing: Standing, winner?: Profile): NearMiss {
  const { profile, met } = candidate;
  const total = profile.rules.length;
  const lacks = met === total ? [] : standing.explain(candidate).filter((rule) => !rule.matched);
  const reason =
    met === total && winner !== undefined
      ? `Fits too, but ${winner.name} goes before it because ${whyBefore(winner, profile)}.`
      : `${total - met} of its ${total} rules ${total - met === 1 ? 'is' : 'are'} not met.`;
  return { profile: profile.name, reason, matched: met, total, lacks };
}

/** The site file names the profile: it holds, and the record says which of its rules the machine does not meet. */
function override(machine: Machine, ranking: Ranking): HostMatch {
  const { host, profile: name, profile_reason: why } = machine;
  const profile = ranking.profiles.find((one) => one.name === name);
  if (profile === undefined) {
    const names = ranking.profiles.map((one) => one.name);
    const meant = suggest(name, names);
    const hint = meant === undefined ? `known are ${names.join(', ')}` : `did you mean ${meant}?`;
    const reason = `The site file names the profile ${name}, which does not exist; ${hint}`;
    return { host, status: 'none', reason: reason.replace(/[^?.]$/, '$&.'), rules: [], near: [] };
  }
  const subject = subjectOf(machine);
  const said = why === undefined ? '' : `: ${why.replace(/\.$/, '')}`;
  const asked = `The site file asks for ${name}${said}`;
  if (subject === undefined) {
    const rules = profile.rules.map(({ field, wanted }): RuleResult => ({
      field,
      matched: false,
      wanted,
      seen: 'not seen',
    }));
    const reason = `${asked}; whether it fits is not known, because ${whyUnknown(machine)}.`;
    return { ...overridden(host, name, reason, rules, why), near: [] };
  }
  const standing = ranking.rank(subject);
  const auto = choose(host, standing);
  const rules = standing.explain(standing.of(profile));
  const missed = rules.filter((rule) => !rule.matched).length;
  const fit =
    missed === 0
      ? 'all its rules are met'
      : `${missed} of its ${rules.length} rules ${missed === 1 ? 'is' : 'are'} not met`;
  const other =
    auto.status === 'matched' && auto.profile !== name
      ? `; without that it would be ${auto.profile ?? ''}`
      : '';
  return { ...overridden(host, name, `${asked}; ${fit}${other}.`, rules, why), near: [] };
}

function overridden(
  host: string,
  profile: string,
  reason: string,
  rules: readonly RuleResult[],
  why?: string,
) {
  const mismatches = rules.filter((rule) => !rule.matched);
  return {
    host,
    status: 'matched' as const,
    profile,
    reason,
    rules,
    override: { ...(why === undefined ? {} : { reason: why }), mismatches },
  };
}
