import ipaddr from 'ipaddr.js';
import type { DraftSite } from '../draft.ts';
import { spoken, type Path } from '../finding.ts';
import { entriesOf, type CheckContext } from './check.ts';
import { describedParameters } from './parameter-words.ts';

/** A network as numbers, for comparing; `first` and `last` are its network and broadcast address. */
export interface Subnet {
  readonly name: string;
  readonly cidr: string;
  readonly prefix: number;
  readonly first: number;
  readonly last: number;
  readonly path: Path;
}

/** A fixed address and who has it. */
export interface FixedAddress {
  readonly address: string;
  readonly owner: string;
  readonly network: string | undefined;
  /** The port of a BMC: several may share an address on different ports, behind one gateway. */
  readonly port?: number;
  readonly path: Path;
}

/** An IPv4 address as a number, so that addresses can be ordered. */
export function addressNumber(address: string): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}

/** The range of a CIDR, or undefined when it is not one. */
export function parseCidr(
  cidr: string,
): { first: number; last: number; prefix: number; base: string } | undefined {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr)) return undefined;
  const base = ipaddr.IPv4.networkAddressFromCIDR(cidr).toString();
  const last = addressNumber(ipaddr.IPv4.broadcastAddressFromCIDR(cidr).toString());
  return { first: addressNumber(base), last, prefix: ipaddr.IPv4.parseCIDR(cidr)[1], base };
}

/** The networks whose name and CIDR are usable. */
export function subnetsOf(site: DraftSite): Subnet[] {
  const subnets: Subnet[] = [];
  for (const [index, { name, cidr }] of entriesOf(site.networks)) {
    const range = cidr === undefined ? undefined : parseCidr(cidr);
    if (name === undefined || cidr === undefined || range === undefined) continue;
    subnets.push({ name, cidr, ...range, path: ['networks', index] });
  }
  return subnets;
}

/** Every fixed address in the file: of KVM host, deployment VM, interfaces and BMCs, and those that parameters name. */
export function* fixedAddresses(site: DraftSite, context: CheckContext): Generator<FixedAddress> {
  const { kvm_host: kvm, deployment_vm: vm } = site;
  if (kvm?.address !== undefined) {
    yield {
      address: kvm.address,
      owner: 'the KVM host',
      network: kvm.network,
      path: ['kvm_host', 'address'],
    };
  }
  if (vm?.address !== undefined) {
    yield {
      address: vm.address,
      owner: 'the deployment VM',
      network: vm.network,
      path: ['deployment_vm', 'address'],
    };
  }
  for (const [index, host] of entriesOf(site.hosts)) {
    const path = ['hosts', index];
    const name = host.name ?? spoken(path);
    for (const [nic, { name: port, address, network }] of entriesOf(host.interfaces)) {
      if (address === undefined) continue;
      yield {
        address,
        owner: `${name} ${port ?? ''}`.trim(),
        network,
        path: [...path, 'interfaces', nic, 'address'],
      };
    }
    const bmc = host.bmc?.address;
    if (bmc !== undefined)
      yield {
        address: bmc,
        owner: `the BMC of ${name}`,
        network: undefined,
        port: host.bmc?.port ?? 443,
        path: [...path, 'bmc', 'address'],
      };
  }
  for (const { value, schema, path } of describedParameters(site, context)) {
    if (schema['refers_to'] !== 'address' || typeof value !== 'string') continue;
    if (ipaddr.IPv4.isValidFourPartDecimal(value))
      yield { address: value, owner: spoken(path), network: undefined, path };
  }
}

/** Whether the address is in the network, its own and the broadcast address included. */
export function contains(subnet: Subnet, address: string): boolean {
  const number = addressNumber(address);
  return number >= subnet.first && number <= subnet.last;
}
