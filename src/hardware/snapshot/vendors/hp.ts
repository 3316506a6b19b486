import type { Vendor } from './types.ts';

/** HP iLO 4, whose trees keep the older `Oem.Hp`. */
export const HP: Vendor = {
  name: 'HPE',
  match: /^hp$/i,
  products: [[/^iLO \d+/i, '$&']],
  licenses: {
    place: {
      from: 'manager',
      path: ['Oem', 'Hp', 'Links', 'LicenseService'],
      otherwise: '{manager}/LicenseService',
    },
    form: 'collection',
    names: [['License']],
    states: [['LicenseType']],
  },
  adapters: {
    place: {
      from: 'system',
      path: ['Oem', 'Hp', 'Links', 'NetworkAdapters'],
      otherwise: '{system}/NetworkAdapters',
    },
    ports: 'PhysicalPorts',
  },
  arrays: {
    from: 'system',
    path: ['Oem', 'Hp', 'Links', 'SmartStorage'],
    below: '/ArrayControllers',
  },
};
