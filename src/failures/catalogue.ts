import { parse } from 'yaml';
import type { Fix, Owner } from '../contract/failure.ts';
import {
  OWNERS,
  validateCauses,
  validatePhrases,
  type CauseEntry,
  type RuleEntry,
} from './catalogue-schema.ts';
import { compilePattern, type Pattern, type Phrases } from './pattern.ts';

/** One way in which a cause shows: a line of the failure fits `any`, all of `all` and nothing of `none` stand around it. */
export interface Rule {
  readonly any: readonly Pattern[];
  readonly all: readonly Pattern[];
  readonly none: readonly Pattern[];
  /** How much the wording says by itself: 5 unless told; 9 means that it can mean nothing else. */
  readonly weight: number;
}

/** One known cause: a failure is of this kind when a code or a rule of it fits. */
export interface KnownCause {
  readonly key: string;
  readonly owner: Owner;
  readonly summary: string;
  readonly codes: readonly string[];
  readonly rules: readonly Rule[];
  /** Keys of failures that this cause brings about; `apt.*` means all of that family. */
  readonly explains: readonly string[];
  readonly fixes: readonly Fix[];
  readonly request?: string;
  /** Outputs that mean this cause, and outputs that look like it and do not; the tests hold the entry to them. */
  readonly examples: readonly string[];
  readonly not: readonly string[];
}

/** One fault of a catalogue file. */
export interface CatalogueProblem {
  readonly file: string;
  readonly message: string;
}

export interface Catalogue {
  readonly causes: readonly KnownCause[];
  readonly problems: readonly CatalogueProblem[];
}

type Report = (message: string) => void;

/** Reads `playbooks/failures/*.yaml`; a file or entry that is wrong becomes a problem, the rest is still used. */
export function loadCatalogue(files: readonly { readonly file: string; readonly text: string }[]): Catalogue {
  const causes: KnownCause[] = [];
  const problems: CatalogueProblem[] = [];
  const phrases = new Map<string, string>();
  const homes = new Map<string, string>();
  const reporter =
    (file: string): Report =>
    (message) =>
      void problems.push({ file, message });
  const parsed = files.map(({ file, text }) => ({ file, data: readYaml(text, reporter(file)) }));
  for (const { data } of parsed) if (validatePhrases(data)) addPhrases(data.phrases, phrases);
  for (const { file, data } of parsed) {
    const report = reporter(file);
    for (const entry of readEntries(data, report)) {
      const home = homes.get(entry.key);
      if (home !== undefined) {
        report(`The key ${entry.key} is already used in ${home}.`);
        continue;
      }
      homes.set(entry.key, file);
      causes.push(compileCause(entry, phrases, report));
    }
  }
  return { causes, problems };
}

function addPhrases(
  read: Readonly<Record<string, string | readonly string[]>>,
  phrases: Map<string, string>,
): void {
  for (const [name, value] of Object.entries(read)) {
    phrases.set(name, typeof value === 'string' ? value : `(?:${value.join('|')})`);
  }
}

function readYaml(text: string, report: Report): unknown {
  try {
    return parse(text, { maxAliasCount: 50 });
  } catch (thrown) {
    report(`Not YAML: ${thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)}`);
    return undefined;
  }
}

function readEntries(data: unknown, report: Report): readonly CauseEntry[] {
  if (data === undefined || data === null || validatePhrases(data)) return [];
  if (validateCauses(data)) return data;
  for (const error of validateCauses.errors ?? []) {
    const allowed = error.keyword === 'enum' ? `: ${OWNERS.join(', ')}` : '';
    report(`${error.instancePath || '/'} ${error.message ?? 'is wrong'}${allowed}.`);
  }
  return [];
}

function compileCause(entry: CauseEntry, phrases: Phrases, report: Report): KnownCause {
  const { match, examples = [], not = [], explains = [], ...rest } = entry;
  const { codes = [], rules = [], ...own } = match;
  const written = own.any === undefined ? rules : [own, ...rules];
  return {
    ...rest,
    ...{ codes, examples, not, explains },
    rules: written.map((rule) => compileRule(rule)).filter((rule) => rule.any.length > 0),
  };

  function compileRule(rule: RuleEntry): Rule {
    const { any = [], all = [], none = [], weight = 5 } = rule;
    return { any: compile(any), all: compile(all), none: compile(none), weight };
  }

  function compile(sources: readonly string[]): Pattern[] {
    return sources.flatMap((source) => {
      try {
        return [compilePattern(source, phrases)];
      } catch (thrown) {
        report(
          `Pattern of ${entry.key}: ${thrown instanceof Error ? thrown.message : String(thrown)}: ${source}`,
        );
        return [];
      }
    });
  }
}
