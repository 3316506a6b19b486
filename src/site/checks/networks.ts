import type { Finding } from '../finding.ts';
import { contains, parseCidr, subnetsOf, type Subnet } from './addressing.ts';
import { entriesOf, error, warning, type SiteCheck } from './check.ts';

/** Each network is written as its own network address. */
export const networkForm: SiteCheck = {
  id: 'network-form',
  *find(site) {
    for (const [index, { cidr }] of entriesOf(site.networks)) {
      if (cidr === undefined) continue;
      const path = ['networks', index, 'cidr'];
      const range = parseCidr(cidr);
      if (range === undefined) {
        yield error(
          'SITE_BAD_NETWORK',
          path,
          `${cidr} is not a network.`,
          'Four numbers from 0 to 255 and a prefix length from 0 to 32, like 10.20.0.0/24.',
        );
      } else if (!cidr.startsWith(`${range.base}/`)) {
        const meant = `${range.base}/${range.prefix}`;
        yield error(
          'SITE_BAD_NETWORK',
          path,
          `${cidr} is an address inside a network, not the network itself.`,
          `Did you mean ${meant}?`,
        );
      } else if (range.prefix < 8 || range.prefix > 30) {
        yield error(
          'SITE_BAD_NETWORK',
          path,
          `${cidr} has a prefix length that no site network has.`,
          'Use a prefix length from 8 to 30.',
        );
      }
    }
  },
};

/** Networks do not share addresses, and no two carry the same VLAN. */
export const networkOverlap: SiteCheck = {
  id: 'network-overlap',
  *find(site) {
    const sorted = subnetsOf(site).sort((a, b) => a.first - b.first || a.last - b.last);
    let widest: Subnet | undefined;
    for (const subnet of sorted) {
      if (widest !== undefined && subnet.first <= widest.last) yield overlap(subnet, widest);
      if (widest === undefined || subnet.last > widest.last) widest = subnet;
    }
    const vlans = new Map<number, string>();
    for (const [index, { vlan, name = 'another network' }] of entriesOf(site.networks)) {
      if (vlan === undefined) continue;
      const other = vlans.get(vlan);
      if (other !== undefined) {
        yield warning(
          'SITE_SAME_VLAN',
          ['networks', index, 'vlan'],
          `VLAN ${vlan} already carries the network ${other}.`,
          'Each network normally has a VLAN of its own.',
        );
      } else vlans.set(vlan, name);
    }
  },
};

function overlap(subnet: Subnet, other: Subnet): Finding {
  const message = `The network ${subnet.name} (${subnet.cidr}) shares addresses with ${other.name} (${other.cidr}).`;
  return error(
    'SITE_NETWORK_OVERLAP',
    [...subnet.path, 'cidr'],
    message,
    'Give each network addresses of its own.',
  );
}

/** The gateway is a usable address of its network. */
export const gatewayInside: SiteCheck = {
  id: 'gateway-inside',
  *find(site) {
    for (const subnet of subnetsOf(site)) {
      const gateway = site.networks?.[Number(subnet.path[1])]?.gateway;
      if (gateway === undefined || contains(subnet, gateway)) continue;
      const message = `The gateway ${gateway} is outside its network ${subnet.name} (${subnet.cidr}).`;
      yield error(
        'SITE_GATEWAY_OUTSIDE',
        [...subnet.path, 'gateway'],
        message,
        'A gateway has an address of the network it serves.',
      );
    }
  },
};
