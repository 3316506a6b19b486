import path from 'node:path';
import { BringupError, EXIT } from '../contract/errors.ts';
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
} as const;

/** Reads the whole file. Rejects with BASE_IMAGE_MISSING, BASE_IMAGE_CHECKSUM, PACKAGES_MISSING or PACKAGES_CHECKSUM. */
export async function checkFile(kind: keyof typeof KINDS, wanted: WantedFile): Promise<LocalFile> {
  const { code, short } = KINDS[kind];
  const found = await describe(wanted.path).catch((cause: unknown) => {
    throw new BringupError({
      code: `${code}_MISSING`,
      exit: EXIT.invalid,
      message: `The ${kind} ${wanted.path} cannot be read on this laptop.`,
      hint: `Put the ${short} there, or correct ${wanted.field}.path in the site file.`,
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
