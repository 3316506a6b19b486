import { readBundle, type ReadBundle } from '../bundle/index.ts';
import type { BundleHolding, BundleLook, BundleSeen } from '../contract/bundle.ts';
import { toErrorData } from '../contract/errors.ts';
import { bundleNeeds } from './bundle-needs.ts';
import { besideSiteFile, openSiteFile } from './site.ts';
import type { Playbooks } from './stacks-places.ts';
import { loadStack, stackNames } from './stacks.ts';

/** Names of a kind that are told; of more only their number. */
const NAMED = 6;

interface LookPorts {
  readonly playbooks: Playbooks;
  /** SHA-256 of this Bringup's own playbooks, packed. */
  readonly ownPlaybooks: () => Promise<string>;
}

/**
 * What the bundle of a site file is and holds by its list, and what of the site it brings: read in a moment, as no file in it is
 * hashed. Works on a site file that has errors; everything that is wrong with the bundle is told, not thrown. Rejects with
 * SITE_FILE_UNREADABLE.
 */
export async function lookAtBundle(file: string, ports: LookPorts): Promise<BundleLook> {
  const { draft: site = {}, stack: name } = await openSiteFile(file);
  const known = name !== undefined && (await stackNames(ports.playbooks)).includes(name);
  const stack = known ? await loadStack(ports.playbooks, name) : undefined;
  const named = site.bundle?.path;
  const key = site.bundle?.key;
  if (named === undefined) return { needs: bundleNeeds({ site, stack, file, listed: undefined }) };
  const target = besideSiteFile(file, named);
  try {
    const given = key === undefined ? { unsigned: true } : { key };
    const read = await readBundle(target, { ...given, listOnly: true });
    const needs = bundleNeeds({ site, stack, file, listed: read.files });
    return { bundle: await describe(target, read, ports), needs };
  } catch (thrown) {
    const { code, message, hint = '' } = toErrorData(thrown);
    const needs = bundleNeeds({ site, stack, file, listed: undefined });
    if (code !== 'BUNDLE_UNREADABLE') throw thrown;
    return { unreadable: { code, message, hint, place: target }, needs };
  }
}

async function describe(file: string, read: ReadBundle, ports: LookPorts): Promise<BundleSeen> {
  const { bytes, signature, problems, files } = read;
  const playbooks = files.find(({ kind }) => kind === 'playbooks')?.sha256;
  const made =
    playbooks === undefined ? 'unknown' : playbooks === (await ports.ownPlaybooks()) ? 'same' : 'other';
  const kinds = [...new Set(files.map(({ kind }) => kind))].filter((kind) => kind !== 'playbooks');
  const holds = kinds.map((kind): BundleHolding => {
    const own = files.filter((one) => one.kind === kind);
    // Files that lie at the top of their folder say most, such as a catalogue; of what lies deeper the folder does.
    const names = [...new Set(own.map(({ path }) => shortened(path)))].sort(
      (one, two) => Number(one.endsWith('/')) - Number(two.endsWith('/')) || one.localeCompare(two),
    );
    return {
      ...{ kind, files: own.length, bytes: own.reduce((sum, { size }) => sum + size, 0) },
      names: names.slice(0, NAMED),
      left_out: Math.max(0, names.length - NAMED),
    };
  });
  return { file, bytes, signature, made, holds, problems };
}

function shortened(path: string): string {
  const parts = path.split('/');
  return parts.length <= 2 ? path : `${parts.slice(0, 2).join('/')}/`;
}
