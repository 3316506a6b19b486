import type { NormalisedHost, NormalisedSite } from '../site/index.ts';
import { machinesOf, networkAt } from './machines.ts';

/** Echoes to a machine that the laptop needs, and to any other: there only the figure is of interest. */
const ECHOES = { needed: 20, other: 5 };
/** What a laptop's own link takes, where the site's network would take more. */
const LAPTOP_MTU = 1500;
/** Servers whose names a managed name server is asked for: one that knows these was given the site's names. */
const MOST_NAMES = 3;

/** One way that the laptop tries. */
export interface LaptopTarget {
  readonly kind: 'machine' | 'bmc' | 'ome';
  /** The machine as the matrix names it; of a BMC its server. */
  readonly name: string;
  readonly address: string;
  /** The network of the site file that the address is in. */
  readonly network?: string;
  /** TCP port that Bringup speaks to; left out where the site file tells of none. */
  readonly port?: number;
  /** Whether a run needs this way from the laptop; of others nothing is a fault. */
  readonly needed: boolean;
  /** How the run that tests is connected to it. */
  readonly inUse?: string;
  readonly mtu: number;
  readonly echoes: number;
}

/** A name server with what it is asked; `address` is what it has to answer, left out where any answer will do. */
export interface LaptopNameServer {
  readonly server: string;
  readonly questions: readonly { readonly name: string; readonly address?: string }[];
}

/** What the laptop tries, what it needs first. */
export interface LaptopPlan {
  readonly targets: readonly LaptopTarget[];
  readonly nameServers: readonly LaptopNameServer[];
  readonly timeServers: readonly string[];
}

/**
 * What a laptop can try without root: KVM host, deployment VM, each server, each BMC, an OpenManage Enterprise that is
 * taken over, name and time servers. A run needs the KVM host, through which it logs in to the deployment VM, and BMCs
 * where `discovery.via` says that they are read from the laptop.
 */
export function planLaptop(site: NormalisedSite): LaptopPlan {
  const targets = [
    kvmHost(site),
    deploymentVm(site),
    ...site.hosts.flatMap((host) => hostTargets(site, host)),
  ];
  return {
    targets: [...targets, ...omeOf(site)].sort((one, other) => Number(other.needed) - Number(one.needed)),
    ...servers(site),
  };
}

function kvmHost(site: NormalisedSite): LaptopTarget {
  const { address, port } = site.kvm_host;
  return target(site, { kind: 'machine', name: 'kvm-host', address, port, needed: true, inUse: 'logged in' });
}

function deploymentVm(site: NormalisedSite): LaptopTarget {
  const { name, address } = site.deployment_vm;
  const inUse = 'logged in, through the KVM host';
  return target(site, { kind: 'machine', name, address, port: 22, needed: false, inUse });
}

/** A server by the address at which the deployment VM logs in, and its BMC. */
function hostTargets(site: NormalisedSite, { name, bmc, ssh }: NormalisedHost): LaptopTarget[] {
  const own = machinesOf(site).find(({ id, isBmc }) => id === name && isBmc !== true);
  const port = ssh === undefined ? {} : { port: ssh.port };
  const needed = site.discovery.via === 'laptop';
  return [
    ...(own === undefined
      ? []
      : [target(site, { kind: 'machine', name, address: own.address, ...port, needed: false })]),
    ...(bmc === undefined
      ? []
      : [target(site, { kind: 'bmc', name, address: bmc.address, port: bmc.port, needed })]),
  ];
}

function omeOf(site: NormalisedSite): LaptopTarget[] {
  const ome = site.parameters['ome'] as { mode?: unknown; address?: unknown; port?: unknown } | undefined;
  if (ome?.mode !== 'existing' || typeof ome.address !== 'string') return [];
  const port = typeof ome.port === 'number' ? ome.port : 443;
  return [target(site, { kind: 'ome', name: 'ome', address: ome.address, port, needed: false })];
}

function target(site: NormalisedSite, given: Omit<LaptopTarget, 'network' | 'mtu' | 'echoes'>): LaptopTarget {
  const network = networkAt(site, given.address);
  return {
    ...given,
    ...(network === undefined ? {} : { network: network.name }),
    mtu: Math.min(network?.mtu ?? LAPTOP_MTU, LAPTOP_MTU),
    echoes: given.needed ? ECHOES.needed : ECHOES.other,
  };
}

function servers({
  services: { dns, ntp },
  ...site
}: NormalisedSite): Pick<LaptopPlan, 'nameServers' | 'timeServers'> {
  const { name, address } = site.deployment_vm;
  const fully = (host: string): string => `${host}.${site.site.domain}`;
  const own = { name: fully(name), address };
  const names = site.hosts.flatMap(({ name: host, interfaces }) => {
    const first = interfaces.find((entry) => entry.address !== undefined)?.address;
    return first === undefined ? [] : [{ name: fully(host), address: first }];
  });
  const known = [own, ...names.slice(0, MOST_NAMES)];
  return {
    nameServers:
      dns.mode === 'managed'
        ? [{ server: address, questions: known }]
        : (dns.servers ?? []).map((server) => ({ server, questions: [{ name: own.name }] })),
    timeServers: ntp.mode === 'managed' ? [address] : (ntp.servers ?? []),
  };
}
