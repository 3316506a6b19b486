import { allOf, truthOf, type Truth } from '../truth.ts';
import type { BiosCondition, BiosDependency } from './attribute-registry.ts';

/** What attributes will be once the profile is applied. */
export interface Expected {
  /** What the profile sets; undefined where it leaves the attribute as it is. */
  wanted(attribute: string): string | undefined;
  /** What the machine has now, where that is known. */
  now(attribute: string): string | undefined;
}

/** A dependency that takes effect. `own`: by what the profile sets, whatever the machine is like. */
export interface InForce {
  readonly dependency: BiosDependency;
  /** The conditions that bring it about. */
  readonly because: readonly BiosCondition[];
  readonly own: boolean;
}

/** Which dependencies take effect, and whether that is not known of others. */
export interface Effects {
  readonly found: readonly InForce[];
  readonly undecided: boolean;
}

/** What dependencies do to an attribute once the profile is applied. */
export function effectsOf(dependencies: readonly BiosDependency[], expected: Expected): Effects {
  const found: InForce[] = [];
  let undecided = false;
  for (const dependency of dependencies) {
    const groups = groupsOf(dependency.conditions);
    const holds = (own: boolean): readonly BiosCondition[] | undefined =>
      groups.find((group) => truthOfAll(group, expected, own) === 'yes');
    // Where the profile alone decides, its conditions are the ones to tell.
    const own = holds(true);
    const because = own ?? holds(false);
    if (because !== undefined) found.push({ dependency, because, own: own !== undefined });
    else undecided ||= groups.some((group) => truthOfAll(group, expected, false) === 'unseen');
  }
  return { found, undecided };
}

function truthOfAll(group: readonly BiosCondition[], expected: Expected, own: boolean): Truth {
  return allOf(group.map((one) => truthOfCondition(one, expected, own)));
}

/**
 * Groups of which one has to hold whole. Conditions without MapTerms are alternatives: the registries of Dell have several that
 * exclude each other (SysProfile is this, SysProfile is that), and none of them has the field.
 */
function groupsOf(conditions: readonly BiosCondition[]): BiosCondition[][] {
  const groups: BiosCondition[][] = [];
  for (const condition of conditions) {
    const last = groups.at(-1);
    if (condition.and && last !== undefined) last.push(condition);
    else groups.push([condition]);
  }
  return groups;
}

function truthOfCondition(
  { attribute, operator, value }: BiosCondition,
  expected: Expected,
  own: boolean,
): Truth {
  const seen = expected.wanted(attribute) ?? (own ? undefined : expected.now(attribute));
  if (seen === undefined) return 'unseen';
  if (operator === 'EQU') return truthOf(seen === value);
  if (operator === 'NEQ') return truthOf(seen !== value);
  const [left, right] = [Number(seen), Number(value)];
  const known = seen !== '' && value !== '' && Number.isFinite(left) && Number.isFinite(right);
  if (operator === 'GTR') return truthOf(known ? left > right : undefined);
  if (operator === 'GEQ') return truthOf(known ? left >= right : undefined);
  if (operator === 'LSS') return truthOf(known ? left < right : undefined);
  if (operator === 'LEQ') return truthOf(known ? left <= right : undefined);
  return 'unseen';
}
