import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import { loadProfiles, type Profile } from '../profiles/index.ts';
import { readText } from './read-text.ts';
import { shippedTree, type Playbooks } from './stacks-places.ts';

/** The profiles that hold for a site, and what is wrong with their files. */
export interface ProfileSet {
  readonly profiles: readonly Profile[];
  readonly problems: readonly Problem[];
  /** Whether the file of a profile lies beside the site file. */
  isOwn(profile: Pick<Profile, 'file'>): boolean;
}

/** The profiles shipped with Bringup, then those in `profiles/` beside the site file, which go over them. */
export async function readProfileSet(playbooks: Playbooks, siteFile?: string): Promise<ProfileSet> {
  const shipped = path.join(shippedTree(playbooks), 'profiles');
  const own = siteFile === undefined ? undefined : ownFolder(siteFile);
  const folders = [shipped, ...(own === undefined || own === shipped ? [] : [own])];
  const files = (await Promise.all(folders.map(readFolder))).flat();
  const isOwn = ({ file }: Pick<Profile, 'file'>): boolean => path.dirname(file) === own;
  return { ...loadProfiles(files), isOwn };
}

/** The same, where a profile that is not valid stops everything: PROFILE_INVALID with all problems as evidence. */
export async function readProfiles(playbooks: Playbooks, siteFile: string): Promise<readonly Profile[]> {
  const { profiles, problems } = await readProfileSet(playbooks, siteFile);
  if (problems.some((problem) => problem.severity === 'error'))
    throw problemError('PROFILE_INVALID', 'A profile', problems);
  return profiles;
}

/** Names that a site file may use: of the profiles, and of files that are meant to be some. */
export async function profileNames(playbooks: Playbooks, siteFile: string): Promise<readonly string[]> {
  const { profiles } = await readProfileSet(playbooks, siteFile);
  const files = await listFolder(ownFolder(siteFile));
  return [...new Set([...profiles.map(({ name }) => name), ...files.map((file) => path.parse(file).name)])];
}

/** An error of a file with places: its errors become the evidence. */
export function problemError(
  code: string,
  what: string,
  problems: readonly Omit<Problem, 'code' | 'path'>[],
): BringupError {
  const errors = problems.filter((problem) => problem.severity === 'error');
  return new BringupError({
    code,
    exit: EXIT.invalid,
    message: `${what} is not valid; nothing was done.`,
    hint: 'Correct the places named below.',
    evidence: errors.map((problem) => ({
      source: `${problem.file}:${problem.line}:${problem.column}`,
      text: problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`,
    })),
  });
}

function ownFolder(siteFile: string): string {
  return path.join(path.dirname(path.resolve(siteFile)), 'profiles');
}

async function listFolder(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^[^.].*\.ya?ml$/.test(name)).sort();
}

async function readFolder(folder: string): Promise<{ file: string; text: string }[]> {
  return Promise.all(
    (await listFolder(folder)).map(async (name) => {
      const file = path.join(folder, name);
      return { file, text: await readText(file, 'The profile') };
    }),
  );
}
