import type { BmcIdentity } from './bmc/index.ts';

/** A simulated or contained server of the lab. */
export interface LabNode {
  readonly name: string;
  readonly role: string;
  readonly serial: string;
  readonly address: string;
  readonly mac: string;
  /** MAC of the second interface, cabled and up but without an address: the one that asks for a DHCP lease. */
  readonly spareMac: string;
  readonly bmcAddress: string;
}

/** Addresses of every lab, out of RFC 2544's benchmark range so that a lab never shadows a customer's network. */
export const LAB = {
  site: 'lab',
  domain: 'lab.bringup.example',
  /** Covers both networks; the check before labUp looks for strangers in it. */
  range: '198.18.20.0/23',
  mgmt: {
    cidr: '198.18.20.0/24',
    gateway: '198.18.20.1',
    bridge: 'br-mgmt',
    dhcp: ['198.18.20.100', '198.18.20.199'],
  },
  oob: { cidr: '198.18.21.0/24', gateway: '198.18.21.1', bridge: 'br-oob' },
  prefix: 24,
  laptop: '198.18.20.2',
  kvmHost: {
    name: 'kvm-host',
    address: '198.18.20.5',
    oobAddress: '198.18.21.5',
    user: 'installer',
    diskGib: 40,
  },
  deploymentVm: { name: 'deploy', address: '198.18.20.10', cpus: 2, memoryMib: 2048, diskGib: 20 },
  /** The simulated OpenManage Enterprise, in the network of the BMCs. */
  ome: { address: '198.18.21.20', user: 'admin' },
  nodeUser: 'admin',
  nodeDiskGib: 2,
} as const;

/** The two target servers that run from the start; each has a BMC of its own. */
export const NODES: readonly LabNode[] = [
  {
    name: 'node-1',
    role: 'rke2-server',
    serial: 'LAB0001',
    address: '198.18.20.11',
    mac: '02:00:5e:00:01:11',
    spareMac: '02:00:5e:00:02:11',
    bmcAddress: '198.18.21.11',
  },
  {
    name: 'node-2',
    role: 'rke2-agent',
    serial: 'LAB0002',
    address: '198.18.20.12',
    mac: '02:00:5e:00:01:12',
    spareMac: '02:00:5e:00:02:12',
    bmcAddress: '198.18.21.12',
  },
];

/** The third server: cabled, its BMC answers, and there is no operating system on it until one is installed. */
export const BARE_NODE: LabNode = {
  name: 'node-3',
  role: 'rke2-agent',
  serial: 'LAB0003',
  address: '198.18.20.13',
  mac: '02:00:5e:00:01:13',
  spareMac: '02:00:5e:00:02:13',
  bmcAddress: '198.18.21.13',
};

/** Every server of the lab: each has a BMC and two cables. */
export const SERVERS: readonly LabNode[] = [...NODES, BARE_NODE];

/** What the node's interfaces are plugged into, as its BMC hears by LLDP and as the site file plans it. */
export function switchPortsOf(node: LabNode): readonly [string, string] {
  return [`lab:${node.name}-nic1`, `lab:${node.name}-nic2`];
}

/** What the node's BMC says of itself. */
export function bmcIdentityOf(node: LabNode): BmcIdentity {
  return {
    name: node.name,
    serial: node.serial,
    hostName: node.name,
    macs: [node.mac, node.spareMac],
    switchPorts: switchPortsOf(node),
    bmcAddress: node.bmcAddress,
  };
}
