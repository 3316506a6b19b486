import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import { SERVERS } from './layout.ts';
import type { LabOptions } from './types.ts';

/** A lab's options with every default filled in, and the names derived from them. */
export interface LabContext {
  readonly name: string;
  readonly stateDir: string;
  readonly cacheDir: string;
  /** The laptop's end of its cable, in the namespace Bringup itself runs in. */
  readonly laptopLink: string;
  readonly siteFile: string;
  /** The site file with every stage of the stack. */
  readonly wholeSiteFile: string;
  readonly credentialsFile: string;
  /** Written last: a lab without it was never finished. */
  readonly stampFile: string;
}

/** Name of the lab's site file with every stage. */
export const WHOLE_SITE = 'whole.yaml';

/** Fills in the defaults; a name that could not prefix a network interface is refused. */
export function createLabContext(options: LabOptions): LabContext {
  const name = options.name ?? 'lab';
  if (!/^[a-z][a-z0-9]{0,7}$/.test(name)) {
    throw new BringupError({
      code: 'LAB_NAME_INVALID',
      message: `"${name}" cannot name a lab.`,
      hint: 'Use one to eight lower-case letters and digits, beginning with a letter, for example lab2.',
      exit: EXIT.invalid,
    });
  }
  const stateDir = path.resolve(options.stateDir ?? path.join('/var/lib/bringup-lab', name));
  return {
    name,
    stateDir,
    cacheDir: path.resolve(options.cacheDir ?? '/var/cache/bringup'),
    laptopLink: `${name}-laptop`,
    siteFile: path.join(stateDir, 'site.yaml'),
    wholeSiteFile: path.join(stateDir, WHOLE_SITE),
    credentialsFile: path.join(stateDir, 'credentials.json'),
    stampFile: path.join(stateDir, 'lab.json'),
  };
}

/** The machines of a lab that have a network namespace, by their short names. */
export const NAMESPACES: readonly string[] = [
  'kvm-host',
  ...SERVERS.map((node) => node.name),
  'bmc',
  'ome',
  'gateway',
];

/** Full name of a machine's network namespace, as `ip netns list` shows it. */
export function namespaceOf(lab: LabContext, machine: string): string {
  return `${lab.name}-${machine}`;
}

/** A file of the project this module belongs to, from its source as well as from dist. */
export function projectFile(...parts: readonly string[]): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder) {
    folder = path.dirname(folder);
  }
  return path.join(folder, ...parts);
}
