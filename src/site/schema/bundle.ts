import { Type, type Static } from 'typebox';
import { closed, freeText, textOf } from './parts.ts';

/** The file that brings what the site cannot fetch, and what proves that it is the right one: a key, a checksum or both. */
export const BundleSchema = closed(
  {
    path: freeText('Path of the bundle, from the folder of the site file.', {
      examples: ['bundles/plant-7.bundle'],
    }),
    key: Type.Optional(
      textOf('^SHA256:[A-Za-z0-9+/]{43}$', 'a fingerprint as bringup bundle key prints it: SHA256:...', {
        description: 'Fingerprint of the key that the bundle is signed with.',
      }),
    ),
    sha256: Type.Optional(
      textOf(
        '^[0-9a-f]{64}$',
        'a SHA-256 checksum: 64 lower-case hexadecimal digits, as sha256sum prints it',
        { description: 'SHA-256 checksum of the bundle; lets a bundle without a signature pass.' },
      ),
    ),
  },
  { description: 'The bundle: everything the site needs offline, in one file.' },
);

export type BundleEntry = Static<typeof BundleSchema>;
