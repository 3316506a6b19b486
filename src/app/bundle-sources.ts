import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type { BundleSource } from '../bundle/index.ts';
import { BUNDLE_KINDS, type BundleKind } from '../contract/bundle.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import { stageFiles } from '../stacks/index.ts';
import { besideSiteFile, loadSite } from './site.ts';
import type { Playbooks } from './stacks-places.ts';

/** Bytes of a list at the most. */
const MAX_LIST = 4 * 2 ** 20;

/** Kinds that a file gets from the first folder of its path in the bundle. */
const FOLDERS: Readonly<Record<string, BundleKind>> = {
  firmware: 'firmware',
  rke2: 'rke2',
  images: 'image',
};

/**
 * The files that a site file, a list or a folder brings into a bundle. Of a site file: base image, package archives and files of
 * its stages, with the checksums it names; of a folder all its files, by their paths from there. Throws BUNDLE_SOURCE_*, BUNDLE_LIST,
 * SITE_INVALID.
 */
export async function bundleSources(given: string, playbooks: Playbooks): Promise<BundleSource[]> {
  const from = path.resolve(given);
  const found = await stat(from).catch((cause: unknown) =>
    Promise.reject(refused('BUNDLE_SOURCE_UNREADABLE', `${given} cannot be read.`, 'Check the path.', cause)),
  );
  if (found.isDirectory()) return ofFolder(from, '');
  if (!/\.ya?ml$/.test(from) || found.size > MAX_LIST) throw notAList(given);
  const text = await readFile(from, 'utf8');
  return /^\s*['"]?files['"]?\s*:/m.test(text) && !/^\s*['"]?apiVersion['"]?\s*:/m.test(text)
    ? ofList(from, text)
    : ofSite(from, playbooks);
}

async function ofSite(file: string, playbooks: Playbooks): Promise<BundleSource[]> {
  const { site, stack } = await loadSite(file, playbooks);
  const wanted = [
    ['base-image', 'deployment_vm.base_image', site.deployment_vm.base_image],
    ['packages', 'deployment_vm.packages', site.deployment_vm.packages],
    ['packages', 'kvm_host.packages', site.kvm_host.packages],
    // As the base image they go to the KVM host, not into the repository.
    ...stageFiles(stack, site).map((named) => ['base-image', named.field, named] as const),
  ] as const;
  return wanted.flatMap(([kind, field, named]) =>
    named === undefined
      ? []
      : [
          {
            path: `${kind}/${path.basename(named.path)}`,
            kind,
            from: besideSiteFile(file, named.path),
            expect: { sha256: named.sha256, by: `${field} of ${path.basename(file)}` },
          },
        ],
  );
}

async function ofFolder(folder: string, below: string, kind?: BundleKind): Promise<BundleSource[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sources: BundleSource[] = [];
  for (const entry of entries) {
    const from = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) continue;
    if (!entry.isFile())
      throw refused(
        'BUNDLE_SOURCE_LINK',
        `${from} is a link or a device; a bundle has files alone.`,
        'Put the file itself there, or name it in a list.',
      );
    const name = path.posix.join(below, path.relative(folder, from).split(path.sep).join('/'));
    sources.push({ path: name, kind: kind ?? kindOf(name), from });
  }
  return sources;
}

/** Own folders of the bundle are for what a site file brings. */
function kindOf(name: string): BundleKind {
  const [first = ''] = name.split('/');
  if (first === 'base-image' || first === 'packages' || first === 'playbooks')
    throw refused(
      'BUNDLE_PATH',
      `${name} cannot be in a bundle under this name: the folder ${first} is for what site files bring.`,
      'Rename the folder, or give the file another path in a list.',
    );
  return FOLDERS[first] ?? 'file';
}

async function ofList(list: string, text: string): Promise<BundleSource[]> {
  const sources: BundleSource[] = [];
  for (const [index, entry] of readList(list, text).entries()) {
    const { path: name, from, kind } = entry;
    const bad = (why: string): BringupError =>
      refused('BUNDLE_LIST', `Entry ${index + 1} of ${list} ${why}.`, LIST_HINT);
    if (typeof name !== 'string' || typeof from !== 'string') throw bad('needs a path and a from');
    if (kind !== undefined && !REPOSITORY_KINDS.includes(kind as BundleKind))
      throw bad(`has a kind that is none of ${REPOSITORY_KINDS.join(', ')}`);
    const chosen = kind as BundleKind | undefined;
    const source = path.resolve(path.dirname(list), from);
    const found = await stat(source).catch(() => null);
    if (found?.isDirectory() === true) sources.push(...(await ofFolder(source, name, chosen)));
    else sources.push({ path: name, kind: chosen ?? kindOf(name), from: source });
  }
  return sources;
}

const REPOSITORY_KINDS: readonly BundleKind[] = BUNDLE_KINDS.filter(
  (kind) => kind !== 'base-image' && kind !== 'packages' && kind !== 'playbooks',
);
const LIST_HINT =
  'A list has the form: files: [{path: firmware/Catalog.xml, from: ../downloads/Catalog.xml}]; from may be a folder.';

function readList(list: string, text: string): Readonly<Record<string, unknown>>[] {
  try {
    const data = parse(text, { maxAliasCount: 50 }) as { readonly files?: unknown } | null;
    const entries: unknown = data?.files;
    if (Array.isArray(entries) && entries.every((one) => typeof one === 'object' && one !== null))
      return entries as Readonly<Record<string, unknown>>[];
  } catch (cause) {
    throw refused('BUNDLE_LIST', `The list ${list} is not valid YAML.`, LIST_HINT, cause);
  }
  throw refused('BUNDLE_LIST', `The list ${list} has no files, each with path and from.`, LIST_HINT);
}

function notAList(given: string): BringupError {
  return refused(
    'BUNDLE_SOURCE_KIND',
    `${given} is no site file, no list and no folder.`,
    'Put single files into a folder or into a list (a YAML file with files:), and name that.',
  );
}

function refused(code: string, message: string, hint: string, cause?: unknown): BringupError {
  const text = cause instanceof Error ? cause.message : undefined;
  return new BringupError({
    ...{ code, exit: EXIT.invalid, message, hint },
    ...(text === undefined ? {} : { evidence: [{ source: 'reason', text }], cause }),
  });
}
