import type { Vendor } from './types.ts';

/** Lenovo XClarity Controller. */
export const LENOVO: Vendor = {
  name: 'Lenovo',
  match: /^lenovo/i,
  products: [
    [/xclarity controller 3|xcc ?3/i, 'XCC 3'],
    [/xclarity controller 2|xcc ?2/i, 'XCC 2'],
    [/xclarity|xcc/i, 'XCC'],
  ],
  licenses: {
    place: { from: 'manager', path: ['Oem', 'Lenovo', 'FoD'], below: '/Keys' },
    form: 'collection',
    names: [['Description'], ['Name']],
    states: [['Status']],
  },
  // The backup bank and an update that waits for a restart are not what runs.
  notInstalled: /-(Backup|Pending)$/i,
};

/** Supermicro BMCs on AMI or OpenBMC. */
export const SUPERMICRO: Vendor = {
  name: 'Supermicro',
  match: /^(super ?micro|smc)/i,
  products: [[/.*/, 'Supermicro BMC']],
  licenses: {
    place: { from: 'manager', path: ['Oem', 'Supermicro', 'LicenseManager'], below: '/QueryLicense' },
    form: 'json-texts',
    names: [['ProductKey', 'Node', 'LicenseName'], ['LicenseName']],
    states: [],
  },
  notInstalled: /^(Backup|Golden|Staging)_/i,
};

/** Fujitsu iRMC S5 and S6. */
export const FUJITSU: Vendor = {
  name: 'Fujitsu',
  match: /^(fujitsu|fsas|ts_fujitsu)/i,
  products: [[/irmc ?(s\d)/i, 'iRMC $1']],
  notInstalled: /-(Backup|Inactive)$/i,
};

/** Cisco UCS with CIMC. */
export const CISCO: Vendor = {
  name: 'Cisco',
  match: /^cisco/i,
  products: [[/.*/, 'Cisco IMC']],
};

/** The standard and nothing else: OpenBMC and every maker without a table. */
export const GENERIC: Vendor = { name: 'generic', match: /^$/ };
