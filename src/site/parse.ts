import type { Problem } from '../contract/api.ts';
import type { LineCounter } from 'yaml';
import type { CheckContext } from './checks/check.ts';
import { checkSite } from './checks/index.ts';
import { draftSite, type DraftSite } from './draft.ts';
import { explainError } from './explain.ts';
import { jsonPath, type Fault, type Finding } from './finding.ts';
import { adoptSite, type NormalisedSite } from './normalise.ts';
import { countLines, readSource } from './source.ts';
import { readQuickly } from './quick/tree.ts';
import { createTree, faultyTree, type SiteTree } from './tree.ts';
import { validateSite } from './validate.ts';
import { versionFinding } from './version.ts';
import { readYaml } from './yaml.ts';

const MAX_PROBLEMS = 500;

/** A site file to read, as bytes or as text. `file` is only used to name it in problems; `size` is given when only the beginning was read. */
export type OpenInput = { readonly file: string; readonly size?: number } & (
  { readonly bytes: Uint8Array } | { readonly text: string }
);

export type ParseInput = CheckContext & OpenInput;

/** `site` is there unless a problem has severity error; problems are sorted by their place in the file. */
export interface ParseResult {
  /** The stack that the file names, also when other things in it are wrong. */
  readonly stack?: string;
  readonly site?: NormalisedSite;
  readonly problems: readonly Problem[];
}

/** A site file that was read once and can be checked against different surroundings. */
export interface OpenedSite {
  /** The stack that the file names, also when other things in it are wrong. */
  readonly stack?: string;
  /** What of the file has the right form, defaults filled in; missing where it cannot be read at all. */
  readonly draft?: DraftSite;
  check(context?: CheckContext): ParseResult;
}

/** Reads a site file: any bytes in, the site or all its problems out, never a throw. */
export function parseSite(input: ParseInput): ParseResult {
  return openSite(input).check(input);
}

/** Reads a site file and checks its form; the rest is checked when the stack that it names is known. Never throws. */
export function openSite(input: OpenInput): OpenedSite {
  const { text, fault } = readSource('bytes' in input ? input.bytes : input.text, input.size);
  const lines = () => countLines(text);
  const refused = (faults: readonly Fault[]): OpenedSite => {
    const problems = faultProblems(faults, lines(), input.file);
    return { check: () => ({ problems }) };
  };
  if (fault !== undefined) return refused([fault]);
  const tree = readTree(text);
  if (tree.faults.length > 0) return refused(tree.faults);
  const values = tree.values();
  const otherVersion = versionFinding(values, input.file);
  if (otherVersion !== undefined) {
    const problems = [place(otherVersion, tree.offsetOf(otherVersion.path, 'value'), lines(), input.file)];
    return { check: () => ({ problems }) };
  }
  return checkable(values, tree, lines, input.file);
}

/** The text as a tree, whatever it says. */
export function readTree(text: string): SiteTree {
  const quick = readQuickly(text);
  if (quick !== undefined) return quick;
  const { document, faults } = readYaml(text);
  return document === undefined ? faultyTree(faults) : createTree(document);
}

function checkable(values: unknown, tree: SiteTree, lines: () => LineCounter, file: string): OpenedSite {
  const errors = validateSite(values);
  const draft = draftSite(values, errors);
  const stack = draft.stack === undefined ? {} : { stack: draft.stack };
  return {
    ...stack,
    draft,
    check: (context = {}) => {
      const findings = [
        ...errors.slice(0, MAX_PROBLEMS + 1).map((error) => explainError(error, tree.sourceOf)),
        ...checkSite(draft, context),
      ];
      const valid = findings.every((finding) => finding.severity !== 'error');
      const problems = findings.length === 0 ? [] : placeAll(findings, tree, lines(), file);
      return valid ? { ...stack, site: adoptSite(values), problems } : { ...stack, problems };
    },
  };
}

function placeAll(findings: readonly Finding[], tree: SiteTree, lines: LineCounter, file: string): Problem[] {
  const problems = findings
    .slice(0, MAX_PROBLEMS)
    .map((finding) => place(finding, tree.offsetOf(finding.path, finding.at ?? 'value'), lines, file))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  if (findings.length > MAX_PROBLEMS) problems.push(tooManyProblems(problems.at(-1)));
  return problems;
}

function place(finding: Finding, offset: number, lines: LineCounter, file: string): Problem {
  const { severity, code, message, hint, path } = finding;
  const { line, col } = lines.linePos(offset);
  const problem = { severity, code, message, path: jsonPath(path), file, line, column: col };
  return hint === undefined ? problem : { ...problem, hint };
}

function faultProblems(faults: readonly Fault[], lines: LineCounter, file: string): Problem[] {
  return faults
    .map((fault) => place({ ...fault, severity: 'error', path: [] }, fault.offset, lines, file))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function tooManyProblems(last: Problem | undefined): Problem {
  return {
    severity: 'error',
    code: 'SITE_TOO_MANY_PROBLEMS',
    message: `The file has more problems than the ${MAX_PROBLEMS} shown.`,
    path: '$',
    file: last?.file ?? '',
    line: last?.line ?? 1,
    column: last?.column ?? 1,
  };
}
