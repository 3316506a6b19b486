import type { FolderListing, KnownSite } from '../../src/contract/api.ts';

/** A home folder with a site in it. */
export const homeListing: FolderListing = {
  folder: '/home/me',
  places: [
    { name: 'Home', folder: '/home/me' },
    { name: 'usb', folder: '/media/me/usb' },
  ],
  entries: [
    { name: 'depot-11', path: '/home/me/depot-11', kind: 'folder' },
    { name: 'plant-7', path: '/home/me/plant-7', kind: 'folder' },
    { name: 'lab.yaml', path: '/home/me/lab.yaml', kind: 'file', modified: '2026-11-20T22:40:00Z' },
  ],
  left_out: 0,
};

/** Site files without a run: one with errors, one that is ready, one that is gone. */
export const knownSites: readonly KnownSite[] = [
  {
    file: '/srv/plant-9/site.yaml',
    at: '2026-11-21T01:50:00Z',
    site: 'plant-9',
    customer: 'ACME',
    location: 'Hall 1',
    stack: 'demo',
    errors: 3,
    first_error: 'Line 41: Gateway 10.20.9.1 is outside network mgmt, 10.20.0.0/24.',
  },
  { file: '/srv/quay-4/site.yaml', at: '2026-11-20T15:00:00Z', site: 'quay-4', stack: 'demo', errors: 0 },
  { file: '/media/me/usb/mill-4/site.yaml', at: '2026-11-18T15:00:00Z', gone: true, errors: 0 },
];
