import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileKind, FileMark, FolderEntry, FolderListing, Place } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';

/** Entries of a folder that are told at the most; somebody who has more types the path. */
const ENTRY_LIMIT = 500;
/** A search gives up after this many entries or folders this deep: it must end before a person does it by hand. */
const FIND_ENTRIES = 40_000;
const FIND_DEPTH = 6;

const ENDINGS: Record<FileKind, RegExp> = {
  site: /\.ya?ml$/i,
  export: /\.bringup$/i,
  bundle: /\.bundle$/i,
};
/** Full of files and never holding one that is looked for. */
const NOT_SEARCHED = new Set(['node_modules', 'proc', 'sys', 'lost+found']);

/**
 * What a folder holds of one kind, names and dates only. Looks into the places and nowhere else, also where a link in
 * them leads out. Throws FOLDER_OUTSIDE, FOLDER_UNREADABLE.
 */
export async function listFolder(
  places: readonly Place[],
  kind: FileKind,
  wanted: string | undefined,
): Promise<FolderListing> {
  const folder = await realFolder(path.resolve(wanted ?? places[0]?.folder ?? '/'));
  const tops = await Promise.all(places.map((place) => realpath(place.folder).catch(() => place.folder)));
  if (!tops.some((top) => isInside(folder, top))) throw outside(folder, places);
  const shown = (await entriesOf(folder)).filter((entry) => isShown(entry, kind));
  const entries = await Promise.all(shown.slice(0, ENTRY_LIMIT).map((entry) => describe(folder, entry)));
  const parent = path.dirname(folder);
  return {
    folder,
    ...(tops.some((top) => isInside(parent, top)) ? { parent } : {}),
    places,
    entries: entries.sort(byKindThenNewest),
    left_out: Math.max(0, shown.length - ENTRY_LIMIT),
  };
}

/** Where in the places the file of these contents lies; the places are searched in breadth, nearest first. */
export async function findFile(places: readonly Place[], mark: FileMark): Promise<readonly string[]> {
  const found = new Set<string>();
  let folders = places.map((place) => place.folder);
  let left = FIND_ENTRIES;
  for (let depth = 0; depth < FIND_DEPTH && folders.length > 0 && left > 0; depth += 1) {
    const deeper: string[] = [];
    for (const folder of folders) {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      left -= entries.length;
      for (const entry of entries) {
        const file = path.join(folder, entry.name);
        if (entry.isDirectory() && !entry.name.startsWith('.') && !NOT_SEARCHED.has(entry.name))
          deeper.push(file);
        else if (entry.isFile() && entry.name === mark.name && (await isThatFile(file, mark)))
          found.add(await realpath(file));
      }
      if (left <= 0) break;
    }
    folders = deeper;
  }
  return [...found];
}

async function isThatFile(file: string, { bytes, sha256 }: FileMark): Promise<boolean> {
  try {
    if ((await stat(file)).size !== bytes) return false;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    return hash.digest('hex') === sha256.toLowerCase();
  } catch {
    return false;
  }
}

async function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
}

function isShown(entry: Dirent, kind: FileKind): boolean {
  if (entry.name.startsWith('.')) return false;
  return entry.isDirectory() || (entry.isFile() && ENDINGS[kind].test(entry.name));
}

async function describe(folder: string, entry: Dirent): Promise<FolderEntry> {
  const file = path.join(folder, entry.name);
  const about = { name: entry.name, path: file };
  if (entry.isDirectory()) return { ...about, kind: 'folder' };
  const modified = await stat(file).then(
    ({ mtime }) => ({ modified: mtime.toISOString() }),
    () => ({}),
  );
  return { ...about, kind: 'file', ...modified };
}

function byKindThenNewest(left: FolderEntry, right: FolderEntry): number {
  if (left.kind !== right.kind) return left.kind === 'folder' ? -1 : 1;
  return (right.modified ?? '').localeCompare(left.modified ?? '') || left.name.localeCompare(right.name);
}

function isInside(folder: string, top: string): boolean {
  return folder === top || folder.startsWith(top.endsWith(path.sep) ? top : top + path.sep);
}

function outside(folder: string, places: readonly Place[]): BringupError {
  return new BringupError({
    code: 'FOLDER_OUTSIDE',
    exit: EXIT.invalid,
    message: `The folder ${folder} is not among those that Bringup looks into.`,
    hint: `Choose in ${places.map((place) => place.folder).join(', ')}, or type the path of the file.`,
  });
}

function unreadable(folder: string, cause: unknown): BringupError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new BringupError({
    code: 'FOLDER_UNREADABLE',
    exit: EXIT.invalid,
    message: `The folder ${folder} cannot be read (${code}).`,
    hint: 'It may have been removed or belong to somebody else; choose another one.',
    cause,
  });
}
