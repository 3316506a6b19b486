import type { RuleResult } from '../contract/profile.ts';
import { fieldNamed, type ScalarField } from './fields.ts';
import { compileListRule } from './list-rule.ts';
import { compileConditions, listed, seenWords } from './operators.ts';
import type { Rule } from './ready-rule.ts';
import type { Conditions, RuleEntry, Value } from './rule-entry.ts';
import { architecture } from './spelling.ts';
import type { Subject } from './subject.ts';
import { allOf, anyOf, opposite } from './truth.ts';

/** Makes a rule ready. The entry must have passed `checkRule`; throws RangeError for a field that does not exist. */
export function compileRule(entry: RuleEntry): Rule {
  if (entry.all !== undefined) return group(entry.all, 'all');
  if (entry.any !== undefined) return group(entry.any, 'any');
  if (entry.none !== undefined) return group(entry.none, 'none');
  const name = entry.field ?? '';
  const field = fieldNamed(name);
  if (field === undefined) throw new RangeError(`no field ${name}`);
  return field.kind === 'list' ? compileListRule(name, field, entry) : scalarRule(name, field, entry);
}

/** Holds a rule against a machine and says what was wanted and seen. */
export function resultOf(rule: Rule, subject: Subject): RuleResult {
  const { field, wanted } = rule;
  return { field, matched: rule.test(subject) === 'yes', wanted, seen: rule.see(subject) };
}

function scalarRule(name: string, field: ScalarField, entry: RuleEntry): Rule {
  const conditions = name === 'cpu.architecture' ? respell(entry) : entry;
  const test = compileConditions(conditions, field.unit);
  return {
    field: name,
    wanted: test.words,
    size: test.size,
    identity: field.identity ? test.size : 0,
    test: (subject) => test(field.read(subject)),
    see(subject) {
      const seen = field.read(subject);
      if (seen === undefined) return `not seen: the BMC does not tell ${name}`;
      const words = seenWords(seen, field.unit);
      return test(seen) === 'unseen' ? `${words}, which cannot be compared` : words;
    },
  };
}

/** Architectures have many names; those in the rule are brought to the one that the field uses. */
function respell(conditions: Conditions): Conditions {
  const spell = (value: Value): Value => (typeof value === 'string' ? (architecture(value) ?? value) : value);
  const { is, one_of: oneOf, not } = conditions;
  return {
    ...conditions,
    ...(is === undefined ? {} : { is: spell(is) }),
    ...(oneOf === undefined ? {} : { one_of: oneOf.map(spell) }),
    ...(not === undefined ? {} : { not: typeof not === 'object' ? respell(not) : spell(not) }),
  };
}

function group(entries: readonly RuleEntry[], kind: 'all' | 'any' | 'none'): Rule {
  const rules = entries.map(compileRule);
  const fields = [...new Set(rules.map((rule) => rule.field))];
  const wanted = rules.map((rule) => `${rule.field} ${rule.wanted}`);
  const sum = (key: 'size' | 'identity') => rules.reduce((total, rule) => total + rule[key], 0);
  const least = (key: 'size' | 'identity') => Math.min(...rules.map((rule) => rule[key]));
  return {
    field: fields.join(', '),
    wanted: kind === 'none' ? `none of: ${wanted.join('; ')}` : listed(wanted, kind === 'any' ? 'or' : 'and'),
    size: kind === 'any' ? least('size') : sum('size'),
    // Ruling a machine out does not name one.
    identity: kind === 'none' ? 0 : kind === 'any' ? least('identity') : sum('identity'),
    test(subject) {
      const truths = rules.map((rule) => rule.test(subject));
      if (kind === 'all') return allOf(truths);
      return kind === 'any' ? anyOf(truths) : opposite(anyOf(truths));
    },
    see(subject) {
      const seen = rules.map((rule) => `${rule.field} ${rule.see(subject)}`);
      return [...new Set(seen)].join('; ');
    },
  };
}
