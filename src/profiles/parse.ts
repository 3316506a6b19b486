import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Problem } from '../contract/api.ts';
import type { Path } from '../site/index.ts';
import { checkRule } from './check-rule.ts';
import { readDocument, type Fault, type FileKind } from './document.ts';
import { ProfileSchema, type ProfileEntry } from './profile-entry.ts';
import type { Rule } from './ready-rule.ts';
import type { RuleEntry } from './rule-entry.ts';
import { compileRule } from './rule.ts';
import { explainShape } from './shape.ts';
import { isVersion } from './versions.ts';

const KIND: FileKind = { code: 'PROFILE', noun: 'profile' };
const validate = new Ajv2020({ allErrors: true, strict: false, verbose: true }).compile<ProfileEntry>(
  ProfileSchema,
);

/** A profile, ready to be matched. */
export interface Profile extends ProfileEntry {
  readonly file: string;
  readonly rules: readonly Rule[];
  /** The rules as one key each; equal rules of several profiles are evaluated once. */
  readonly ruleKeys: readonly string[];
  /** Says at which place of its file something is wrong with it. */
  readonly problem: (fault: Fault) => Problem;
}

/** `profile` is there unless a problem has severity error. */
export interface ProfileResult {
  readonly profile?: Profile;
  readonly problems: readonly Problem[];
}

/** Reads one profile; any text gives a profile or all its problems with their place, never a throw. */
export function parseProfile(text: string, file: string): ProfileResult {
  const { source, problems } = readDocument(text, file, KIND);
  if (source === undefined) return { problems };
  const { data } = source;
  if (!validate(data))
    return { problems: inOrder((validate.errors ?? []).map((error) => source.problem(explainShape(error)))) };
  const faults = checkProfile(data);
  if (faults.length > 0) return { problems: inOrder(faults.map((fault) => source.problem(fault))) };
  const rules = data.match.map(compileRule);
  const ruleKeys = data.match.map((rule) => JSON.stringify(rule));
  return { profile: { ...data, file, rules, ruleKeys, problem: source.problem }, problems: [] };
}

/**
 * Profiles of several files. A later one replaces an earlier one of the same name, with a warning: a site's own come last. Two of
 * one name in the same folder are an error, and the first stays.
 */
export function loadProfiles(files: readonly { readonly file: string; readonly text: string }[]): {
  readonly profiles: readonly Profile[];
  readonly problems: readonly Problem[];
} {
  const byName = new Map<string, Profile>();
  const all: Problem[] = [];
  for (const { file, text } of files) {
    const { profile, problems } = parseProfile(text, file);
    all.push(...problems);
    if (profile === undefined) continue;
    const before = byName.get(profile.name);
    if (before !== undefined && folderOf(before.file) === folderOf(file)) {
      all.push(twice(profile, before.file));
      continue;
    }
    if (before !== undefined) all.push(replaced(profile, before.file));
    byName.set(profile.name, profile);
  }
  return { profiles: [...byName.values()], problems: all };
}

function checkProfile(entry: ProfileEntry): Fault[] {
  const parts = (
    list: readonly Readonly<Partial<Record<string, unknown>>>[] | undefined,
    name: string,
    field: string,
    of: string,
  ) =>
    (list ?? []).flatMap((part, index) =>
      within(checkRule({ field: of, where: part[field] } as RuleEntry, []), [name, index, field]),
    );
  return [
    ...entry.match.flatMap((rule, index) => checkRule(rule, ['match', index])),
    ...parts(entry.storage, 'storage', 'disks', 'disks'),
    ...parts(entry.network, 'network', 'ports', 'nics'),
    ...(entry.firmware ?? []).flatMap(({ at_least: version }, index): Fault[] => {
      const path = ['firmware', index, 'at_least'];
      const message = `"${version}" is no version.`;
      return isVersion(version)
        ? []
        : [{ code: 'BAD_VALUE', path, message, hint: 'Write it as the maker does: 1.8.2, A42 v2.60.' }];
    }),
    ...checkCatalog(entry.firmware_updates?.catalog),
  ];
}

/** An address without a login in it, or a path that stays within the repository. */
const CATALOG = /^(https?:\/\/[^/\s@]+\/\S+|[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*)$/;

function checkCatalog(catalog: string | undefined): Fault[] {
  if (catalog === undefined || CATALOG.test(catalog)) return [];
  const hint =
    'Write its path in the repository of the site (firmware/r750/Catalog.xml.gz), or an address (https://10.20.0.10/firmware/Catalog.xml.gz).';
  const message = `${JSON.stringify(catalog)} is no place of a firmware catalogue.`;
  return [{ code: 'BAD_VALUE', path: ['firmware_updates', 'catalog'], message, hint }];
}

/** Faults of a `where` that stands under another name in the file. */
function within(faults: readonly Fault[], path: Path): Fault[] {
  return faults.map((fault) => ({ ...fault, path: [...path, ...fault.path.slice(1)] }));
}

function replaced(profile: Profile, before: string): Problem {
  return profile.problem({
    severity: 'warning',
    code: 'REPLACED',
    path: ['name'],
    message: `The profile ${profile.name} of ${before} is replaced by this one.`,
    hint: 'Give it another name when both are meant to be there.',
  });
}

function twice(profile: Profile, before: string): Problem {
  return profile.problem({
    code: 'TWICE',
    path: ['name'],
    message: `The name ${profile.name} is taken by ${before}.`,
    hint: 'Give one of the two another name, or remove one of the files.',
  });
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}

/** Problems as a reader meets them in the file. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
