import path from 'node:path';
import type { BringupClient } from '../../src/contract/api.ts';
import { BringupError, EXIT } from '../../src/contract/errors.ts';

const EXPORT = /\.bringup$/i;
const SITE_FILE = /\.ya?ml$/i;

/** The files among the words of a command line, as absolute paths; what starts with a dash is an option. */
export function filesOf(argv: readonly string[], folder: string): string[] {
  return argv
    .filter((word) => !word.startsWith('-') && (EXPORT.test(word) || SITE_FILE.test(word)))
    .map((word) => path.resolve(folder, word));
}

/** The page for a file: an export is read and shows its run, a site file opens in its form. Throws EXPORT_*, FILE_KIND_UNKNOWN. */
export async function routeOfFile(file: string, service: Pick<BringupClient, 'call'>): Promise<string> {
  if (EXPORT.test(file)) {
    const { run } = await service.call('runs.open', { file });
    return `#/runs/${encodeURIComponent(run)}`;
  }
  if (SITE_FILE.test(file)) return `#/sites/${encodeURIComponent(file)}/site`;
  throw new BringupError({
    code: 'FILE_KIND_UNKNOWN',
    exit: EXIT.invalid,
    message: `Bringup does not know what to do with ${path.basename(file)}.`,
    hint: 'Open a site file (.yaml) or an exported run (.bringup).',
  });
}
