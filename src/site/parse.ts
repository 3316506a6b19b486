import type { Problem } from '../contract/api.ts';
import { LineCounter } from 'yaml';
import type { CheckContext } from './checks/check.ts';
import { checkSite } from './checks/index.ts';
import { draftSite } from './draft.ts';
import { explainError } from './explain.ts';
import { jsonPath, type Fault, type Finding } from './finding.ts';
import { adoptSite, type NormalisedSite } from './normalise.ts';
import { readSource } from './source.ts';
import { createTree, type SiteTree } from './tree.ts';
import { validateSite } from './validate.ts';
import { readYaml } from './yaml.ts';

const MAX_PROBLEMS = 500;

/** A site file to read, as bytes or as text. `file` is only used to name it in problems. */
export type ParseInput = CheckContext & { readonly file: string } & (
    { readonly bytes: Uint8Array } | { readonly text: string }
  );

/** `site` is there unless a problem has severity error; problems are sorted by their place in the file. */
export interface ParseResult {
  /** The stack that the file names, also when other things in it are wrong. */
  readonly stack?: string;
  readonly site?: NormalisedSite;
  readonly problems: readonly Problem[];
}

/** Reads a site file: any bytes in, the site or all its problems out, never a throw. */
export function parseSite(input: ParseInput): ParseResult {
  const { text, fault } = readSource('bytes' in input ? input.bytes : input.text);
  if (fault !== undefined) return { problems: faultProblems([fault], countLines(text), input.file) };
  const { document, lines, faults } = readYaml(text);
  if (document === undefined) return { problems: faultProblems(faults, lines, input.file) };
  const tree = createTree(document);
  if (tree.faults.length > 0) return { problems: faultProblems(tree.faults, lines, input.file) };
  return checkValues(tree, lines, input);
}

function checkValues(tree: SiteTree, lines: LineCounter, input: ParseInput): ParseResult {
  const values = tree.values();
  const errors = validateSite(values);
  const draft = draftSite(values, errors);
  const findings = [
    ...errors.slice(0, MAX_PROBLEMS + 1).map((error) => explainError(error, tree.sourceOf)),
    ...checkSite(draft, input),
  ];
  const problems = findings
    .slice(0, MAX_PROBLEMS)
    .map((finding) => place(finding, tree.offsetOf(finding.path, finding.at ?? 'value'), lines, input.file))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  if (findings.length > MAX_PROBLEMS) problems.push(tooManyProblems(problems.at(-1)));
  const valid = findings.every((finding) => finding.severity !== 'error');
  const stack = draft.stack === undefined ? {} : { stack: draft.stack };
  return valid ? { ...stack, site: adoptSite(values), problems } : { ...stack, problems };
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

function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return lines;
}
