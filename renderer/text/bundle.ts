import type { BundleKind, BundleNeed, BundleSeen } from '../../src/contract/bundle.ts';
import { count } from '../format.ts';

/** Sentences about the bundle of a site, in the step "KVM host and VM". */
export const bundleText = {
  title: 'Bundle',
  meta: 'Everything the site needs offline, in one file that the back office makes. Its list is read at once; a run proves every byte of it.',
  file: 'Bundle',
  fileHint: 'From the folder of the site file, such as plant-7.bundle.',
  choose: 'Choose the bundle',
  key: 'Key',
  keyHint: 'Fingerprint of the key it is signed with (SHA256:...), as the back office tells it by telephone.',
  sha256: 'SHA-256',
  sha256Hint: 'Only for a bundle without a signature.',
  reading: 'Reading the list of the bundle',
  none: 'no bundle is named',
  noneNeeded: 'The stages of this site want nothing that only files bring.',
  right: 'The list of the bundle is right',
  wrong: (problems: number): string => `${count(problems, 'problem')} with the bundle`,
  unproven: 'Nobody has said yet whose bundle this is',
  facts: { file: 'File', size: 'Size', signature: 'Signature', made: 'Made' },
  signature: (status: BundleSeen['signature']['status']): string =>
    ({
      none: 'none; its SHA-256 has to be in the site file',
      bad: 'wrong',
      other: 'of another key than the one in the site file',
      uncompared: 'there, but the site file names no key to compare it with',
      good: 'of the key in the site file',
    })[status],
  made: (made: BundleSeen['made']): string =>
    ({
      same: 'by this version of Bringup',
      other: 'by another version of Bringup; runs use the playbooks of this one',
      unknown: 'without the playbooks of Bringup; runs use those of this one',
    })[made],
  signedWith: 'It is signed with this key:',
  useKey: 'I compared it: use this key',
  holds: 'What it holds',
  kind: (kind: BundleKind): string =>
    ({
      'base-image': 'Images for the KVM host',
      packages: 'Package archives',
      playbooks: 'Playbooks',
      firmware: 'Firmware',
      rke2: 'RKE2',
      image: 'Images to install from',
      file: 'Other files',
    })[kind],
  holdColumns: { kind: 'Kind', files: 'Files', size: 'Size', names: 'Among them' },
  andMore: (n: number): string => (n === 0 ? '' : ` and ${n} more`),
  needs: 'What the stages want',
  needColumns: { name: 'File or folder', stage: 'Stage', state: 'Where it is' },
  allThere: 'nothing is missing',
  missing: (n: number): string => `${count(n, 'thing')} missing`,
  state: ({ state, lacking }: BundleNeed): string =>
    state === 'beside'
      ? 'beside the site file'
      : state === 'bundle'
        ? 'in the bundle'
        : lacking === undefined
          ? 'missing: it belongs into the bundle'
          : `in the bundle, without ${lacking.join(', ')}`,
};
