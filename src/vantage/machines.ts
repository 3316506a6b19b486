import ipaddr from 'ipaddr.js';
import type { NormalisedHost, NormalisedNetwork, NormalisedSite } from '../site/index.ts';

/** A machine of the site file and one address of it. `id` is the id of its vantage point, of a BMC `bmc of NAME`. */
export interface Machine {
  readonly id: string;
  readonly label: string;
  readonly address: string;
  readonly sshPort: number;
  readonly host?: NormalisedHost;
  /** MAC address of the interface that carries the address. */
  readonly mac?: string;
  readonly isBmc?: boolean;
}

/** Every machine of the site file, one entry an address: KVM host, deployment VM, hosts, their BMCs. */
export function machinesOf(site: NormalisedSite): readonly Machine[] {
  const vm = site.deployment_vm;
  return [
    { id: 'kvm-host', label: 'KVM host', address: site.kvm_host.address, sshPort: site.kvm_host.port },
    { id: 'deployment-vm', label: 'deployment VM', address: vm.address, sshPort: 22 },
    ...site.hosts.flatMap((host) => [...interfacesOf(site, host), ...bmcOf(host)]),
  ];
}

/** The addresses of a host, the one by which the deployment VM logs in first. */
function interfacesOf(site: NormalisedSite, host: NormalisedHost): Machine[] {
  const near = site.deployment_vm.network;
  return host.interfaces
    .flatMap(({ address, mac, network }) => (address === undefined ? [] : [{ address, mac, network }]))
    .sort((left, right) => Number(right.network === near) - Number(left.network === near))
    .map(({ address, mac }) => ({
      id: host.name,
      label: host.name,
      address,
      sshPort: host.ssh?.port ?? 22,
      host,
      ...(mac === undefined ? {} : { mac }),
    }));
}

function bmcOf(host: NormalisedHost): Machine[] {
  if (host.bmc === undefined) return [];
  const { address } = host.bmc;
  return [{ id: bmcId(host.name), label: `BMC of ${host.name}`, address, sshPort: 22, host, isBmc: true }];
}

/** The id of the vantage point that a host's BMC is. */
export function bmcId(host: string): string {
  return `bmc of ${host}`;
}

/** The site's network that an address is in. */
export function networkAt(site: NormalisedSite, address: string): NormalisedNetwork | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(address)) return undefined;
  const parsed = ipaddr.IPv4.parse(address);
  return site.networks.find(({ cidr }) => parsed.match(ipaddr.IPv4.parseCIDR(cidr)));
}
