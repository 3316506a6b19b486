import { networkOf, prefixLength, type NormalisedHost, type NormalisedSite } from '../site/index.ts';
import { plainName } from './rehearsal-site.ts';

/** Words by the placeholder that stands for them, `{{target.address}}` for example. */
export type Words = ReadonlyMap<string, string>;

/** What recordings and faults call by placeholders, in the words of a site. */
export function wordsOf(site: NormalisedSite): Words {
  const { kvm_host: kvm, deployment_vm: vm } = site;
  const network = networkOf(site, vm.network);
  return new Map([
    ['site', plainName(site.site.name)],
    ['servers', site.hosts.map(({ name }) => name).join(', ')],
    ['domain', site.site.domain],
    ['kvm_host', 'kvm-host'],
    ['kvm_host.address', kvm.address],
    ['kvm_host.port', String(kvm.port)],
    ['kvm_host.user', kvm.user],
    ['deployment_vm', vm.name],
    ['deployment_vm.address', vm.address],
    ['bridge', kvm.bridge],
    ['storage', kvm.storage],
    ['network', network.name],
    ['network.cidr', network.cidr],
    ['network.prefix', String(prefixLength(network.cidr))],
    ['network.mtu', String(network.mtu)],
    ['gateway', network.gateway ?? network.cidr.replace(/\.\d+\/\d+$/, '.1')],
    ['dns.server', site.services.dns.servers?.[0] ?? vm.address],
    ['ntp.server', site.services.ntp.servers?.[0] ?? vm.address],
    ['ome.address', omeAddress(site) ?? vm.address],
    ...osWords(site),
    ...about('bare', bareHosts(site)[0] ?? site.hosts[0], site),
    ['project', '/var/lib/bringup/project/rehearsal'],
  ]);
}

function omeAddress({ parameters }: NormalisedSite): string | undefined {
  const { address } = (parameters['ome'] ?? {}) as { readonly address?: unknown };
  return typeof address === 'string' ? address : undefined;
}

/** Hosts without an operating system: those on which the site file wants one installed, in the order of the site file. */
export function bareHosts({ hosts, parameters }: NormalisedSite): readonly NormalisedHost[] {
  const { hosts: named } = (parameters['os'] ?? {}) as { readonly hosts?: unknown };
  return Array.isArray(named) ? hosts.filter(({ name }) => named.includes(name)) : [];
}

/** The installer image: its address as a BMC reads it, and its hash. */
function osWords({ parameters, deployment_vm: vm }: NormalisedSite): [string, string][] {
  const { image, sha256 } = (parameters['os'] ?? {}) as {
    readonly image?: unknown;
    readonly sha256?: unknown;
  };
  const named = typeof image === 'string' ? image : '';
  return [
    ['os.image', /^https?:/.test(named) ? named : `http://${vm.address}/${named}`],
    ['os.sha256', typeof sha256 === 'string' ? sha256.toLowerCase() : ''],
  ];
}

/**
 * The same, and those of one target server; `next` is the one after it among those that are tried, all of the site where it is
 * not said, or the deployment VM where it is alone.
 */
export function wordsOfTarget(site: NormalisedSite, name: string, tried?: readonly string[]): Words {
  const index = Math.max(
    0,
    site.hosts.findIndex((host) => host.name === name),
  );
  const target = site.hosts[index];
  const next = [...site.hosts.slice(index + 1), ...site.hosts.slice(0, index)].find(
    (host) => tried?.includes(host.name) ?? true,
  );
  const [from = ''] = networkOf(site, site.deployment_vm.network).dhcp_range ?? [];
  return new Map([
    ...wordsOf(site),
    ...about('target', target, site),
    ['target.rke2', target?.roles.includes('rke2-agent') === true ? 'rke2-agent' : 'rke2-server'],
    ...(next === undefined ? nextToAlone(site) : about('next', next, site)),
    ['lease', from.replace(/\d+$/, (last) => String(Number(last) + index))],
  ]);
}

/** Those of another server of the site, of which a machine tells. */
export function wordsOfPeer(site: NormalisedSite, peer: NormalisedHost): Words {
  return new Map(about('peer', peer, site));
}

/** A value with every placeholder replaced; an unknown one stays, so that it is seen. */
export function fill<T>(value: T, words: Words): T {
  return filled(value, words) as T;
}

function filled(value: unknown, words: Words): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\{\{([\w.]+)\}\}/g, (hole, name: string) => words.get(name) ?? hole);
  if (Array.isArray(value)) return value.map((entry) => filled(entry, words));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, filled(entry, words)]));
}

function nextToAlone({ deployment_vm: vm }: NormalisedSite): [string, string][] {
  return [
    ['next', vm.name],
    ['next.address', vm.address],
    ['next.mac', ''],
    ['next.bmc', ''],
  ];
}

function about(
  role: 'target' | 'next' | 'bare' | 'peer',
  host: NormalisedHost | undefined,
  site: NormalisedSite,
): [string, string][] {
  const face =
    host?.interfaces.find(({ network }) => network === site.deployment_vm.network) ?? host?.interfaces[0];
  return [
    [role, host?.name ?? ''],
    [`${role}.address`, face?.address ?? ''],
    [`${role}.mac`, face?.mac ?? ''],
    [`${role}.bmc`, host?.bmc?.address ?? ''],
  ];
}
