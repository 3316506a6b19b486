import { describe, expect, it } from 'vitest';
import { changed, marked, problemsOf, SITE } from './site-example.ts';

describe('what does not fit together', () => {
  it.each([
    [
      '10.20.0.0/24',
      '¦10.20.0.7/24',
      'SITE_BAD_NETWORK 10.20.0.7/24 is an address inside a network, not the network itself. -> Did you mean 10.20.0.0/24?',
    ],
    [
      'cidr: 10.20.1.0/24',
      'cidr: ¦10.20.1.0/33',
      'SITE_BAD_NETWORK 10.20.1.0/33 is not a network. -> Four numbers from 0 to 255 and a prefix length from 0 to 32, like 10.20.0.0/24.',
    ],
    [
      'gateway: 10.20.1.1',
      'gateway: ¦10.20.2.1',
      'SITE_GATEWAY_OUTSIDE The gateway 10.20.2.1 is outside its network oob (10.20.1.0/24). -> A gateway has an address of the network it serves.',
    ],
    [
      'name: oob, cidr: 10.20.1.0/24',
      'name: oob, cidr: ¦10.20.0.0/23',
      'SITE_NETWORK_OVERLAP The network oob (10.20.0.0/23) shares addresses with mgmt (10.20.0.0/24). -> Give each network addresses of its own.',
    ],
    [
      'name: oob',
      'name: oob, vlan: ¦20',
      'SITE_SAME_VLAN VLAN 20 already carries the network mgmt. -> Each network normally has a VLAN of its own.',
    ],
    [
      'network: mgmt, bridge',
      'network: ¦mgnt, bridge',
      'SITE_UNKNOWN_NETWORK There is no network named mgnt. -> Did you mean mgmt?',
    ],
    [
      'address: 10.20.0.10\n  network: mgmt',
      'address: ¦10.20.0.10\n  network: oob',
      'SITE_ADDRESS_OUTSIDE The address 10.20.0.10 of the deployment VM is outside its network oob (10.20.1.0/24). -> 10.20.0.10 is in the network mgmt.',
    ],
    [
      'address: 10.20.0.12',
      'address: ¦10.20.0.255',
      'SITE_ADDRESS_RESERVED 10.20.0.255 is the broadcast address of mgmt (10.20.0.0/24), so node-2 nic1 cannot have it. -> Choose another address of the network.',
    ],
    [
      'address: 10.20.0.12',
      'address: ¦10.20.0.1',
      'SITE_DUPLICATE_ADDRESS node-2 nic1 has the address 10.20.0.1, but the gateway of mgmt has it already. -> Give each its own address.',
    ],
    [
      'address: 10.20.1.12',
      'address: ¦10.20.1.11',
      'SITE_DUPLICATE_ADDRESS the BMC of node-2 has the address 10.20.1.11, but the BMC of node-1 has it already. -> Give each its own address.',
    ],
    [
      'address: 10.20.1.12',
      'address: ¦10.99.1.12',
      'SITE_ADDRESS_NOWHERE The address 10.99.1.12 of the BMC of node-2 is in none of the networks. -> The file lists mgmt 10.20.0.0/24, oob 10.20.1.0/24; add the network if it is missing.',
    ],
    [
      'address: 10.20.0.12',
      'address: ¦10.20.0.150',
      'SITE_DHCP_TAKES_ADDRESS The address 10.20.0.150 of node-2 nic1 is in the DHCP range 10.20.0.100 to 10.20.0.199. -> Choose an address outside the range, or make the range smaller.',
    ],
    [
      '[10.20.0.100, 10.20.0.199]',
      '¦[10.20.0.199, 10.20.0.100]',
      'SITE_DHCP_RANGE The DHCP range begins at 10.20.0.199, after its end 10.20.0.100. -> Write [10.20.0.100, 10.20.0.199].',
    ],
    [
      '[10.20.0.100, 10.20.0.199]',
      '[10.20.0.100, ¦10.20.1.1]',
      'SITE_DHCP_RANGE The DHCP range 10.20.0.100 to 10.20.1.1 leaves the usable addresses of mgmt (10.20.0.0/24). -> Choose both ends inside the network.',
    ],
    [
      '{name: mgmt, cidr: 10.20.0.0/24, gateway: 10.20.0.1, vlan: 20, dhcp_range: [10.20.0.100, 10.20.0.199]}',
      '¦{name: mgmt, cidr: 10.20.0.0/24, gateway: 10.20.0.1, vlan: 20}',
      'SITE_DHCP_RANGE DHCP is managed on mgmt, but this network has no dhcp_range. -> Add dhcp_range: [first address, last address].',
    ],
    [
      'dns: {mode: managed,',
      'dns: {mode: managed, servers: ¦[10.20.0.3],',
      'SITE_NO_EFFECT services.dns.servers has no effect while the mode is managed. -> Set mode: existing to use it, or remove it.',
    ],
    [
      'name: node-2',
      'name: ¦node-1',
      'SITE_DUPLICATE_NAME The name node-1 is used already by hosts[0].name. -> Give each machine its own name.',
    ],
    [
      'name: node-2',
      'name: ¦kvm-host',
      'SITE_RESERVED_NAME The name kvm-host has a meaning of its own in the inventory. -> Choose another name.',
    ],
    [
      'ABC1235',
      '¦ABC1234',
      'SITE_DUPLICATE_SERIAL The serial number ABC1234 is used already by hosts[0].serial. -> Read the service tags again.',
    ],
    [
      '"02:00:5E:00:00:21"',
      '¦"02:00:5e:00:00:11"',
      'SITE_DUPLICATE_MAC The MAC address 02:00:5e:00:00:11 is used already by hosts[0].interfaces[0].mac. -> Read the MAC addresses again.',
    ],
    [
      'name: nic2',
      'name: ¦nic1',
      'SITE_DUPLICATE_NAME The interface name nic1 is used already by hosts[0].interfaces[0].name. -> Give each interface of a host its own name.',
    ],
    [
      '{name: nic1, mac: "02:00:5E:00:00:21", network: mgmt, address: 10.20.0.12}',
      '¦{name: nic1, address: 10.20.0.12}',
      'SITE_MISSING_FIELD The interface with the address 10.20.0.12 does not say which network it is in. -> Add its network.',
    ],
    [
      'Europe/Berlin',
      '¦Europe/Berln',
      'SITE_UNKNOWN_TIMEZONE There is no time zone named Europe/Berln. -> Did you mean Europe/Berlin?',
    ],
    [
      '  name: deploy\n',
      '  name: deploy\n  memory_mib: ¦512\n',
      'SITE_VM_SMALL memory_mib: 512 is little for the services of a deployment VM. -> Give it at least 1024.',
    ],
  ])('%s -> %s', (from, to, problem) => {
    const { text, at } = marked(from, to);
    expect(problemsOf(text)).toContain(`${at} ${problem}`);
  });
});

