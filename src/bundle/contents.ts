import { BUNDLE_KINDS, type BundleFile, type BundleKind } from '../contract/bundle.ts';
import { pathFault } from './paths.ts';

/** Version of the format; a reader takes this one alone. */
const FORMAT = 1;

/** Bytes of a list at the most: room for some hundred thousand files. */
export const MAX_CONTENTS = 64 * 2 ** 20;

/** Most bytes of all files together: far above any disk, far below where sums lose their last digit. */
const MAX_TOTAL = 2 ** 50;

/** The list as it stands in a bundle, files in the order of their paths: the same files always give the same bytes. */
export function renderContents(files: readonly BundleFile[]): Buffer {
  const lines = inOrder(files).map(({ path, size, sha256, kind }) =>
    JSON.stringify({ path, size, sha256, kind }),
  );
  return Buffer.from(`{"bundle":${FORMAT},"files":[\n${lines.join(',\n')}\n]}\n`);
}

/** Files in the order in which a bundle has them. */
export function inOrder<T extends { readonly path: string }>(files: readonly T[]): T[] {
  return files.toSorted((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
}

/** The files of a list, or one sentence (without its end) on why it is none. */
export function parseContents(bytes: Buffer): readonly BundleFile[] | string {
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return 'it is not JSON';
  }
  if (!isRecord(data) || !Array.isArray(data['files'])) return 'it has no list "files"';
  if (data['bundle'] !== FORMAT)
    return `it is of format ${String(JSON.stringify(data['bundle'])).slice(0, 20)}, and this Bringup reads format ${FORMAT}`;
  const files: BundleFile[] = [];
  for (const [index, entry] of data['files'].entries()) {
    const file = readEntry(entry);
    if (typeof file === 'string') return `file ${index + 1} is wrong: ${file}`;
    files.push(file);
  }
  return listFault(files) ?? files;
}

function readEntry(entry: unknown): BundleFile | string {
  if (!isRecord(entry)) return 'it is not an object';
  const { path, size, sha256, kind } = entry;
  if (typeof path !== 'string') return 'it has no path';
  const fault = pathFault(path);
  if (fault !== undefined) return `the path ${JSON.stringify(path.slice(0, 120))} cannot be used: ${fault}`;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return `${path} has no size`;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return `${path} has no SHA-256`;
  if (!BUNDLE_KINDS.includes(kind as BundleKind)) return `${path} is of no known kind`;
  return { path, size, sha256, kind: kind as BundleKind };
}

function listFault(files: readonly BundleFile[]): string | undefined {
  const names = new Map<string, string>();
  let total = 0;
  for (const { path, size } of files) {
    total += size;
    const other = names.get(path.toLowerCase());
    if (other !== undefined)
      return other === path
        ? `${path} is listed twice`
        : `${path} and ${other} are one name on some file systems`;
    names.set(path.toLowerCase(), path);
  }
  for (const { path } of files) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (names.has(folder.toLowerCase())) return `${folder} is both a file and the folder of ${path}`;
    }
  }
  return total > MAX_TOTAL ? 'its files are larger than any disk' : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
