import type { Rule } from './rule.ts';

const DEAD = { reach: 'none', machine: ['silent', 'unknown'] } as const;

/** Where all who were asked fail: the machine, its service, or the way that they share. In order. */
export const NOBODY_REACHES: readonly Rule[] = [
  {
    key: 'target.off',
    when: { reach: ['none', 'unknown'], machine: 'off' },
    blame: 'machine',
    owner: 'field-engineer',
    summary: '{to} is switched off: its BMC says so.',
    request: 'Please switch {to} on.',
    fixes: ['Switch the server on, at its button or through its BMC.'],
  },
  {
    key: 'target.unplugged',
    when: { reach: ['none', 'unknown'], machine: 'unplugged' },
    blame: 'machine',
    owner: 'field-engineer',
    summary: 'The network port of {to} has no link: its BMC says so.',
    request: 'Please check the cable of {to} and its switch port.',
    fixes: ['Check the cable at both ends, the transceiver, and that the switch port is enabled.'],
  },
  {
    key: 'target.firewall',
    when: { reach: 'none', itself: 'ok', how: ['refused', 'timeout', 'unreachable', 'mixed'] },
    blame: 'service',
    owner: 'field-engineer',
    summary:
      '{service} answers on {to} itself and reaches nobody else who was asked: a firewall on it, or directly before it, is in the way.',
    request: 'Please open {service} on {to} for packets {pairs}.',
    fixes: ['Look at the firewall of that machine: nft list ruleset, firewall-cmd --list-all, ufw status.'],
  },
  {
    key: 'service.down',
    when: { reach: 'none', how: 'refused' },
    blame: 'service',
    owner: 'field-engineer',
    summary:
      '{to} answers, and nothing listens on {service}: the service is down, listens elsewhere, or is rejected for all.',
    request: 'Please start the service behind {service} on {to}.',
    fixes: ['Check on that machine that the service runs and listens: ss -lntu'],
  },
  {
    key: 'path.mtu',
    when: { reach: 'none', size: 'small', how: ['wrong-answer', 'tls'] },
    blame: 'size',
    owner: 'customer-network',
    summary: 'Small packets reach {to}, full ones do not, so connections open and then hang: {seen}.',
    request: 'Please carry packets of full size {pairs}.',
    fixes: [
      'Set one MTU on all switches, trunks and interfaces on the way, or the true one in the site file.',
    ],
  },
  {
    key: 'service.tls',
    when: { reach: 'none', how: 'tls' },
    blame: 'service',
    owner: 'field-engineer',
    summary: 'The port {service} of {to} is open, but speaks no TLS that works: {seen}.',
    request: 'Please check TLS on {service} of {to}.',
    fixes: ['Check that the port is the right one and that the service offers TLS 1.2 or later.'],
  },
  {
    key: 'service.wrong',
    when: { reach: 'none', how: 'wrong-answer' },
    blame: 'service',
    owner: 'field-engineer',
    summary: 'The way to {to} is free, but {service} does not answer as it should: {seen}.',
    request: 'Please check the service behind {service} on {to}.',
    fixes: ['Check on that machine whether the service is the right one, has started and is not overloaded.'],
  },
  {
    key: 'path.one-way',
    when: { reach: 'none', ping: 'failed', back: 'ok' },
    blame: 'path',
    owner: 'customer-network',
    summary: '{to} reaches the others, and none of them reaches it: the way is open in one direction only.',
    request: 'Please open {service} {pairs}; so far only the way back is open.',
    fixes: ['Check firewalls and routes on the way for rules that hold in one direction only.'],
  },
  {
    key: 'target.filtered',
    when: { reach: 'none', ping: 'ok', near: ['inside', 'mixed'] },
    blame: 'service',
    owner: 'field-engineer',
    summary:
      '{to} answers ping and keeps silent on {service}, also towards its own network: its firewall drops the port.',
    request: 'Please open {service} on {to}.',
    fixes: ['Look at the firewall of that machine: nft list ruleset, firewall-cmd --list-all, ufw status.'],
  },
  {
    key: 'path.filtered',
    when: { reach: 'none', ping: 'ok' },
    blame: 'path',
    owner: null,
    summary:
      '{to} answers ping, and {service} is dropped or rejected on the way or on the machine; nobody in its own network could be asked which.',
    request: 'Please check who drops {service}, and open it {pairs}.',
    fixes: [
      'Try from a machine in the same network, to tell the machine’s own firewall from one on the way.',
    ],
  },
  {
    key: 'target.down',
    when: { ...DEAD, beside: 'ok' },
    blame: 'machine',
    owner: 'field-engineer',
    summary:
      'Another machine in the network of {to} is reached, and this one stays silent: it is off, not cabled, or has another address.',
    request: 'Please check power, cable, VLAN and address of {to}.',
    fixes: [
      'Check that it is switched on and cabled, the VLAN of its switch port, and its address on the console.',
    ],
  },
  {
    key: 'point.alone',
    when: { ...DEAD, near: 'inside', asked: 'one' },
    blame: 'points',
    owner: 'field-engineer',
    summary:
      'Only {from} could be asked, and nothing else in the network of {to} answers there either: its own cable, VLAN or address, or {to} is off.',
    request: 'Please check the switch port and VLAN of {from} and of {to}.',
    fixes: [
      'Check cable, address and netmask here first, then power, cable and VLAN of {to}.',
      'Plug {from} into a port that is known to be in that network.',
    ],
  },
  {
    key: 'target.down',
    when: { ...DEAD, near: ['inside', 'mixed'], beside: 'unknown' },
    blame: 'machine',
    owner: 'field-engineer',
    summary:
      'Nobody reaches {to}, not even from its own network: it is off, not cabled, in another VLAN, or has another address.',
    request: 'Please check power, cable, VLAN and address of {to}.',
    fixes: [
      'Check that it is switched on and cabled, the VLAN of its switch port, and its address on the console.',
    ],
  },
  {
    key: 'network.silent',
    when: { ...DEAD, near: ['inside', 'mixed'] },
    blame: 'path',
    owner: 'customer-network',
    summary:
      'Not only {to}: nothing in its network answers, not even from within it. A switch or VLAN between them does not carry.',
    request: 'Please check the switch and the VLAN between {from} and {to}.',
    fixes: ['The network team checks the switch; check as well that the machines there are switched on.'],
  },
  {
    key: 'point.cut',
    when: { ...DEAD, gateway: 'failed', far: ['failed', 'unknown'] },
    blame: 'points',
    owner: 'field-engineer',
    summary: 'From {from} not even the own gateway answers, so nothing beyond it is reached.',
    request: 'Please check the switch port and VLAN of {from}.',
    fixes: [
      'Check its cable, its address, netmask and gateway. Some gateways do not answer ping: then ask the network team.',
    ],
  },
  {
    key: 'path.router',
    when: { ...DEAD, gateway: 'ok', far: 'failed', beside: ['failed', 'unknown'] },
    blame: 'path',
    owner: 'customer-network',
    summary:
      'From {from} the own gateway answers, and nothing in the network of {to} does, not even its gateway: the way between the networks is closed.',
    request: 'Please open {service} {pairs}.',
    fixes: ['The network team checks the route and the firewall between the two networks.'],
  },
];
