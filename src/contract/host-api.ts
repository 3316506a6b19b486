/** What is looked for: a site file, a run that was exported, or a bundle. */
export type FileKind = 'site' | 'export' | 'bundle';

/** A folder that may be looked into: the home folder, the folder Bringup was started in, a mounted medium. */
export interface Place {
  readonly name: string;
  readonly folder: string;
}

/** One entry of a folder; `path` is absolute. Folders come first, then files, newest first. */
export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'folder' | 'file';
  readonly modified?: string;
}

/** What a folder holds of one kind of file: names, never contents. `left_out` counts entries beyond the limit. */
export interface FolderListing {
  readonly folder: string;
  /** Absent at the top of a place. */
  readonly parent?: string;
  readonly places: readonly Place[];
  readonly entries: readonly FolderEntry[];
  readonly left_out: number;
}

/** A file a browser was given: it tells the name, the size and the contents, and never the path. */
export interface FileMark {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 of its contents in lower-case hex. */
  readonly sha256: string;
}

/** A site file that was worked on from this machine. */
export interface KnownSite {
  readonly file: string;
  /** When it was last opened or run. */
  readonly at: string;
  /** The file is not where it was. */
  readonly gone?: boolean;
  /** Name of the site, where the file says one. */
  readonly site?: string;
  readonly stack?: string;
  readonly customer?: string;
  readonly location?: string;
  readonly errors: number;
  /** The first error, as a sentence with its line. */
  readonly first_error?: string;
}

/** A link that lets a second person watch one run and do nothing else; null where the sharing was ended. */
export interface ShareResult {
  readonly run: string;
  readonly url: string | null;
}
