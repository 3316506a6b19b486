import type { DraftSite } from '../draft.ts';
import { spoken, type Finding } from '../finding.ts';
import {
  addressNumber,
  contains,
  fixedAddresses,
  subnetsOf,
  type FixedAddress,
  type Subnet,
} from './addressing.ts';
import { entriesOf, error, warning, type CheckContext, type SiteCheck } from './check.ts';

/** Every fixed address is a usable address of the network it is said to be in. */
export const addressInside: SiteCheck = {
  id: 'address-inside',
  *find(site, context) {
    const subnets = subnetsOf(site);
    for (const fixed of fixedAddresses(site, context)) {
      const subnet =
        fixed.network === undefined
          ? subnets.find((one) => contains(one, fixed.address))
          : subnets.find((one) => one.name === fixed.network);
      if (subnet === undefined) {
        if (fixed.network === undefined && subnets.length > 0) yield nowhere(fixed, subnets);
      } else if (!contains(subnet, fixed.address)) yield outside(fixed, subnet, subnets);
      else if (isReserved(subnet, fixed.address)) yield reserved(fixed, subnet);
    }
  },
};

function outside(fixed: FixedAddress, subnet: Subnet, subnets: readonly Subnet[]): Finding {
  const right = subnets.find((one) => contains(one, fixed.address));
  const hint =
    right === undefined
      ? `Give it an address of ${subnet.cidr}.`
      : `${fixed.address} is in the network ${right.name}.`;
  return error(
    'SITE_ADDRESS_OUTSIDE',
    fixed.path,
    `The address ${fixed.address} of ${fixed.owner} is outside its network ${subnet.name} (${subnet.cidr}).`,
    hint,
  );
}

function nowhere(fixed: FixedAddress, subnets: readonly Subnet[]): Finding {
  const names = subnets
    .map((one) => `${one.name} ${one.cidr}`)
    .slice(0, 5)
    .join(', ');
  return warning(
    'SITE_ADDRESS_NOWHERE',
    fixed.path,
    `The address ${fixed.address} of ${fixed.owner} is in none of the networks.`,
    `The file lists ${names}; add the network if it is missing.`,
  );
}

function isReserved(subnet: Subnet, address: string): boolean {
  const number = addressNumber(address);
  return number === subnet.first || number === subnet.last;
}

function reserved(fixed: FixedAddress, subnet: Subnet): Finding {
  const kind =
    addressNumber(fixed.address) === subnet.first ? 'the network address' : 'the broadcast address';
  return error(
    'SITE_ADDRESS_RESERVED',
    fixed.path,
    `${fixed.address} is ${kind} of ${subnet.name} (${subnet.cidr}), so ${fixed.owner} cannot have it.`,
    'Choose another address of the network.',
  );
}

/** No address is given twice, and nobody has a gateway's. */
export const addressUnique: SiteCheck = {
  id: 'address-unique',
  *find(site, context) {
    // BMCs behind one gateway share its address and differ by port, so a BMC owns a door, everyone else the whole address.
    const [whole, any, doors] = [0, 1, 2].map(() => new Map<string, string>()) as [Owners, Owners, Owners];
    for (const [, { gateway, name = '' }] of entriesOf(site.networks)) {
      if (gateway === undefined) continue;
      for (const owners of [whole, any]) owners.set(gateway, `the gateway of ${name}`);
    }
    for (const { address, owner, port, path } of fixedAddresses(site, context)) {
      const door = port === undefined ? address : `${address}:${port}`;
      const other = port === undefined ? any.get(address) : (whole.get(address) ?? doors.get(door));
      if (other !== undefined) {
        yield error(
          'SITE_DUPLICATE_ADDRESS',
          path,
          `${owner} has the address ${address}, but ${other} has it already.`,
          'Give each its own address.',
        );
      }
      for (const owners of port === undefined ? [whole, any] : [doors, any]) {
        const key = owners === doors ? door : address;
        if (!owners.has(key)) owners.set(key, owner);
      }
    }
  },
};

type Owners = Map<string, string>;

/** DHCP gives out only addresses of its network that nobody has. */
export const dhcpRange: SiteCheck = {
  id: 'dhcp-range',
  *find(site, context) {
    for (const subnet of subnetsOf(site)) {
      const network = site.networks?.[Number(subnet.path[1])];
      const [first, last] = network?.dhcp_range ?? [];
      if (first === undefined || last === undefined) continue;
      const path = [...subnet.path, 'dhcp_range'];
      const gone = [first, last].findIndex(
        (address) => !contains(subnet, address) || isReserved(subnet, address),
      );
      if (gone >= 0) {
        yield error(
          'SITE_DHCP_RANGE',
          [...path, gone],
          `The DHCP range ${first} to ${last} leaves the usable addresses of ${subnet.name} (${subnet.cidr}).`,
          'Choose both ends inside the network.',
        );
      } else if (addressNumber(first) > addressNumber(last)) {
        yield error(
          'SITE_DHCP_RANGE',
          path,
          `The DHCP range begins at ${first}, after its end ${last}.`,
          `Write [${last}, ${first}].`,
        );
      } else yield* taken(site, context, first, last);
    }
  },
};

function* taken(site: DraftSite, context: CheckContext, first: string, last: string): Generator<Finding> {
  const [low, high] = [addressNumber(first), addressNumber(last)];
  const inRange = (address: string) => addressNumber(address) >= low && addressNumber(address) <= high;
  const hint = 'Choose an address outside the range, or make the range smaller.';
  for (const { address, owner, path } of fixedAddresses(site, context)) {
    if (inRange(address))
      yield error(
        'SITE_DHCP_TAKES_ADDRESS',
        path,
        `The address ${address} of ${owner} is in the DHCP range ${first} to ${last}.`,
        hint,
      );
  }
  for (const [index, { gateway }] of entriesOf(site.networks)) {
    const path = ['networks', index, 'gateway'];
    if (gateway !== undefined && inRange(gateway))
      yield error(
        'SITE_DHCP_TAKES_ADDRESS',
        path,
        `${spoken(path)} ${gateway} is in the DHCP range ${first} to ${last}.`,
        hint,
      );
  }
}
