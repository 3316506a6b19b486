import type { BundleFile, BundleProblem } from '../contract/bundle.ts';
import { problem } from './problems.ts';

/** A file and where in the bundle its bytes begin. */
export interface PlacedFile extends BundleFile {
  readonly offset: number;
}

/** A file as it lies in a bundle; without `sha256` where it was not read. */
export interface SeenFile {
  readonly path: string;
  readonly size: number;
  readonly offset: number;
  readonly sha256?: string;
}

/** Compares what the list names with what is there; without `whole` what was not come to is no problem. */
export function compareFiles(
  listed: readonly BundleFile[],
  seen: readonly SeenFile[],
  whole: boolean,
): { readonly files: readonly PlacedFile[]; readonly problems: readonly BundleProblem[] } {
  const wanted = new Map(listed.map((file) => [file.path, file]));
  const there = new Map<string, SeenFile>();
  const problems: BundleProblem[] = [];
  const strangers: SeenFile[] = [];
  for (const file of seen) {
    if (there.has(file.path)) problems.push(problem.twice(file.path));
    else if (!wanted.has(file.path)) strangers.push(file);
    there.set(file.path, file);
  }
  const files: PlacedFile[] = [];
  const missing = new Map<string, BundleFile>();
  for (const file of listed) {
    const found = there.get(file.path);
    if (found === undefined) missing.set(file.path, file);
    else if (found.size !== file.size || (found.sha256 ?? file.sha256) !== file.sha256)
      problems.push(problem.changed(file.path));
    else files.push({ ...file, offset: found.offset });
  }
  const byHash = new Map([...missing.values()].map((file) => [file.sha256, file]));
  for (const stranger of strangers) {
    const was = byHash.get(stranger.sha256 ?? '');
    if (was === undefined) problems.push(problem.extra(stranger.path));
    else {
      missing.delete(was.path);
      byHash.delete(was.sha256);
      problems.push(problem.renamed(stranger.path, was.path));
    }
  }
  if (whole) problems.push(...[...missing.keys()].map(problem.missing));
  return { files, problems };
}
