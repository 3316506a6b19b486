import { BringupError, EXIT } from '../contract/errors.ts';
import type { BundleEntry } from './schema/bundle.ts';
import type { DeploymentVmEntry, HostEntry, InterfaceEntry, KvmHostEntry } from './schema/machines.ts';
import type { DiscoveryEntry } from './schema/discovery.ts';
import type { NetworkEntry } from './schema/networks.ts';
import type { ServicesEntry } from './schema/services.ts';
import type { Site } from './schema/site.ts';
import { validateSite } from './validate.ts';

type Filled<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
type Service<K extends keyof ServicesEntry> = NonNullable<ServicesEntry[K]>;

export type NormalisedNetwork = Filled<NetworkEntry, 'mtu'>;
export type NormalisedKvmHost = Filled<KvmHostEntry, 'port' | 'virtualization' | 'storage'>;
export type NormalisedDeploymentVm = Filled<
  DeploymentVmEntry,
  'name' | 'user' | 'cpus' | 'memory_mib' | 'disk_gib'
>;

/** How the deployment VM logs in to a host. */
export type NormalisedSsh = Filled<NonNullable<HostEntry['ssh']>, 'port'>;

/** Where a host's BMC answers and with which credential. */
export type NormalisedBmc = Filled<NonNullable<HostEntry['bmc']>, 'port'>;

export type NormalisedDiscovery = Filled<DiscoveryEntry, 'via' | 'ranges'>;

/** One server with every default filled in; MAC addresses are in lower case. */
export interface NormalisedHost extends Filled<
  Omit<HostEntry, 'ssh' | 'bmc'>,
  'roles' | 'profile' | 'interfaces'
> {
  bmc?: NormalisedBmc;
  ssh?: NormalisedSsh;
}

export interface NormalisedServices {
  dns: Filled<Service<'dns'>, 'mode' | 'upstream'>;
  ntp: Filled<Service<'ntp'>, 'mode' | 'upstream'>;
  dhcp: Filled<Service<'dhcp'>, 'mode'>;
  repository: Filled<Service<'repository'>, 'mode' | 'protocols'>;
  logging: Filled<Service<'logging'>, 'mode'>;
}

/** A valid site file with every default filled in; what all other rooms work with. */
export interface NormalisedSite {
  apiVersion: Site['apiVersion'];
  site: Filled<Site['site'], 'timezone'>;
  stack: string;
  networks: NormalisedNetwork[];
  services: NormalisedServices;
  kvm_host: NormalisedKvmHost;
  deployment_vm: NormalisedDeploymentVm;
  hosts: NormalisedHost[];
  discovery: NormalisedDiscovery;
  bundle?: BundleEntry;
  parameters: Record<string, unknown>;
}

/** A copy of the site with the schema's defaults filled in. Throws BringupError SITE_INVALID when it breaks the schema. */
export function normaliseSite(site: Site): NormalisedSite {
  const copy: unknown = JSON.parse(JSON.stringify(site));
  if (validateSite(copy).length > 0) {
    throw new BringupError({
      code: 'SITE_INVALID',
      message: 'The site does not follow the schema of the site file.',
      exit: EXIT.invalid,
    });
  }
  return adoptSite(copy);
}

/** Takes over data in which validation has already filled the defaults, without copying it. */
export function adoptSite(data: unknown): NormalisedSite {
  const site = data as NormalisedSite;
  for (const host of site.hosts) host.interfaces.forEach(lowerMac);
  return site;
}

function lowerMac(entry: InterfaceEntry): void {
  if (entry.mac !== undefined) entry.mac = entry.mac.toLowerCase();
}
