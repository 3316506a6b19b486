import { BringupError, EXIT } from '../contract/errors.ts';

/** A file that cannot become part of a bundle. */
export function sourceError(code: string, message: string, hint: string, cause?: unknown): BringupError {
  const text = cause instanceof Error ? cause.message : undefined;
  return new BringupError({
    ...{ code, exit: EXIT.invalid, message, hint },
    ...(text === undefined ? {} : { evidence: [{ source: 'operating system', text }], cause }),
  });
}

const WRITING: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['the disk is full', 'Free some space, or choose another disk with --output.'],
  EDQUOT: ['the disk is full', 'Free some space, or choose another disk with --output.'],
  EFBIG: [
    'the file system takes no file of that size',
    'Choose another disk: FAT holds files up to 4 GiB, exFAT any.',
  ],
  ENOENT: ['its folder is not there', 'Make the folder, or choose another with --output.'],
  ENOTDIR: ['its folder is not there', 'Make the folder, or choose another with --output.'],
  EACCES: ['this user may not write there', 'Choose another folder with --output.'],
  EPERM: ['this user may not write there', 'Choose another folder with --output.'],
  EROFS: ['the disk is read-only', 'Choose another disk with --output.'],
  EIO: ['the disk fails', 'Choose another disk with --output.'],
};

/** BUNDLE_NOT_WRITTEN for what an operating system refuses; anything else as it is. */
export function writeError(thrown: unknown, file: string): unknown {
  if (thrown instanceof BringupError) return thrown;
  const [why, hint] = WRITING[(thrown as NodeJS.ErrnoException).code ?? ''] ?? [];
  if (why === undefined || hint === undefined) return thrown;
  return sourceError('BUNDLE_NOT_WRITTEN', `${file} cannot be written: ${why}.`, hint, thrown);
}

/** Who breaks off with a signal gets this. */
export function cancelled(what: string): BringupError {
  return new BringupError({
    code: 'CANCELLED',
    exit: EXIT.cancelled,
    message: `${what} was cancelled.`,
    hint: 'Nothing was left behind; begin it again when you like.',
  });
}
