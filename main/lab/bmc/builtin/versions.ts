/** Versions told in more than one place of the built-in tree. */
export const BIOS_VERSION = '1.8.2';
export const IDRAC_VERSION = '6.00.30.00';
export const NIC_VERSION = '21.80.16.95';
export const RAID_VERSION = '52.16.1-4405';
export const BOSS_VERSION = '2.5.13.4009';
export const PSU_VERSION = '00.2A.2B';
