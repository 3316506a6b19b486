import path from 'node:path';
import { problem, readBundle, type PlacedFile, type ReadBundle } from '../bundle/index.ts';
import type { BundleKind, BundleProgress } from '../contract/bundle.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import { besideSiteFile, type LoadedSite } from './site.ts';

/** The bundle that a site file names, read when it is first needed. */
export interface BundleUse {
  /** Absolute. */
  readonly path: string;
  /** Reads all of it once and proves it by what the site file says. Rejects with BUNDLE_*, CANCELLED. */
  check(watch?: Watch): Promise<ReadBundle>;
  /** What is in it: proved by the signature of its list where there is one, else by reading all of it. */
  list(watch?: Watch): Promise<ReadBundle>;
  /** SHA-256 of its list, without any proof. Rejects with BUNDLE_UNREADABLE. */
  contents(): Promise<string | undefined>;
}

interface Watch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Omit<BundleProgress, 'running'>) => void;
}

/** Undefined where the site file names no bundle. */
export function useBundle({ site, file }: Pick<LoadedSite, 'site' | 'file'>): BundleUse | undefined {
  if (site.bundle === undefined) return undefined;
  const { key, sha256 } = site.bundle;
  const target = besideSiteFile(file, site.bundle.path);
  const given = { ...(key === undefined ? {} : { key }), unsigned: key === undefined };
  let checked: ReadBundle | undefined;
  let listed: ReadBundle | undefined;
  const check = async (watch: Watch = {}): Promise<ReadBundle> => {
    if (checked !== undefined) return checked;
    const found = await readBundle(target, { ...given, ...watch });
    const other = sha256 !== undefined && found.sha256 !== sha256 && found.problems.length === 0;
    refuseFaulty(target, other ? { ...found, problems: [problem.otherBundle(target)] } : found);
    return (checked = found);
  };
  const list = async (watch: Watch = {}): Promise<ReadBundle> => {
    if (checked !== undefined) return checked;
    // Without a signature only the checksum of the whole speaks for the list.
    if (key === undefined) return check(watch);
    if (listed !== undefined) return listed;
    const found = await readBundle(target, { ...given, ...watch, listOnly: true });
    refuseFaulty(target, found);
    return (listed = found);
  };
  const contents = async (): Promise<string | undefined> =>
    (checked ?? listed ?? (await readBundle(target, { listOnly: true }))).contents;
  return { path: target, check, list, contents };
}

/** What of a bundle is for the repository; the rest is for Bringup itself. */
export function forRepository(files: readonly PlacedFile[]): readonly PlacedFile[] {
  const own: readonly BundleKind[] = ['base-image', 'packages', 'playbooks'];
  return files.filter(({ kind }) => !own.includes(kind));
}

function refuseFaulty(target: string, { problems }: ReadBundle): void {
  const [first] = problems;
  if (first === undefined) return;
  throw new BringupError({
    code: first.code,
    exit: EXIT.invalid,
    message: `The bundle ${path.basename(target)} cannot be used. ${first.message}`,
    hint: first.hint,
    evidence: problems.slice(0, 20).map(({ code, place, message }) => ({
      source: `${place}, ${code}`,
      text: message,
    })),
  });
}
