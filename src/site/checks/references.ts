import type { DraftSite } from '../draft.ts';
import type { Path } from '../finding.ts';
import { suggest } from '../suggest.ts';
import { entriesOf, error, warning, type SiteCheck } from './check.ts';

/** Every network that is named is listed. */
export const networkKnown: SiteCheck = {
  id: 'network-known',
  *find(site) {
    const known = [...entriesOf(site.networks)].flatMap(([, { name }]) => (name === undefined ? [] : [name]));
    const names = new Set(known);
    for (const [name, path] of networkReferences(site)) {
      if (name === undefined || names.has(name)) continue;
      const meant = suggest(name, known);
      const hint = meant === undefined ? `The networks are: ${known.join(', ')}.` : `Did you mean ${meant}?`;
      yield error('SITE_UNKNOWN_NETWORK', path, `There is no network named ${name}.`, hint);
    }
  },
};

function* networkReferences(site: DraftSite): Generator<[string | undefined, Path]> {
  yield [site.kvm_host?.network, ['kvm_host', 'network']];
  yield [site.deployment_vm?.network, ['deployment_vm', 'network']];
  yield [site.services?.dhcp?.network, ['services', 'dhcp', 'network']];
  for (const [index, host] of entriesOf(site.hosts)) {
    for (const [nic, { network }] of entriesOf(host.interfaces))
      yield [network, ['hosts', index, 'interfaces', nic, 'network']];
  }
}

/** An interface with an address says on which network, and the deployment VM sits where the KVM host's bridge leads. */
export const placement: SiteCheck = {
  id: 'placement',
  *find(site) {
    for (const [index, host] of entriesOf(site.hosts)) {
      for (const [nic, { address, network }] of entriesOf(host.interfaces)) {
        if (address === undefined || network !== undefined) continue;
        yield error(
          'SITE_MISSING_FIELD',
          ['hosts', index, 'interfaces', nic],
          `The interface with the address ${address} does not say which network it is in.`,
          'Add its network.',
        );
      }
    }
    const [kvm, vm] = [site.kvm_host?.network, site.deployment_vm?.network];
    const known = (name: string) => site.networks?.some((network) => network?.name === name);
    if (kvm === undefined || vm === undefined || kvm === vm || !known(kvm) || !known(vm)) return;
    yield error(
      'SITE_VM_NETWORK',
      ['deployment_vm', 'network'],
      `The deployment VM is on ${vm}, but the bridge of the KVM host is on ${kvm}.`,
      `Put both on ${kvm}.`,
    );
  },
};

/** The services fit the networks, and nothing is written that has no effect. */
export const servicesFit: SiteCheck = {
  id: 'services-fit',
  *find(site) {
    const { dhcp, ...others } = site.services ?? {};
    const index =
      dhcp?.mode === 'managed'
        ? (site.networks ?? []).findIndex((one) => one?.name !== undefined && one.name === dhcp.network)
        : -1;
    const network = site.networks?.[index];
    if (network !== undefined && network.dhcp_range === undefined) {
      yield error(
        'SITE_DHCP_RANGE',
        ['networks', index],
        `DHCP is managed on ${network.name ?? ''}, but this network has no dhcp_range.`,
        'Add dhcp_range: [first address, last address].',
      );
    }
    for (const [name, service] of Object.entries(others)) {
      const unused =
        service?.mode === 'managed'
          ? ['servers', 'server', 'url'].find((field) => field in service)
          : undefined;
      if (unused === undefined) continue;
      yield warning(
        'SITE_NO_EFFECT',
        ['services', name, unused],
        `services.${name}.${unused} has no effect while the mode is managed.`,
        'Set mode: existing to use it, or remove it.',
      );
    }
  },
};
