import type { Vendor } from './types.ts';

/** Dell iDRAC 8, 9 and 10. */
export const DELL: Vendor = {
  name: 'Dell',
  match: /^dell/i,
  products: [
    [/^1[23]G/i, 'iDRAC 8'],
    [/^1[456]G/i, 'iDRAC 9'],
    [/^1[789]G/i, 'iDRAC 10'],
  ],
  licenses: {
    place: {
      from: 'manager',
      path: ['Links', 'Oem', 'Dell', 'DellLicenseCollection'],
      otherwise: '{manager}/Oem/Dell/DellLicenses',
    },
    form: 'collection',
    names: [['LicenseDescription', '0'], ['Name']],
    states: [['LicensePrimaryStatus']],
  },
  jobs: { from: 'manager', path: ['Links', 'Oem', 'Dell', 'Jobs'], otherwise: '{manager}/Jobs' },
  neighbours: {
    place: { from: 'manager', path: ['Links', 'Oem', 'Dell', 'DellSwitchConnectionCollection'] },
    port: 'FQDD',
    chassis: 'SwitchConnectionID',
    switchPort: 'SwitchPortConnectionID',
    stale: ['StaleData', /^stale$/i],
  },
  subsystems: { path: ['Oem', 'Dell', 'DellSystem'], name: /^(?!Current)(.+)RollupStatus$/ },
  // WebServer.1.MaxNumberOfSessions of the iDRAC attribute registry; fixed.
  sessionLimit: 8,
  // `Current` repeats what `Installed` says, `Previous` is the rollback copy, `Available` is only in the repository.
  notInstalled: /^(Current|Previous|Available)-/i,
};
