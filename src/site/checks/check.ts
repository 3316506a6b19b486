import type { DraftSite } from '../draft.ts';
import type { Finding, Path } from '../finding.ts';

/** How many hosts of a role a stack needs, as its `roles` say. */
export interface RoleRule {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly odd?: boolean | undefined;
}

/** What checks may know beside the site file; what is missing is not checked. */
export interface CheckContext {
  /** The stack named by the site file. */
  readonly stack?: {
    readonly stack: string;
    readonly roles?: Readonly<Record<string, RoleRule>> | undefined;
    /** JSON Schema of the site file's `parameters`. */
    readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  };
  /** Whether a file named in the site file is there; paths are passed as written. */
  readonly files?: { exists(path: string): boolean };
  /** Names of the hardware profiles there are. */
  readonly profiles?: readonly string[];
}

/** One cross check: looks at the whole site and says what does not fit together. */
export interface SiteCheck {
  readonly id: string;
  find(site: DraftSite, context: CheckContext): Iterable<Finding>;
}

/** A finding that stops the run. */
export function error(code: string, path: Path, message: string, hint?: string): Finding {
  return { severity: 'error', code, path, message, ...(hint === undefined ? {} : { hint }) };
}

/** A finding that a person should look at; the site is still usable. */
export function warning(code: string, path: Path, message: string, hint?: string): Finding {
  return { severity: 'warning', code, path, message, ...(hint === undefined ? {} : { hint }) };
}

/** The entries of a list that are there, with their position. */
export function* entriesOf<T>(list: readonly (T | undefined)[] | undefined): Generator<[number, T]> {
  for (const [index, entry] of (list ?? []).entries()) if (entry !== undefined) yield [index, entry];
}
