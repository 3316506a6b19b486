import { pc } from './colors.ts';
import type { BundleKind, BundleLook, BundleNeed, BundleSeen } from '../../src/contract/bundle.ts';
import { size } from './format.ts';

const KINDS: Readonly<Record<BundleKind, string>> = {
  'base-image': 'images for the KVM host',
  packages: 'package archives',
  playbooks: 'playbooks',
  firmware: 'firmware',
  rke2: 'RKE2',
  image: 'images to install from',
  file: 'other files',
};

const SIGNATURE: Readonly<Record<BundleSeen['signature']['status'], string>> = {
  none: 'Not signed; a run compares its SHA-256.',
  bad: 'Its signature is wrong.',
  other: 'Signed with another key than the site file names.',
  uncompared: 'Signed; the site file names no key to compare with.',
  good: 'Signed with the key of the site file.',
};

const MADE: Readonly<Record<BundleSeen['made'], string>> = {
  same: 'Made with the playbooks of this Bringup.',
  other: 'Made by another version of Bringup, whose playbooks are not used.',
  unknown: 'It has no playbooks; those of this Bringup are used anyway.',
};

/** Whether nothing is wrong with the bundle and nothing is missing. */
export function isWhole({ bundle, unreadable, needs }: BundleLook): boolean {
  const right = unreadable === undefined && (bundle?.problems ?? []).length === 0;
  return right && needs.every(({ state }) => state !== 'missing');
}

/** What a bundle is and holds, and what the stages of its site want, as lines. */
export function lookText({ bundle, unreadable, needs }: BundleLook): string[] {
  const head =
    bundle !== undefined
      ? seenText(bundle)
      : unreadable !== undefined
        ? problemText(unreadable)
        : ['The site file names no bundle.'];
  const wants = needs.length === 0 ? 'Its stages want nothing that only files bring.' : 'Its stages want:';
  return [...head, '', wants, ...needs.map(needText)];
}

function seenText({ file, bytes, signature, made, holds, problems }: BundleSeen): string[] {
  const good = problems.length === 0;
  return [
    `${good ? pc.green('✔') : pc.red('✖')} ${file}: ${size(bytes)}. What is in it was not hashed; "bundle verify" does that.`,
    `  ${SIGNATURE[signature.status]} ${MADE[made]}`,
    ...holds.map(
      ({ kind, files, bytes: taken, names, left_out: more }) =>
        `  ${KINDS[kind]}: ${files === 1 ? '1 file' : `${files} files`}, ${size(taken)} ${pc.dim(`(${names.join(', ')}${more === 0 ? '' : ` and ${more} more`})`)}`,
    ),
    ...problems.flatMap(problemText),
  ];
}

function problemText({ code, message, hint }: BundleSeen['problems'][number]): string[] {
  return [`${pc.red('error')}  ${message} ${pc.dim(code)}`, `  ${pc.cyan('now')}  ${hint}`];
}

function needText({ path, name, stage, state, lacking }: BundleNeed): string {
  const mark = state === 'missing' ? pc.red('✖') : pc.green('✔');
  const where = {
    beside: 'beside the site file',
    bundle: 'in the bundle',
    missing:
      lacking === undefined
        ? 'missing; it belongs into the bundle'
        : `in the bundle, without ${lacking.join(', ')}`,
  }[state];
  return `${mark} ${name}  ${where} ${pc.dim(`(${path.replace(/^\$\./, '')}, stage ${stage})`)}`;
}