describe('the search for BMCs', () => {
  const NOWHERE = '-> The file lists mgmt 10.20.0.0/24, oob 10.20.1.0/24; add the network if it is missing.';
  it.each([
    ['{ranges: [10.20.1.0/24, 10.20.0.7], credential: idrac}', undefined],
    [
      '{¦ranges: [10.20.1.10-10.20.1.99]}',
      'SITE_MISSING_FIELD discovery.ranges are searched for BMCs, but discovery needs the field credential to log in to them. -> credential: the name of a credential, stored with: bringup credentials set NAME.',
    ],
    [
      '{ranges: [¦10.20.1.99-10.20.1.10], credential: idrac}',
      'SITE_DISCOVERY_RANGE The range begins at 10.20.1.99, after its end 10.20.1.10. -> Write 10.20.1.10-10.20.1.99.',
    ],
    [
      '{ranges: [¦10.20.1.7/24], credential: idrac}',
      'SITE_DISCOVERY_RANGE 10.20.1.7/24 is an address inside a network, not the network itself. -> Did you mean 10.20.1.0/24?',
    ],
    [
      '{ranges: [¦10.20.0.0-10.20.255.255], credential: idrac}',
      'SITE_DISCOVERY_RANGE The range 10.20.0.0-10.20.255.255 has 65536 addresses, but at most 4096 are searched. -> Name the part of the network in which the BMCs are.',
    ],
    [
      '{ranges: [10.20.1.0/24, ¦10.20.1.7], credential: idrac}',
      'SITE_DISCOVERY_OVERLAP The range 10.20.1.7 shares addresses with 10.20.1.0/24. -> Each address is searched once; name it once.',
    ],
    [
      '{ranges: [¦10.99.0.0/24], credential: idrac}',
      `SITE_ADDRESS_NOWHERE The range 10.99.0.0/24 is in none of the networks. ${NOWHERE}`,
    ],
    [
      '{ranges: [¦10.20.0.0/16], credential: idrac}',
      'SITE_BAD_VALUE discovery.ranges[0] must be an address, a network of at most 4096 addresses (10.20.1.0/24) or a range (10.20.1.10-10.20.1.99), not "10.20.0.0/16". -> For example "10.20.1.10-10.20.1.99".',
    ],
    [
      '{ca: ¦certs/acme.pem}',
      'SITE_FILE_MISSING There is no CA certificate at certs/acme.pem. -> Copy it there, or correct the path; it counts from the folder of the site file.',
    ],
  ])('%s', (discovery, problem) => {
    const { text, at } = marked('stack: dell-rke2\n', `stack: dell-rke2\ndiscovery: ${discovery}\n`);
    const files = { exists: (path: string) => path.startsWith('images/') };
    expect(problemsOf(text, { files })).toEqual(problem === undefined ? [] : [`${at} ${problem}`]);
  });

  it('knows BMCs behind one address by their ports', () => {
    const address = 'bmc: {address: 10.20.1.12';
    expect(problemsOf(changed(address, 'bmc: {address: 10.20.1.11, port: 8443'))).toEqual([]);
    expect(problemsOf(changed(address, 'bmc: {address: 10.20.1.11, port: 443'))).toHaveLength(1);
    expect(problemsOf(changed(address, 'bmc: {address: 10.20.0.11, port: 8443'))).toHaveLength(1);
  });
});

