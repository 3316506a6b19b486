/** A layer of a machine: one column of the matrix, by the probes that belong to it. */
export interface MatrixLayer {
  readonly id: string;
  readonly title: string;
  readonly probes: readonly string[];
}

/** The layers in the order of their columns; a probe of none of them is a layer of its own. */
export const LAYERS: readonly MatrixLayer[] = [
  { id: 'link', title: 'Link', probes: ['interface', 'vlan', 'duplicate'] },
  { id: 'gateway', title: 'Gateway', probes: ['gateway'] },
  { id: 'free-vip', title: 'Free address', probes: ['free-vip'] },
  { id: 'dns', title: 'DNS', probes: ['dns'] },
  { id: 'bmcs', title: 'BMCs', probes: ['bmcs'] },
  { id: 'ome', title: 'OME', probes: ['ome'] },
  {
    id: 'hardware',
    title: 'Hardware',
    probes: [
      ...['bmc', 'power', 'hardware', 'power_supplies', 'fans'],
      ...['temperatures', 'memory_modules', 'event_log'],
    ],
  },
  { id: 'firmware', title: 'Firmware', probes: ['firmware'] },
  { id: 'bios', title: 'BIOS', probes: ['bios'] },
  { id: 'system', title: 'System', probes: ['login', 'units', 'memory', 'kernel', 'restart'] },
  { id: 'services', title: 'Services', probes: ['services', 'virtual_machine'] },
  { id: 'nodes', title: 'Node', probes: ['nodes'] },
  { id: 'certificates', title: 'Certificates', probes: ['certificates', 'bmc_certificate'] },
  { id: 'disk', title: 'Disk', probes: ['disks', 'space', 'inodes'] },
  { id: 'time', title: 'Time', probes: ['ntp', 'clock'] },
];

/** Probes between machines, in the order in which one explains the next. */
export const BETWEEN: readonly string[] = ['reach', 'latency', 'loss', 'mtu', 'ports', 'bandwidth'];

/** The probe that only says that a machine was not asked, and why. */
export const ASKED = 'asked';

/** Titles of the tasks of role health by probe: runs of older versions have the checks in them alone. */
export const HEALTH_TASKS: Readonly<Record<string, string>> = {
  'BMC answers': 'bmc',
  'Power state': 'power',
  'Hardware as a whole': 'hardware',
  'Power supplies': 'power_supplies',
  Fans: 'fans',
  Temperatures: 'temperatures',
  Disks: 'disks',
  'Memory modules': 'memory_modules',
  'Event log of the BMC': 'event_log',
  'Certificate of the BMC': 'bmc_certificate',
  'BIOS against the profile': 'bios',
  'Firmware against the baseline': 'firmware',
  Login: 'login',
  'Units of systemd': 'units',
  'Services that have to run': 'services',
  'Disk space': 'space',
  Inodes: 'inodes',
  'Clock against the time server': 'clock',
  'Memory and swap': 'memory',
  "Kernel's log": 'kernel',
  'Restart that is due': 'restart',
  Certificates: 'certificates',
  'Deployment VM in libvirt': 'virtual_machine',
  'Node of the cluster': 'nodes',
};
