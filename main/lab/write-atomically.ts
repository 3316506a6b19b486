import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that a reader sees the old content or all of the new, also after a crash. */
export function writeAtomically(file: string, text: string, mode = 0o644): void {
  const tmp = `${file}.tmp`;
  writeFileSync(tmp, text, { mode, flush: true });
  renameSync(tmp, file);
}
