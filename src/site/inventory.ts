import { Alias, Document, isMap, isNode, isSeq, visit } from 'yaml';
import type { NormalisedHost, NormalisedSite } from './normalise.ts';

type HostVars = Readonly<Record<string, unknown>>;

/** Depth from which an entry takes one line: a network or host under `vars`, a member of a group under `children`. */
const ONE_LINE = { vars: 4, children: 5 } as const;
const MERGE_TAG = 'tag:yaml.org,2002:merge';
/** The words of YAML 1.1 for a default value and for merging, which PyYAML refuses and the library would write plain. */
const SPECIAL_WORD = /^(=|<<)$/;
const TEMPLATE = /\{[{%#]/;

/** The inventory name of the KVM host. */
export const KVM_HOST = 'kvm-host';

/** The site as an Ansible YAML inventory: groups by role, profile, network and managed service. It never holds a secret. */
export function renderInventory(site: NormalisedSite): string {
  const inventory = { all: { vars: siteVars(site), children: groupsOf(site) } };
  // Ansible reads YAML 1.1, where more plain words (yes, 12:30) turn into something else and have to be quoted.
  const document = new Document(inventory, {
    version: '1.1',
    aliasDuplicateObjects: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== MERGE_TAG),
  });
  nameHostEntries(document, site.hosts);
  const children = document.getIn(['all', 'children']);
  visit(document, {
    Collection: (_, node, ancestors) => {
      const from = ancestors.some((one) => one === children) ? ONE_LINE.children : ONE_LINE.vars;
      if (ancestors.filter((one) => isNode(one)).length >= from) node.flow = true;
    },
    Scalar: (_, node) => {
      if (typeof node.value !== 'string') return;
      // A value that looks like a Jinja template reaches the playbook as text and is never evaluated.
      if (TEMPLATE.test(node.value)) node.tag = '!unsafe';
      if (SPECIAL_WORD.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, directives: false, flowCollectionPadding: false });
}

/** Gives each host's entry its anchor, so that the host's variables can point to it instead of repeating it. */
function nameHostEntries(document: Document, hosts: readonly NormalisedHost[]): void {
  const entries = document.getIn(['all', 'vars', 'bringup_hosts']);
  for (const [index, host] of hosts.entries()) {
    const entry = isSeq(entries) ? entries.items[index] : undefined;
    if (isMap(entry)) entry.anchor = host.name;
  }
}

function siteVars(site: NormalisedSite): HostVars {
  return {
    bringup_site: site.site,
    bringup_stack: site.stack,
    bringup_networks: site.networks,
    bringup_services: site.services,
    bringup_kvm_host: site.kvm_host,
    bringup_deployment_vm: site.deployment_vm,
    bringup_hosts: site.hosts,
    bringup_parameters: site.parameters,
  };
}

function groupsOf(site: NormalisedSite): Record<string, { hosts: Record<string, HostVars> }> {
  const groups: Record<string, { hosts: Record<string, HostVars> }> = {};
  const add = (group: string, host: string, vars: HostVars = {}) => {
    (groups[group.replaceAll('-', '_')] ??= { hosts: {} }).hosts[host] = vars;
  };
  const vm = site.deployment_vm;
  add('kvm_host', KVM_HOST, { ansible_host: site.kvm_host.address });
  add('deployment_vm', vm.name, { ansible_host: vm.address });
  groups['targets'] = { hosts: {} };
  for (const host of site.hosts) add('targets', host.name, targetVars(site, host));
  for (const host of site.hosts) for (const role of host.roles) add(`role_${role}`, host.name);
  for (const host of site.hosts) if (host.profile !== 'auto') add(`profile_${host.profile}`, host.name);
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

function targetVars(site: NormalisedSite, host: NormalisedHost): HostVars {
  const address = loginAddress(site, host);
  return {
    ...(address === undefined ? {} : { ansible_host: address }),
    ...(host.ssh === undefined ? {} : { ansible_user: host.ssh.user, ansible_port: host.ssh.port }),
    bringup_host: new Alias(host.name),
  };
}

/** The address by which the deployment VM reaches the host: on its own network if there is one, else the first. */
function loginAddress(site: NormalisedSite, host: NormalisedHost): string | undefined {
  const reachable = host.interfaces.filter((entry) => entry.address !== undefined);
  const near = reachable.find((entry) => entry.network === site.deployment_vm.network);
  return (near ?? reachable[0])?.address;
}
