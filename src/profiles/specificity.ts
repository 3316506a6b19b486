import type { Profile } from './parse.ts';

/** What decides between profiles that all fit, the first difference counting (docs/decisions/037-profile-specificity.md). */
const CRITERIA = [
  {
    of: (profile: Profile) => profile.rules.reduce((sum, rule) => sum + rule.identity, 0),
    words: 'it says more about which machine it is for',
    unit: ['rule on maker, model, SKU or serial', 'rules on maker, model, SKU or serial'],
  },
  { of: (profile: Profile) => profile.priority ?? 0, words: 'it has the higher priority', unit: ['', ''] },
  {
    of: (profile: Profile) => profile.rules.reduce((sum, rule) => sum + rule.size, 0),
    words: 'it has more conditions',
    unit: ['condition', 'conditions'],
  },
] as const;

/** Negative when `a` goes before `b`, 0 when nothing decides between them. Depends on the two profiles alone. */
export function comparePrecedence(a: Profile, b: Profile): number {
  for (const { of } of CRITERIA) {
    const difference = of(b) - of(a);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Why `winner` goes before `loser`, to be put behind "because". */
export function whyBefore(winner: Profile, loser: Profile): string {
  const criterion = CRITERIA.find(({ of }) => of(winner) !== of(loser));
  if (criterion === undefined) return 'nothing decides between them';
  const [mine, theirs] = [criterion.of(winner), criterion.of(loser)];
  const unit = criterion.unit[mine === 1 ? 0 : 1];
  return `${criterion.words} (${mine}${unit === '' ? '' : ` ${unit}`} against ${theirs})`;
}
