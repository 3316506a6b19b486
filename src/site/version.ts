import { quoted, type Finding } from './finding.ts';
import { API_VERSION } from './schema/site.ts';

/** The version before `bringup/v1`, see docs/decisions/035-site-file-migration.md. */
export const OLD_VERSION = 'bringup/v1beta1';

/** The version that a site file says it has, whatever else is in it. */
export function versionOf(values: unknown): unknown {
  return typeof values === 'object' && values !== null && 'apiVersion' in values
    ? values.apiVersion
    : undefined;
}

/** What to do about a file of another version; its other problems would only be those of the version. */
export function versionFinding(values: unknown, file: string): Finding | undefined {
  const version = versionOf(values);
  const head = { severity: 'error', path: ['apiVersion'] } as const;
  if (version === OLD_VERSION) {
    return {
      ...head,
      code: 'SITE_OLD_VERSION',
      message: `This site file is of the older version ${OLD_VERSION}; Bringup reads ${API_VERSION}.`,
      hint: `Bring it up to date, comments and order kept, with: bringup validate --migrate ${file}`,
    };
  }
  const newer = typeof version === 'string' ? /^bringup\/v(\d+)/.exec(version) : null;
  if (newer === null || Number(newer[1]) < 2) return undefined;
  return {
    ...head,
    code: 'SITE_NEWER_VERSION',
    message: `This site file is of the version ${quoted(version)}, which is newer than ${API_VERSION}.`,
    hint: 'Update Bringup; an older Bringup cannot tell what the file means.',
  };
}
