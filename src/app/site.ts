import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { Problem, ValidateResult } from '../contract/api.ts';
import { openSite, type NormalisedSite, type OpenedSite } from '../site/index.ts';
import type { Stack } from '../stacks/index.ts';
import { profileNames, readProfileSet } from './profiles.ts';
import type { Playbooks } from './stacks-places.ts';
import { loadStack, stackNames } from './stacks.ts';

/** Bytes of a site file that are read at the most; the parser's own limit is lower and gives the better message. */
const READ_LIMIT = 16 * 2 ** 20;

/** Whether a host may have a profile by its name; profiles are read only then. */
const NAMES_A_PROFILE = /\bprofile['"]?\s*:\s*(?!['"]?auto\b)\S/;

export interface LoadedSite {
  readonly file: string;
  readonly site: NormalisedSite;
  readonly stack: Stack;
  readonly warnings: readonly Problem[];
}

/** Reads and checks a site file against its stack; problems are returned, an unreadable file throws SITE_FILE_UNREADABLE. */
export async function validateSite(
  file: string,
  playbooks: Playbooks,
): Promise<ValidateResult & Partial<LoadedSite>> {
  return validateBytes(file, await readSome(file), playbooks);
}

/** The same with what is wrong with the profiles of the site, each in its own file. */
export async function validateWhole(file: string, playbooks: Playbooks): Promise<ValidateResult> {
  const [{ ok, problems }, profiles] = await Promise.all([
    validateSite(file, playbooks),
    readProfileSet(playbooks, file),
  ]);
  const wrong = profiles.problems.some((problem) => problem.severity === 'error');
  return { ok: ok && !wrong, problems: [...problems, ...profiles.problems] };
}

/** The same for bytes that were read already; `size` is that of the file, where they are only its beginning. */
export async function validateBytes(
  file: string,
  source: { readonly bytes: Uint8Array; readonly size: number },
  playbooks: Playbooks,
): Promise<ValidateResult & Partial<LoadedSite>> {
  const files = { exists: (name: string) => existsSync(besideSiteFile(file, name)) };
  const opened = openSite({ file, ...source });
  const name = opened.stack;
  if (name === undefined) return { ok: false, problems: opened.check({ files }).problems };
  if (!(await stackNames(playbooks)).includes(name)) {
    const problems = [...opened.check({ files }).problems, await unknownStack(file, name, playbooks)];
    return { ok: false, problems };
  }
  const stack = await loadStack(playbooks, name);
  const profiles = NAMES_A_PROFILE.test(Buffer.from(source.bytes).toString('latin1'))
    ? { profiles: await profileNames(playbooks, file) }
    : {};
  const { site, problems } = opened.check({ stack, files, ...profiles });
  const ok = !problems.some((problem) => problem.severity === 'error');
  return { ok, problems, stack, file, ...(site === undefined ? {} : { site }) };
}

/** A site file read for what of it has the right form, whatever else is wrong with it. Throws SITE_FILE_UNREADABLE. */
export async function openSiteFile(file: string): Promise<OpenedSite> {
  return openSite({ file, ...(await readSome(file)) });
}

/** The site and its stack, or SITE_INVALID (exit 2) with every problem as evidence. */
export async function loadSite(file: string, playbooks: Playbooks): Promise<LoadedSite> {
  const { ok, problems, site, stack } = await validateSite(file, playbooks);
  if (ok && site !== undefined && stack !== undefined) return { file, site, stack, warnings: problems };
  const errors = problems.filter((problem) => problem.severity === 'error');
  throw new BringupError({
    code: 'SITE_INVALID',
    exit: EXIT.invalid,
    message: `The site file ${file} has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; nothing was started.`,
    hint: `Correct them and try again; see them at any time with: bringup validate ${file}`,
    evidence: errors.map((problem) => ({
      source: `${problem.file}:${problem.line}:${problem.column}`,
      text: problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`,
    })),
  });
}

/** A path of the site file, which is relative to the folder the file is in. */
export function besideSiteFile(siteFile: string, relative: string): string {
  return path.resolve(path.dirname(siteFile), relative);
}

async function unknownStack(file: string, name: string, playbooks: Playbooks): Promise<Problem> {
  return {
    severity: 'error',
    code: 'STACK_UNKNOWN',
    message: `There is no stack named ${name}.`,
    hint: `Known stacks: ${(await stackNames(playbooks)).join(', ')}.`,
    path: '$.stack',
    file,
    line: 1,
    column: 1,
  };
}

/** The bytes of a site file, up to a limit. Throws SITE_FILE_UNREADABLE. */
export async function readSome(file: string): Promise<{ bytes: Uint8Array; size: number }> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.min(size, READ_LIMIT));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return { bytes: buffer.subarray(0, bytesRead), size };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BringupError({
      code: 'SITE_FILE_UNREADABLE',
      exit: EXIT.invalid,
      message: `The site file ${file} cannot be read.`,
      hint: 'Check the path; a site file is usually called site.yaml.',
      evidence: [{ source: file, text: reason }],
      cause,
    });
  }
}
