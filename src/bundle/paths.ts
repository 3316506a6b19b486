/** The list of a bundle's files: its first entry. */
export const CONTENTS = 'contents.json';
/** The signature of that list: the second entry of a signed bundle. */
export const SIGNATURE = 'signature.json';

/** Names that the bundle itself, or the repository that serves it, gives to files of its own. */
const RESERVED = new Set([CONTENTS, SIGNATURE, 'SHA256SUMS', 'site-ca.crt']);

/** As long as every tar and every file system takes it without an extension. */
const MAX_PATH = 200;
const MAX_STEP = 100;

/**
 * Why a path cannot be that of a file in a bundle; undefined where it can. What one file system allows and another does not
 * is refused: a bundle is made on one machine and unpacked on others.
 */
export function pathFault(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (escapes(path)) return 'it leads out of the bundle';
  if (!/^[A-Za-z0-9 !#$%&'()+,\-./=@[\]^_{}~]+$/.test(path))
    return 'it has a character that not every file system takes';
  const steps = path.split('/');
  if (steps.some((step) => step === '' || step === '.' || /^ | $|\.$/.test(step)))
    return 'one of its parts is empty, or begins or ends as not every file system takes it';
  if (path.length > MAX_PATH || steps.some((step) => step.length > MAX_STEP))
    return `it is longer than ${MAX_PATH} characters, or one of its parts than ${MAX_STEP}`;
  if (RESERVED.has(path)) return `${path} is a name that bundles and repositories use themselves`;
  return undefined;
}

/** Whether a path is absolute or climbs above where it begins, in the words of any operating system. */
export function escapes(path: string): boolean {
  return /^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\0/.test(path);
}
