import { BringupError, EXIT } from '../contract/errors.ts';

/** The local file cannot be read. */
export function unreadable(local: string, cause: unknown): BringupError {
  return new BringupError({
    code: 'UPLOAD_SOURCE_UNREADABLE',
    message: `The file ${local} cannot be read on this laptop.`,
    hint: 'Check that it exists and that you may read it.',
    exit: EXIT.invalid,
    evidence: [{ source: local, text: cause instanceof Error ? cause.message : String(cause) }],
    cause,
  });
}

/** The disk over there cannot take the file; sizes in bytes. */
export function noSpace(
  label: string,
  remote: string,
  needed: number,
  free: number | undefined,
): BringupError {
  const seen =
    free === undefined ? '' : `: ${mebibytes(needed)} MiB are needed and ${mebibytes(free)} MiB are free`;
  return new BringupError({
    code: 'UPLOAD_NO_SPACE',
    message: `The disk of ${label} is too full for ${remote}${seen}.`,
    hint: `Free space there (df -h ${folder(remote)} shows the disk), then apply again.`,
  });
}

/** What arrived is not what was to be sent. */
export function checksumDiffers(label: string, remote: string, wanted: string, found: string): BringupError {
  return new BringupError({
    code: 'UPLOAD_CHECKSUM',
    message: `What arrived on ${label} as ${remote} is not the file that was to be sent: its SHA-256 differs. It was removed.`,
    hint: 'Apply again. If it happens again, the file changed on this laptop or a disk or memory is faulty.',
    evidence: [
      { source: 'wanted', text: wanted },
      { source: label, text: found },
    ],
  });
}

/** The receiving program could not do its work. */
export function uploadFailed(label: string, remote: string, text: string, noPython: boolean): BringupError {
  return new BringupError({
    code: noPython ? 'UPLOAD_NEEDS_PYTHON' : 'UPLOAD_FAILED',
    message: noPython
      ? `${label} has no python3, which takes the upload there.`
      : `The file ${remote} could not be written on ${label}.`,
    hint: noPython
      ? 'Install the package python3 there; Ansible needs it as well.'
      : `Check the rights of the login user on ${folder(remote)}.`,
    evidence: [{ source: label, text: text.trim() }],
  });
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}

function folder(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
