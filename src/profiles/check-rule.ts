import { quoted, suggest, type Path } from '../site/index.ts';
import type { Fault } from './document.ts';
import { FIELD_NAMES, fieldNamed } from './fields.ts';
import type { ListField } from './list-fields.ts';
import { operatorsOf } from './operators.ts';
import { OPERATOR_NAMES, type Conditions, type RuleEntry, type Value } from './rule-entry.ts';
import type { Kind } from './subject.ts';
import { isVersion } from './versions.ts';

const GROUPS = ['all', 'any', 'none'] as const;
const KIND_WORDS: Readonly<Record<Kind, string>> = {
  text: 'text',
  number: 'a number',
  version: 'a version',
  flag: 'true or false',
  words: 'a list of words',
  any: 'a BIOS attribute',
};

/** Everything in a rule that its schema cannot say: unknown fields, operators that a field does not have, values of the wrong kind. */
export function checkRule(entry: RuleEntry, path: Path): Fault[] {
  const groups = GROUPS.filter((name) => entry[name] !== undefined);
  const [group] = groups;
  if (entry.field === undefined && group === undefined)
    return [{ code: 'BAD_RULE', path, message: 'A rule needs a field, or a group: all, any or none.' }];
  if (group !== undefined) {
    const inside = groups.flatMap((name) =>
      (entry[name] ?? []).flatMap((rule, index) => checkRule(rule, [...path, name, index])),
    );
    const beside = [...rest(entry, ['where', 'count', 'sum']), ...groups.slice(1)];
    if (entry.field === undefined && beside.length === 0) return inside;
    const message = `A group of rules (${group}) stands alone; ${entry.field === undefined ? beside.join(', ') : 'field'} belongs into a rule of its own.`;
    return [{ code: 'BAD_RULE', path, message }, ...inside];
  }
  const name = entry.field ?? '';
  const field = fieldNamed(name);
  if (field === undefined) return [unknownField(name, path)];
  return field.kind === 'list'
    ? checkList(name, field, entry, path)
    : checkScalar(name, field.kind, entry, path);
}

function rest(entry: RuleEntry, more: readonly (keyof RuleEntry)[]): string[] {
  return [...OPERATOR_NAMES, ...more].filter((name) => entry[name] !== undefined);
}

function unknownField(name: string, path: Path): Fault {
  const [list, ...inner] = name.split('.');
  const isList = list !== undefined && inner.length > 0 && fieldNamed(list)?.kind === 'list';
  const meant = suggest(name, FIELD_NAMES);
  const hint = isList
    ? `${list} is a list: write field: ${list} and where: {${inner.join('.')}: ...}.`
    : meant === undefined
      ? `Fields are ${FIELD_NAMES.join(', ')} and bios.attributes.NAME.`
      : `Did you mean ${meant}?`;
  return {
    code: 'UNKNOWN_FIELD',
    path: [...path, 'field'],
    message: `A hardware snapshot has no field ${quoted(name)}.`,
    hint,
  };
}

function checkScalar(name: string, kind: Kind, entry: RuleEntry, path: Path): Fault[] {
  const foreign = (['where', 'count', 'sum'] as const).filter((key) => entry[key] !== undefined);
  const misplaced = foreign.map((key): Fault => {
    const message = `${name} is ${KIND_WORDS[kind]}, and ${key} is only for lists such as disks.`;
    return { code: 'BAD_OPERATOR', path: [...path, key], at: 'key', message };
  });
  if (foreign.length === 0 && rest(entry, []).length === 0) {
    const message = `The rule about ${name} does not say what is wanted.`;
    return [{ code: 'BAD_RULE', path, message, hint: `Add one of ${operatorsOf(kind).join(', ')}.` }];
  }
  return [...misplaced, ...checkConditions(name, kind, entry, path)];
}

