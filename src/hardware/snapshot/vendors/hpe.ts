import type { Vendor } from './types.ts';

/** HPE iLO 5, 6 and 7. */
export const HPE: Vendor = {
  name: 'HPE',
  match: /^(hpe|hp|hewlett.*)$/i,
  products: [[/^iLO \d+/i, '$&']],
  licenses: {
    place: {
      from: 'manager',
      path: ['Oem', 'Hpe', 'Links', 'LicenseService'],
      otherwise: '{manager}/LicenseService',
    },
    form: 'collection',
    names: [['License']],
    states: [['ConfirmationRequest', 'EON', 'State'], ['LicenseType']],
  },
  adapters: {
    place: { from: 'system', path: ['Oem', 'Hpe', 'Links', 'NetworkAdapters'] },
    ports: 'PhysicalPorts',
  },
  arrays: {
    from: 'system',
    path: ['Oem', 'Hpe', 'Links', 'SmartStorage'],
    below: '/ArrayControllers',
  },
  subsystems: { path: ['Oem', 'Hpe', 'AggregateHealthStatus'], name: /^(?!Aggregate)(.+)$/ },
};
