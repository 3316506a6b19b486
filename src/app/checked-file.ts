import { existsSync } from 'node:fs';
import path from 'node:path';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { BundleUse } from './bundle-use.ts';
import { describe, type LocalFile } from './pack.ts';

/** A file the site file names, its path made absolute; `field` is where it is named. */
export interface WantedFile {
  readonly path: string;
  readonly sha256: string;
  readonly field: string;
}

const KINDS = {
  'base image': { code: 'BASE_IMAGE', short: 'image' },
  'package archive': { code: 'PACKAGES', short: 'archive' },
  image: { code: 'STAGE_FILE', short: 'image' },
} as const;

/** What a file is called in a sentence. */
export type FileKind = keyof typeof KINDS;

/**
 * Reads the whole file; one that is not there is taken from the bundle, which has then been read. Rejects with
 * BASE_IMAGE_MISSING, BASE_IMAGE_CHECKSUM, the same of PACKAGES and STAGE_FILE, and BUNDLE_*.
 */
export async function checkFile(kind: FileKind, wanted: WantedFile, bundle?: BundleUse): Promise<LocalFile> {
  const { code, short } = KINDS[kind];
  const bundled = existsSync(wanted.path) ? undefined : await fromBundle(wanted, bundle);
  if (bundled !== undefined) return bundled;
  const found = await describe(wanted.path).catch((cause: unknown) => {
    throw new BringupError({
      code: `${code}_MISSING`,
      exit: EXIT.invalid,
      message: `The ${kind} ${wanted.path} cannot be read on this laptop.`,
      hint: `Put the ${short} there, or correct ${wanted.field}.path in the site file${bundle === undefined ? '' : '; the bundle has none with its checksum'}.`,
      evidence: [{ source: wanted.path, text: cause instanceof Error ? cause.message : String(cause) }],
      cause,
    });
  });
  if (found.sha256 === wanted.sha256) return { path: wanted.path, ...found };
  throw new BringupError({
    code: `${code}_CHECKSUM`,
    exit: EXIT.invalid,
    message: `The ${kind} ${path.basename(wanted.path)} is not the one the site file names: its SHA-256 differs.`,
    hint: `Copy the ${short} again from the bundle, or correct ${wanted.field}.sha256 when the ${short} was changed on purpose.`,
    evidence: [
      { source: 'site file', text: wanted.sha256 },
      { source: wanted.path, text: `${found.sha256}, ${found.size} bytes` },
    ],
  });
}

/** The file with the checksum that the site file names, whatever the bundle calls it. */
async function fromBundle(wanted: WantedFile, bundle: BundleUse | undefined): Promise<LocalFile | undefined> {
  if (bundle === undefined) return undefined;
  const found = (await bundle.list()).files.find(({ sha256 }) => sha256 === wanted.sha256);
  if (found === undefined) return undefined;
  const { sha256, size, offset } = found;
  return { path: wanted.path, sha256, size, within: { file: bundle.path, offset, size } };
}