describe('a profile that a person chose', () => {
  it('comes with the reason', () => {
    const { text, at } = marked(
      'profile: gpu-dense\n    profile_reason: the cards were added after delivery',
      'profile: ¦gpu-dense',
    );
    expect(problemsOf(text)).toEqual([
      `${at} SITE_PROFILE_REASON The profile gpu-dense of node-2 overrules discovery, but the file does not say why. -> Add profile_reason, or write profile: auto.`,
    ]);
  });

  it.each(['    profile: auto\n', ''])('and a reason comes with a profile: %s', (profile) => {
    const { text, at } = marked(
      '    profile: gpu-dense\n    profile_reason: the',
      `${profile}    profile_reason: ¦the`,
    );
    expect(problemsOf(text)).toEqual([
      `${at} SITE_NO_EFFECT profile_reason has no effect while the profile is auto. -> Name the profile that the reason is for, or remove it.`,
    ]);
  });
});

describe('the roles of a stack', () => {
  const stack = {
    stack: 'dell-rke2',
    roles: { 'rke2-server': { min: 1, odd: true }, 'rke2-agent': { max: 1 } },
  };

  it('fit the example', () => {
    expect(problemsOf(SITE, { stack })).toEqual([]);
  });

  it('are named rightly', () => {
    const { text, at } = marked('[rke2-agent]', '[¦rke2-agnet]');
    expect(problemsOf(text, { stack })).toEqual([
      `${at} SITE_UNKNOWN_ROLE The stack dell-rke2 has no role rke2-agnet. -> Did you mean rke2-agent?`,
    ]);
  });

  it.each([
    ['[rke2-agent]', '[rke2-server]', 'an odd number of hosts with the role rke2-server, but there are 2'],
    ['[rke2-server]', '[]', 'at least one host with the role rke2-server, but there are 0'],
    [
      '[rke2-server]',
      '[rke2-server, rke2-agent]',
      'at most 1 hosts with the role rke2-agent, but there are 2',
    ],
  ])('%s -> %s', (from, to, wanted) => {
    const line = SITE.slice(0, SITE.indexOf('\nhosts:') + 1).split('\n').length;
    expect(problemsOf(changed(from, to), { stack })).toEqual([
      `${line}:1 SITE_ROLE_COUNT The stack dell-rke2 needs ${wanted}. -> Change the roles of the hosts.`,
    ]);
  });
});

describe('the parameters of a stack', () => {
  const parameters = {
    type: 'object',
    additionalProperties: false,
    properties: { attempts: { type: 'integer', minimum: 1 } },
  };
  const context = { stack: { stack: 'dell-rke2', parameters } };

  it.each([
    [
      '{¦atempts: 3}',
      'SITE_UNKNOWN_PARAMETER The stack dell-rke2 has no parameter atempts. -> Did you mean attempts?',
    ],
    [
      '{attempts: ¦0}',
      'SITE_PARAMETER parameters.attempts must be >= 1, but is 0. -> See the parameters with: bringup stacks show dell-rke2',
    ],
    [
      '{attempts: ¦often}',
      'SITE_PARAMETER parameters.attempts must be integer, but is "often". -> See the parameters with: bringup stacks show dell-rke2',
    ],
  ])('are checked: %s', (given, told) => {
    const { text, at } = marked('hosts:', `parameters: ${given}\nhosts:`);
    expect(problemsOf(text, context)).toEqual([`${at} ${told}`]);
  });
});

describe('the base image', () => {
  it('has to be where the file says', () => {
    const files = { exists: (path: string) => path === 'images/debian-12.qcow2' };
    expect(problemsOf(SITE, { files })).toEqual([]);
    const { text, at } = marked('path: images/debian-12.qcow2', 'path: ¦images/debian-13.qcow2');
    expect(problemsOf(text, { files })).toEqual([
      `${at} SITE_BASE_IMAGE_MISSING There is no base image at images/debian-13.qcow2. -> Copy the image there, or correct the path; it counts from the folder of the site file.`,
    ]);
  });
});
