import { matchesWhen, valueAt, withDefaults } from './plan.ts';
import type { Stack } from './schema.ts';

/** A file that the site file names; `field` is where, `path` as it is written there. */
interface StageFile {
  readonly field: string;
  readonly path: string;
  readonly sha256: string;
}

/** The files that the stages of a site need on the KVM host, as `files` of the stack names them, each once. */
export function stageFiles(stack: Stack, site: unknown): StageFile[] {
  const whole = withDefaults(stack, site);
  const wanted = stack.stages.filter((stage) => matchesWhen(stage, whole));
  const fields = new Set(wanted.flatMap(({ files = [] }) => files));
  return [...fields].flatMap((field) => {
    const [path, sha256] = [valueAt(site, `${field}.path`), valueAt(site, `${field}.sha256`)];
    return typeof path === 'string' && typeof sha256 === 'string' ? [{ field, path, sha256 }] : [];
  });
}
