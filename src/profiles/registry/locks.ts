import type { Fault } from '../document.ts';
import { listed } from '../operators.ts';
import type { Value } from '../rule-entry.ts';
import type { BiosAttribute, BiosCondition, BiosDependency } from './attribute-registry.ts';
import { effectsOf, type Expected, type InForce } from './dependencies.ts';

/** One attribute as a profile wants it, and where it says so. */
export interface Wanted {
  readonly name: string;
  readonly value: Value;
  readonly path: Fault['path'];
}

/** Properties by which an attribute cannot be set, in words. */
const LOCKS: Readonly<Record<string, string>> = {
  ReadOnly: 'can only be read',
  Immutable: 'can only be read',
  GrayOut: 'is greyed out',
  Hidden: 'is hidden',
};

/**
 * Why an attribute cannot be set: never, because another one locks it, or because another one sets it to something else. What the
 * profile brings about itself is an error; what only the machine's present settings do is a warning.
 */
export function lockOf(
  { name, value, path }: Wanted,
  attribute: BiosAttribute,
  dependencies: readonly BiosDependency[],
  expected: Expected,
  title: string,
): Fault | undefined {
  const isLock = ({ property, value: on }: BiosDependency): boolean => property in LOCKS && on === 'true';
  const locks = dependencies.filter(isLock);
  if (attribute.immutable || (attribute.readOnly && locks.length === 0))
    return {
      code: 'BIOS_READ_ONLY',
      path,
      message: `${name} of ${title} can only be read.`,
      hint: 'Remove it from the profile.',
    };
  const forcing = dependencies.filter(({ property }) => property === 'CurrentValue');
  const forced = effectsOf(forcing, expected).found;
  // What another attribute sets it to anyway need not be set.
  if (forced.some(({ dependency }) => dependency.value === String(value))) return undefined;
  const { found, undecided } = effectsOf(locks, expected);
  const stays = expected.now(name) === String(value);
  if (stays && ![...forced, ...found].some(({ own }) => own)) return undefined;
  const by = first(forced);
  if (by !== undefined)
    return fault(
      path,
      by,
      'BIOS_OVERRULED',
      (why) => `${why}, the BIOS makes ${name} ${by.dependency.value}, not ${String(value)}`,
    );
  const lock = first(found);
  if (lock !== undefined)
    return fault(
      path,
      lock,
      'BIOS_LOCKED',
      (why) => `${why}, ${name} ${LOCKS[lock.dependency.property] ?? ''} and cannot be made ${String(value)}`,
    );
  return attribute.readOnly && undecided ? openLock(name, path, locks, title) : undefined;
}

function first(found: readonly InForce[]): InForce | undefined {
  return found.find(({ own }) => own) ?? found[0];
}

function fault(
  path: Fault['path'],
  { because, own }: InForce,
  code: string,
  message: (why: string) => string,
): Fault {
  const names = namesIn(because);
  const why = `While ${listed(because.map(conditionWords), 'and')}`;
  return {
    code,
    path,
    severity: own ? 'error' : 'warning',
    message: `${message(own ? `${why}, as the profile wants too` : `${why}, as it is on the machine`)}.`,
    hint: own
      ? `Remove one of the two, or give ${listed(names, 'or')} another value.`
      : `Let the profile set ${listed(names, 'and')} as well.`,
  };
}

/** It could only be read when the registry was told, and what it hangs on is not known. */
function openLock(name: string, path: Fault['path'], locks: readonly BiosDependency[], title: string): Fault {
  const names = listed(namesIn(locks.flatMap(({ conditions }) => conditions)), 'and');
  return {
    code: 'BIOS_LOCKED',
    path,
    severity: 'warning',
    message: `Whether ${name} of ${title} can be set hangs on ${names}, which the profile leaves as it is.`,
    hint: `Let the profile set ${names} as well.`,
  };
}

function namesIn(conditions: readonly BiosCondition[]): string[] {
  return [...new Set(conditions.map(({ attribute }) => attribute))];
}

const OPERATORS: Readonly<Record<string, string>> = {
  EQU: 'is',
  NEQ: 'is not',
  GTR: 'is above',
  GEQ: 'is at least',
  LSS: 'is below',
  LEQ: 'is at most',
};

function conditionWords({ attribute, operator, value }: BiosCondition): string {
  return `${attribute} ${OPERATORS[operator] ?? operator} ${value}`;
}
