import type { DraftSite } from '../draft.ts';
import type { Path } from '../finding.ts';
import { spoken } from '../finding.ts';
import { entriesOf, error, type SiteCheck } from './check.ts';

interface Named {
  readonly value: string;
  readonly path: Path;
}

/** Names with a meaning of their own in the inventory. */
const RESERVED = new Set(['kvm-host', 'localhost', 'all', 'ungrouped', 'targets']);

/** Machines and networks have names of their own. */
export const namesUnique: SiteCheck = {
  id: 'names-unique',
  *find(site) {
    yield* twice('SITE_DUPLICATE_NAME', 'The name', networkNames(site), 'Give each network its own name.');
    yield* twice('SITE_DUPLICATE_NAME', 'The name', machineNames(site), 'Give each machine its own name.');
    for (const { value, path } of machineNames(site)) {
      if (RESERVED.has(value))
        yield error(
          'SITE_RESERVED_NAME',
          path,
          `The name ${value} has a meaning of its own in the inventory.`,
          'Choose another name.',
        );
    }
  },
};

/** Serial numbers and MAC addresses identify one machine; interface names one port of it. */
export const hardwareUnique: SiteCheck = {
  id: 'hardware-unique',
  *find(site) {
    yield* twice('SITE_DUPLICATE_SERIAL', 'The serial number', serials(site), 'Read the service tags again.');
    yield* twice('SITE_DUPLICATE_MAC', 'The MAC address', macs(site), 'Read the MAC addresses again.');
    for (const [index, host] of entriesOf(site.hosts)) {
      const ports = interfaceNames(host.interfaces, ['hosts', index, 'interfaces']);
      yield* twice(
        'SITE_DUPLICATE_NAME',
        'The interface name',
        ports,
        'Give each interface of a host its own name.',
      );
    }
  },
};

function* twice(code: string, what: string, named: Iterable<Named>, hint: string) {
  const first = new Map<string, Path>();
  for (const { value, path } of named) {
    const before = first.get(value);
    if (before === undefined) first.set(value, path);
    else yield error(code, path, `${what} ${value} is used already by ${spoken(before)}.`, hint);
  }
}

function* networkNames(site: DraftSite): Generator<Named> {
  for (const [index, { name }] of entriesOf(site.networks)) {
    if (name !== undefined) yield { value: name, path: ['networks', index, 'name'] };
  }
}

function* machineNames(site: DraftSite): Generator<Named> {
  const vm = site.deployment_vm?.name;
  if (vm !== undefined) yield { value: vm, path: ['deployment_vm', 'name'] };
  for (const [index, { name }] of entriesOf(site.hosts)) {
    if (name !== undefined) yield { value: name, path: ['hosts', index, 'name'] };
  }
}

function* serials(site: DraftSite): Generator<Named> {
  for (const [index, { serial }] of entriesOf(site.hosts)) {
    if (serial !== undefined) yield { value: serial, path: ['hosts', index, 'serial'] };
  }
}

function* macs(site: DraftSite): Generator<Named> {
  for (const [index, host] of entriesOf(site.hosts)) {
    for (const [nic, { mac }] of entriesOf(host.interfaces)) {
      if (mac !== undefined)
        yield { value: mac.toLowerCase(), path: ['hosts', index, 'interfaces', nic, 'mac'] };
    }
  }
}

type Ports = NonNullable<NonNullable<NonNullable<DraftSite['hosts']>[number]>['interfaces']>;

function* interfaceNames(ports: Ports | undefined, path: Path): Generator<Named> {
  for (const [index, { name }] of entriesOf(ports)) {
    if (name !== undefined) yield { value: name, path: [...path, index, 'name'] };
  }
}
