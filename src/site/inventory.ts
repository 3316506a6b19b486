import { hardwareVars, type HostFacts } from './host-facts.ts';
import { Anchored, writeField } from './inventory-yaml.ts';
import type { NormalisedHost, NormalisedSite } from './normalise.ts';

type Vars = Readonly<Record<string, unknown>>;
type Groups = Map<string, Map<string, Vars>>;

/** The inventory name of the KVM host. */
export const KVM_HOST = 'kvm-host';

/**
 * The site as an Ansible YAML inventory: groups by role, profile, network and managed service. `facts` is what is known
 * of each host, by its name. It never holds a secret: credentials are named only.
 */
export function renderInventory(site: NormalisedSite, facts?: ReadonlyMap<string, HostFacts>): string {
  const text = ['all:\n  vars:\n'];
  for (const [name, value] of Object.entries(siteVars(site))) text.push(writeField('    ', name, value));
  text.push('  children:\n');
  for (const [group, hosts] of groupsOf(site, facts ?? new Map())) {
    text.push(`    ${group}:\n`, writeField('      ', 'hosts', hosts));
    // A variable of all hosts would be repeated for each of them, which grows with the square of their number.
    if (group === 'deployment_vm')
      text.push('      vars:\n', writeField('        ', 'bringup_hosts', entries(site)));
  }
  return text.join('');
}

function siteVars(site: NormalisedSite): Vars {
  return {
    bringup_site: site.site,
    bringup_stack: site.stack,
    bringup_networks: site.networks,
    bringup_services: site.services,
    bringup_kvm_host: site.kvm_host,
    bringup_deployment_vm: site.deployment_vm,
    bringup_discovery: site.discovery,
    bringup_parameters: site.parameters,
  };
}

/** The hosts as they are in the site file, each with an anchor for its own variables to point to. */
function entries(site: NormalisedSite): Anchored[] {
  return site.hosts.map((host) => new Anchored(host.name, host));
}

function groupsOf(site: NormalisedSite, facts: ReadonlyMap<string, HostFacts>): Groups {
  const groups: Groups = new Map();
  const add = (group: string, host: string, vars: Vars = {}) => {
    const name = group.replaceAll('-', '_');
    const hosts = groups.get(name) ?? new Map<string, Vars>();
    groups.set(name, hosts.set(host, vars));
  };
  const vm = site.deployment_vm;
  add('kvm_host', KVM_HOST, { ansible_host: site.kvm_host.address });
  add('deployment_vm', vm.name, { ansible_host: vm.address });
  groups.set('targets', new Map());
  for (const host of site.hosts) add('targets', host.name, targetVars(site, host, facts.get(host.name)));
  for (const host of site.hosts) for (const role of host.roles) add(`role_${role}`, host.name);
  for (const host of site.hosts) {
    const profile = profileOf(host, facts.get(host.name));
    if (profile !== undefined) add(`profile_${profile}`, host.name);
  }
  add(`network_${site.kvm_host.network}`, KVM_HOST);
  add(`network_${vm.network}`, vm.name);
  for (const host of site.hosts) {
    for (const { network } of host.interfaces)
      if (network !== undefined) add(`network_${network}`, host.name);
  }
  for (const [service, { mode }] of Object.entries(site.services)) {
    if (mode === 'managed') add(`service_${service}`, vm.name);
  }
  return groups;
}

/** The profile that the site file names, otherwise the one that was matched. */
function profileOf(host: NormalisedHost, facts: HostFacts | undefined): string | undefined {
  return host.profile === 'auto' ? facts?.profile : host.profile;
}

function targetVars(site: NormalisedSite, host: NormalisedHost, facts: HostFacts | undefined): Vars {
  return {
    ...facts?.vars,
    ansible_host: loginAddress(site, host),
    ansible_user: host.ssh?.user,
    ansible_port: host.ssh?.port,
    bringup_host: new Anchored(host.name),
    bringup_profile: profileOf(host, facts),
    bringup_hardware: facts?.snapshot === undefined ? undefined : hardwareVars(facts.snapshot),
  };
}

/** The address by which the deployment VM reaches the host: on its own network if there is one, else the first. */
function loginAddress(site: NormalisedSite, host: NormalisedHost): string | undefined {
  const reachable = host.interfaces.filter((entry) => entry.address !== undefined);
  const near = reachable.find((entry) => entry.network === site.deployment_vm.network);
  return (near ?? reachable[0])?.address;
}
