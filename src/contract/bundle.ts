/** What a file of a bundle is for; all but the first three are for the repository of the site. */
export const BUNDLE_KINDS = [
  'base-image',
  'packages',
  'playbooks',
  'firmware',
  'rke2',
  'image',
  'file',
] as const;

export type BundleKind = (typeof BUNDLE_KINDS)[number];

/** One file of a bundle as its `contents.json` says; `path` is relative with forward slashes, `size` in bytes, `sha256` in hex. */
export interface BundleFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly kind: BundleKind;
}

/**
 * What a bundle is made from: site files (`apiVersion:`), lists (`files:`) and folders. It is signed with the key that is
 * stored as the credential `key`, or is not signed, which has to be asked for.
 */
export interface BundleCreateInput {
  readonly sources: readonly string[];
  readonly file: string;
  readonly key?: string;
  readonly unsigned?: boolean;
}

/** A bundle that was written; `sha256` is that of the whole file, `fingerprint` that of the key it is signed with. */
export interface BundleCreated {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly files: readonly BundleFile[];
  readonly signed: boolean;
  readonly fingerprint?: string;
}

/** `key` is a fingerprint (`SHA256:...`) or the file of a public key (PEM); `unsigned` lets a bundle without a signature pass. */
export interface BundleVerifyInput {
  readonly file: string;
  readonly key?: string;
  readonly unsigned?: boolean;
}

/** One thing that is wrong with a bundle: `place` is the file in it, or the byte at which it was seen. */
export interface BundleProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly place: string;
}

/**
 * `none`: it has no signature. `bad`: the signature is not one of its contents. `other`: signed with another key than the one
 * asked for. `uncompared`: good, and nobody said whose key it must be. `good`: signed with the key asked for.
 */
export type BundleSignatureStatus = 'none' | 'bad' | 'other' | 'uncompared' | 'good';

/** What was found in a bundle; `sha256` is that of the whole file, missing where it could not be read to its end. */
export interface BundleVerified {
  readonly ok: boolean;
  readonly file: string;
  readonly bytes: number;
  readonly sha256?: string;
  readonly signature: { readonly status: BundleSignatureStatus; readonly fingerprint?: string };
  readonly files: readonly BundleFile[];
  readonly problems: readonly BundleProblem[];
}

/** How far the making or proving of a bundle in this process is, in bytes. */
export interface BundleProgress {
  readonly running: boolean;
  readonly what?: 'reading' | 'writing' | 'verifying';
  readonly done: number;
  readonly total: number;
}

/** The key a bundle is signed with: what of it may be passed on. `made` says that it did not exist before. */
export interface BundleKey {
  readonly name: string;
  readonly made: boolean;
  readonly fingerprint: string;
  /** PEM. */
  readonly public_key: string;
}

/** What a bundle has of one kind; `bytes` together. `names` are files and folders (with a slash), of which `left_out` more are not named. */
export interface BundleHolding {
  readonly kind: BundleKind;
  readonly files: number;
  readonly bytes: number;
  readonly names: readonly string[];
  readonly left_out: number;
}

/**
 * A bundle by its list, without the hashes of what is in it. `made`: by a Bringup with the same playbooks as this one, with others, or
 * without any (`unknown`).
 */
export interface BundleSeen {
  readonly file: string;
  readonly bytes: number;
  readonly signature: BundleVerified['signature'];
  readonly made: 'same' | 'other' | 'unknown';
  readonly holds: readonly BundleHolding[];
  readonly problems: readonly BundleProblem[];
}

/**
 * Something that `stage` needs and that the site file names at `path` (`$.parameters.rke2.artifacts`) as `name`: it lies beside the
 * site file, comes in the bundle, or is missing. `lacking` are the files that a folder in the bundle is without, `*` for any name.
 */
export interface BundleNeed {
  readonly path: string;
  readonly name: string;
  readonly stage: string;
  readonly state: 'beside' | 'bundle' | 'missing';
  readonly lacking?: readonly string[];
}

/** `bundle` is missing where the site file names none, or one that is `unreadable`. */
export interface BundleLook {
  readonly bundle?: BundleSeen;
  readonly unreadable?: BundleProblem;
  readonly needs: readonly BundleNeed[];
}
