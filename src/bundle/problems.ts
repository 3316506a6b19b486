import type { BundleProblem } from '../contract/bundle.ts';
import { CONTENTS, SIGNATURE } from './paths.ts';

const AGAIN =
  'Copy the bundle again from where it was made and prove it once more; if it is wrong there too, make it anew.';
const DISTRUST =
  'Do not use it: somebody changed it after it was made. Ask the back office for it once more, and compare the SHA-256.';

/** A name from a file that nobody has checked, as it may stand on a terminal. */
function shown(name: string): string {
  return name.slice(0, 200).replace(/[^\x20-\x7e]/g, '?');
}

/** What can be wrong with a bundle, each with its code, its place and what to do. */
export const problem = {
  noBundle: (place: string): BundleProblem => ({
    ...{ code: 'BUNDLE_FORMAT', place, message: `This is no bundle: it does not begin with ${CONTENTS}.` },
    hint: 'Check the path; make a bundle with: bringup bundle create SITE -o FILE',
  }),
  list: (why: string): BundleProblem => ({
    code: 'BUNDLE_CONTENTS',
    place: CONTENTS,
    message: `The list of the bundle cannot be used: ${why}.`,
    hint: AGAIN,
  }),
  cut: (place: string, bytes: number): BundleProblem => ({
    code: 'BUNDLE_CUT',
    place: shown(place),
    message: `The bundle ends in the middle, after ${bytes} bytes: part of it is missing.`,
    hint: 'Copy it again to the end, and compare the sizes. A FAT disk holds no file above 4 GiB: use exFAT, NTFS or ext4.',
  }),
  damaged: (place: string): BundleProblem => ({
    ...{ code: 'BUNDLE_DAMAGED', place, message: `At ${place} the bundle is damaged: no file begins there.` },
    hint: AGAIN,
  }),
  hidden: (path: string, at: number): BundleProblem => ({
    code: 'BUNDLE_DAMAGED_FILL',
    place: shown(path),
    message: `Behind ${shown(path)}, at byte ${at}, there is something where nothing belongs.`,
    hint: AGAIN,
  }),
  trailing: (at: number): BundleProblem => ({
    ...{ code: 'BUNDLE_TRAILING', place: `byte ${at}`, message: 'Behind its end the bundle goes on.' },
    hint: DISTRUST,
  }),
  changed: (path: string): BundleProblem => ({
    code: 'BUNDLE_FILE_CHANGED',
    place: shown(path),
    message: `${shown(path)} is not the file that the list names: its SHA-256 or its size is another one.`,
    hint: AGAIN,
  }),
  missing: (path: string): BundleProblem => ({
    ...{
      code: 'BUNDLE_FILE_MISSING',
      place: shown(path),
      message: `${shown(path)} is in the list and not in the bundle.`,
    },
    hint: AGAIN,
  }),
  extra: (path: string): BundleProblem => ({
    ...{
      code: 'BUNDLE_FILE_EXTRA',
      place: shown(path),
      message: `${shown(path)} is in the bundle and not in the list.`,
    },
    hint: DISTRUST,
  }),
  twice: (path: string): BundleProblem => ({
    ...{
      code: 'BUNDLE_FILE_TWICE',
      place: shown(path),
      message: `${shown(path)} is in the bundle more than once.`,
    },
    hint: DISTRUST,
  }),
  many: (): BundleProblem => ({
    code: 'BUNDLE_MANY',
    place: CONTENTS,
    message: 'The bundle has so many files that are not in its list that the rest was not read.',
    hint: DISTRUST,
  }),
  renamed: (path: string, wanted: string): BundleProblem => ({
    code: 'BUNDLE_FILE_RENAMED',
    place: shown(path),
    message: `${shown(path)} is named ${wanted} in the list: it was renamed.`,
    hint: DISTRUST,
  }),
  escape: (path: string): BundleProblem => ({
    code: 'BUNDLE_PATH_ESCAPE',
    place: shown(path),
    message: `The name ${shown(path)} leads out of the folder into which a bundle is unpacked.`,
    hint: DISTRUST,
  }),
  link: (path: string, target: string): BundleProblem => ({
    code: 'BUNDLE_LINK',
    place: shown(path),
    message: `${shown(path)} is a link to ${target === '' ? 'another file' : shown(target)}; a bundle has files alone.`,
    hint: DISTRUST,
  }),
  entry: (path: string, type: string): BundleProblem => ({
    code: 'BUNDLE_ENTRY',
    place: shown(path),
    message:
      type === 'File'
        ? `${shown(path)} has an owner, a time or rights, which no file of a bundle has.`
        : `${shown(path)} is no plain file but of the type ${type}; a bundle has files alone.`,
    hint: DISTRUST,
  }),
  unsigned: (): BundleProblem => ({
    code: 'BUNDLE_UNSIGNED',
    place: SIGNATURE,
    message: 'The bundle is not signed: its list says what belongs into it, and nobody vouches for the list.',
    hint: 'Ask for a signed one; or, where you made it yourself or know its SHA-256, say --unsigned.',
  }),
  badSignature: (): BundleProblem => ({
    code: 'BUNDLE_SIGNATURE',
    place: SIGNATURE,
    message: 'The signature is not one of this list: list or signature were changed.',
    hint: DISTRUST,
  }),
  otherKey: (found: string, wanted: string): BundleProblem => ({
    code: 'BUNDLE_KEY',
    place: SIGNATURE,
    message: `The bundle is signed with the key ${found}, not with ${wanted}.`,
    hint: 'Ask the back office, by telephone, which key is right; bringup bundle key NAME shows it there.',
  }),
  /** The whole file is another one than the site file names. */
  otherBundle: (file: string): BundleProblem => ({
    code: 'BUNDLE_CHECKSUM',
    place: file,
    message: 'The bundle is not the one that the site file names: its SHA-256 differs.',
    hint: 'Copy the right bundle there, or correct bundle.sha256 when another one is meant.',
  }),
};
