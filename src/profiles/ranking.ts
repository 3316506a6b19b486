import type { RuleResult } from '../contract/profile.ts';
import type { Profile } from './parse.ts';
import type { Rule } from './ready-rule.ts';
import { resultOf } from './rule.ts';
import { comparePrecedence } from './specificity.ts';
import type { Subject } from './subject.ts';

/** A profile held against one machine. */
export interface Candidate {
  readonly profile: Profile;
  /** How many of its rules are met. */
  readonly met: number;
}

/** All profiles held against one machine; words are made only for those that `explain` is asked about. */
export interface Standing {
  /** Profiles of which every rule is met, the first to go first. */
  readonly fitting: readonly Candidate[];
  /** The others, the one that lacks least first. */
  readonly others: readonly Candidate[];
  of(profile: Profile): Candidate;
  explain(candidate: Candidate): readonly RuleResult[];
}

export interface Ranking {
  /** In order of precedence, then by name. */
  readonly profiles: readonly Profile[];
  rank(subject: Subject): Standing;
}

/** Prepares profiles for many machines: a rule that several profiles share is tested once for each machine. */
export function createRanking(unordered: readonly Profile[]): Ranking {
  const profiles = [...unordered].sort((a, b) => comparePrecedence(a, b) || (a.name < b.name ? -1 : 1));
  const slots = new Map<string, number>();
  const rules: Rule[] = [];
  const slotsOf = profiles.map((profile) =>
    profile.rules.map((rule, index) => {
      const key = profile.ruleKeys[index] ?? '';
      const slot = slots.get(key) ?? rules.push(rule) - 1;
      slots.set(key, slot);
      return slot;
    }),
  );
  return { profiles, rank: (subject) => rank(subject, profiles, rules, slotsOf) };
}

function rank(
  subject: Subject,
  profiles: readonly Profile[],
  rules: readonly Rule[],
  slotsOf: readonly (readonly number[])[],
): Standing {
  const met = rules.map((rule) => rule.test(subject) === 'yes');
  const candidates = profiles.map((profile, index) => ({
    profile,
    met: (slotsOf[index] ?? []).reduce((sum, slot) => (met[slot] === true ? sum + 1 : sum), 0),
  }));
  const lacks = ({ profile, met: count }: Candidate): number => profile.rules.length - count;
  return {
    fitting: candidates.filter((candidate) => lacks(candidate) === 0),
    // Sorting is stable: among those that lack as many, precedence and name decide.
    others: candidates.filter((candidate) => lacks(candidate) > 0).sort((a, b) => lacks(a) - lacks(b)),
    of: (profile) => candidates.find((candidate) => candidate.profile === profile) ?? { profile, met: 0 },
    explain: ({ profile }) => profile.rules.map((rule) => resultOf(rule, subject)),
  };
}