function checkList(name: string, list: ListField, entry: RuleEntry, path: Path): Fault[] {
  const faults: Fault[] = [];
  for (const [item, wanted] of Object.entries(entry.where ?? {})) {
    const at = [...path, 'where', item];
    const kind = Object.hasOwn(list.items, item) ? list.items[item]?.kind : undefined;
    if (kind === undefined) faults.push(unknownItem(name, item, list, at));
    else faults.push(...checkValue(`${name}: ${item}`, kind, wanted, at));
  }
  const asked = rest(entry, []);
  if (entry.count !== undefined)
    faults.push(...checkValue('count', 'number', entry.count, [...path, 'count']));
  if (entry.sum === undefined) {
    for (const key of asked) {
      const hint = `Write where: {...} with ${key}, count: {...}, or sum with ${key}.`;
      const message = `${name} is a list, and ${key} cannot ask about a list.`;
      faults.push({ code: 'BAD_OPERATOR', path: [...path, key], at: 'key', message, hint });
    }
    return faults;
  }
  const addend = Object.hasOwn(list.items, entry.sum) ? list.items[entry.sum] : undefined;
  const at = [...path, 'sum'];
  if (addend === undefined) faults.push(unknownItem(name, entry.sum, list, at));
  else if (addend.kind !== 'number')
    faults.push({
      code: 'BAD_OPERATOR',
      path: at,
      message: `${entry.sum} is no number and cannot be added up.`,
    });
  if (entry.count !== undefined)
    faults.push({
      code: 'BAD_RULE',
      path: [...path, 'count'],
      at: 'key',
      message: 'A rule has count or sum, not both.',
    });
  if (asked.length === 0)
    faults.push({
      code: 'BAD_RULE',
      path: at,
      message: 'The rule does not say what the sum must be.',
      hint: 'Add at_least, at_most or between.',
    });
  return [...faults, ...checkConditions('the sum', 'number', entry, path)];
}

function unknownItem(name: string, item: string, list: ListField, path: Path): Fault {
  const known = Object.keys(list.items);
  const meant = suggest(item, known);
  const hint = meant === undefined ? `They have ${known.join(', ')}.` : `Did you mean ${meant}?`;
  return {
    code: 'UNKNOWN_FIELD',
    path,
    at: 'key',
    message: `The items of ${name} have no field ${quoted(item)}.`,
    hint,
  };
}

function checkValue(name: string, kind: Kind, wanted: Value | Conditions, path: Path): Fault[] {
  if (typeof wanted === 'object') return checkConditions(name, kind, wanted, path);
  return valueFits(kind, wanted) ? [] : [wrongValue(name, kind, wanted, path)];
}

function checkConditions(name: string, kind: Kind, conditions: Conditions, path: Path): Fault[] {
  const allowed = operatorsOf(kind);
  return OPERATOR_NAMES.filter((key) => conditions[key] !== undefined).flatMap((key): Fault[] => {
    const at = [...path, key];
    if (!allowed.includes(key)) {
      const message = `${name} is ${KIND_WORDS[kind]} and has no operator ${key}.`;
      return [{ code: 'BAD_OPERATOR', path: at, at: 'key', message, hint: `It has ${allowed.join(', ')}.` }];
    }
    if (key === 'not' && conditions.not !== undefined) return checkValue(name, kind, conditions.not, at);
    const values = key === 'is' ? [conditions.is] : key === 'one_of' ? (conditions.one_of ?? []) : [];
    const wrong = values.filter((value) => value !== undefined && !valueFits(kind, value));
    if (wrong.length > 0) return wrong.map((value) => wrongValue(name, kind, value, at));
    const [low = 0, high = 0] = conditions.between ?? [];
    if (key === 'between' && low > high)
      return [
        {
          code: 'BAD_VALUE',
          path: at,
          message: `between wants the smaller number first: [${high}, ${low}].`,
        },
      ];
    const version = conditions.version_at_least ?? '';
    if (key === 'version_at_least' && !isVersion(version))
      return [
        {
          code: 'BAD_VALUE',
          path: at,
          message: `${quoted(version)} is no version.`,
          hint: 'Write it as the maker does: 1.8.2, A42 v2.60, AFE118K-3.10.',
        },
      ];
    return [];
  });
}

function valueFits(kind: Kind, value: Value): boolean {
  if (kind === 'number') return typeof value === 'number';
  if (kind === 'flag') return typeof value === 'boolean';
  return kind !== 'words';
}

function wrongValue(name: string, kind: Kind, value: Value | undefined, path: Path): Fault {
  return {
    code: 'WRONG_TYPE',
    path,
    message: `${name} is ${KIND_WORDS[kind]}, so it cannot be ${quoted(value)}.`,
  };
}
