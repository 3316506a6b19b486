/** One problem of a site file, DESIGN section 4. `line` and `column` count from 1. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly hint?: string;
}

/**
 * One change of a site file. `path` names the value: for `insert` the position that the new list entry gets, one behind
 * the last to append. `set` creates the field, and the objects around it, when they are missing; `after` names the
 * field behind which a new one goes, otherwise it comes last. `remove` leaves the comments of what it takes away when
 * `keepComments` is true.
 */
export type SiteEdit =
  | {
      readonly op: 'set';
      readonly path: readonly (string | number)[];
      readonly value: unknown;
      readonly after?: string;
    }
  | { readonly op: 'remove'; readonly path: readonly (string | number)[]; readonly keepComments?: boolean }
  | { readonly op: 'insert'; readonly path: readonly (string | number)[]; readonly value: unknown }
  | { readonly op: 'move'; readonly path: readonly (string | number)[]; readonly to: number }
  | { readonly op: 'rename'; readonly path: readonly (string | number)[]; readonly name: string };

/** A site file brought from an older version to this one. `backup` is the old file under another name. */
export interface MigrateResult {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly { readonly line: number; readonly what: string }[];
  readonly backup?: string;
}

export interface ValidateResult {
  readonly ok: boolean;
  readonly problems: readonly Problem[];
}

/** A site file as it lies on disk, what it says and what is wrong with it. */
export interface SiteFile extends ValidateResult {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
  /** SHA-256 of the text, hexadecimal: another one whenever the file is. */
  readonly revision: string;
  /** What the text says as plain JSON, aliases resolved; null where it is not valid YAML or not a map. */
  readonly document: Readonly<Record<string, unknown>> | null;
}

/** A text to be written as a site file; `revision` is that of the text it was made from. */
export interface SiteWrite {
  readonly file: string;
  readonly text: string;
  readonly revision: string;
}

/** Edits done together or not at all; with `revision` only where the file is still the one of that revision. */
export interface SiteEditInput {
  readonly file: string;
  readonly edits: readonly SiteEdit[];
  readonly revision?: string;
}

/** A new site file: `name` is the site's, a DNS label; nothing that exists is written over. */
export interface SiteStart {
  readonly file: string;
  readonly name: string;
  readonly stack: string;
  /** From the example, a commented site of three servers with addresses to put in; what it brings up is its own affair. */
  readonly example?: boolean;
}
