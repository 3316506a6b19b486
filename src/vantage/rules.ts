import { NOBODY_REACHES } from './rules-machine.ts';
import { SOME_REACH } from './rules-path.ts';
import type { Rule } from './rule.ts';

/** What holds whoever fails: faults of the point that asks, and nothing at all. They come first. */
const FIRST: readonly Rule[] = [
  {
    key: 'address.shared',
    when: { identity: 'differs' },
    blame: 'nothing',
    owner: 'customer-network',
    summary:
      'Different certificates are seen at {to}, depending on who asks: two machines use the address, or a proxy stands in between.',
    request: 'Please check who uses the address of {to}, and whether a proxy opens TLS connections to it.',
    fixes: ['Look for the address twice: arping -D, the ARP table of the gateway, the site file.'],
  },
  {
    key: 'path.mtu',
    when: { reach: 'all', size: 'small' },
    blame: 'size',
    owner: 'customer-network',
    summary: '{to} is reached, but packets of full size are not carried: {seen}.',
    request: 'Please carry packets of full size {pairs}.',
    fixes: [
      'Set one MTU on all switches, trunks and interfaces on the way, or the true one in the site file.',
    ],
  },
  {
    key: 'works',
    when: { reach: 'all' },
    blame: 'nothing',
    owner: null,
    summary: 'Everybody who was asked reaches {service} of {to} now.',
    request: '',
    fixes: ['If it failed before, the fault has gone or comes and goes: apply again.'],
  },
  {
    key: 'name.unresolved',
    when: { reach: 'none', how: 'name' },
    blame: 'service',
    owner: 'customer-network',
    summary: 'The name {to} resolves nowhere that was asked.',
    request: 'Please put {to} into the DNS of the site.',
    fixes: ['Check the spelling, or give the address in place of the name.'],
  },
  {
    key: 'name.partly',
    when: { reach: 'some', how: 'name' },
    blame: 'points',
    owner: 'field-engineer',
    summary:
      'The name {to} does not resolve on {from}, and does elsewhere: another DNS server is asked there.',
    request: 'Please check the DNS servers in use on {from} for {to}.',
    fixes: ['Compare the DNS servers in use: resolvectl status, /etc/resolv.conf'],
  },
  {
    key: 'point.firewall',
    when: { reach: ['some', 'none'], how: 'prohibited' },
    blame: 'points',
    owner: 'field-engineer',
    summary: 'A firewall or route on {from} itself forbids going to {to}.',
    request: 'Please allow {service} to {to} in the firewall of {from}.',
    fixes: [
      'Look at its own firewall, VPN client and routes: nft list ruleset, ip rule, ip route get ADDRESS',
    ],
  },
  {
    key: 'point.no-route',
    when: { reach: ['some', 'none'], how: 'no-route' },
    blame: 'points',
    owner: 'field-engineer',
    summary: 'There is no route from {from} to {to}: no address in its network and no gateway towards it.',
    request: 'Please tell which address, netmask and gateway to use on {from} to reach {to}.',
    fixes: ['Give it an address in the right network, or a gateway: ip address, ip route'],
  },
];

/** Where no pattern fits. */
const LAST: readonly Rule[] = [
  {
    key: 'not-asked',
    when: { reach: 'unknown' },
    blame: 'nothing',
    owner: null,
    summary: 'Nobody could be asked about {to}, so nothing is known.',
    request: '',
    fixes: ['The matrix says why each was not asked; mend that first.'],
  },
  {
    key: 'path.mixed',
    when: { reach: 'some' },
    blame: 'path',
    owner: null,
    summary:
      '{service} of {to} is not reached from {from}, and is from {ok}; there is no plain line between them.',
    request: 'Please check {service} {pairs}.',
    fixes: ['Compare route, VLAN and firewall of those that fail with those that do not.'],
  },
  {
    key: 'unclear.behind-gateway',
    when: { reach: 'none', far: 'ok' },
    blame: 'path',
    owner: null,
    summary:
      'The gateway of the network of {to} answers, the machine does not: it is off or not cabled, or the way is closed at that gateway.',
    request: 'Please check whether {to} is up, and whether {service} is open {pairs}.',
    fixes: ['Look at the machine’s console, or try from a machine in the same network.'],
  },
  {
    key: 'unclear',
    when: {},
    blame: 'path',
    owner: null,
    summary:
      '{to} is not reached from {from}; whether the machine or the way is at fault cannot be told from there.',
    request: 'Please check whether {to} is up, and whether {service} is open {pairs}.',
    fixes: ['Try from a machine in the same network as {to}.'],
  },
];

/** Every rule, in order; the first that fits is the verdict. The last fits all. */
export const RULES: readonly Rule[] = [...FIRST, ...NOBODY_REACHES, ...SOME_REACH, ...LAST];
