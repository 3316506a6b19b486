import type { Rule } from './rule.ts';

const SILENCE = ['timeout', 'unreachable', 'mixed'] as const;

/** Where some reach the service and others do not: the machine and its service are well, so the way is at fault. In order. */
export const SOME_REACH: readonly Rule[] = [
  {
    key: 'point.cut',
    when: {
      reach: 'some',
      who: ['laptop', 'point'],
      near: ['outside', 'unknown'],
      gateway: 'failed',
      ping: 'failed',
    },
    blame: 'points',
    owner: 'field-engineer',
    summary: 'Only {from} fails, and not even the own gateway answers there; from {ok} {to} is reached.',
    request: 'Please check the switch port and VLAN of {from}.',
    fixes: ['Check its cable, its address, netmask and gateway.'],
  },
  {
    key: 'point.local',
    when: { reach: 'some', who: ['laptop', 'point'], near: 'inside' },
    blame: 'points',
    owner: 'field-engineer',
    summary:
      'Only {from} fails, although it stands in the same network as {to}: its own firewall, netmask or cable, or a rule of {to} against it.',
    request: 'Please check {from}: address, netmask, firewall, switch port.',
    fixes: ['Compare its address, netmask and VLAN with those of the machines that get through.'],
  },
  {
    key: 'path.one-way',
    when: { reach: 'some', ping: 'failed', back: 'ok' },
    blame: 'path',
    owner: 'customer-network',
    summary: '{to} reaches {from}, but not the other way round: the way is open in one direction only.',
    request: 'Please open {service} {pairs}; so far only the way back is open.',
    fixes: ['Check firewalls and routes on the way for rules that hold in one direction only.'],
  },
  {
    key: 'target.firewall',
    when: { reach: 'some', who: 'inside', how: [...SILENCE, 'refused'], ping: 'ok' },
    blame: 'service',
    owner: 'field-engineer',
    summary:
      'From {from}, in its own network, {to} answers ping and not {service}; from {ok} it does: the firewall of {to} keeps {from} out.',
    request: 'Please open {service} on {to} for packets {pairs}.',
    fixes: ['Look at the firewall of that machine: nft list ruleset, firewall-cmd --list-all, ufw status.'],
  },
  {
    key: 'target.inside',
    when: { reach: 'some', who: 'inside' },
    blame: 'path',
    owner: 'field-engineer',
    summary:
      'From other networks {to} is reached, from its own network it is not: a wrong netmask, VLAN or a second machine with the address.',
    request: 'Please check netmask and VLAN of {to} and of {from}.',
    fixes: ['Compare netmask and VLAN on both, and look for the address twice: arping -D'],
  },
  {
    key: 'path.tls',
    when: { reach: 'some', how: 'tls' },
    blame: 'path',
    owner: 'customer-network',
    summary: 'TLS to {to} works from {ok} and breaks from {from}: something on the way opens or cuts it.',
    request: 'Please let {service} through untouched {pairs}.',
    fixes: ['Ask for an exception from TLS inspection for this connection.'],
  },
  {
    key: 'path.rejected',
    when: { reach: 'some', how: 'refused' },
    blame: 'path',
    owner: 'customer-network',
    summary: '{service} of {to} works from {ok} and is refused from {from}: a firewall rejects it.',
    request: 'Please open {service} {pairs}.',
    fixes: ['The network team opens the port; a rule on the machine itself may do the same.'],
  },
  {
    key: 'path.port',
    when: { reach: 'some', who: ['laptop', 'outside', 'network', 'point'], how: SILENCE, ping: 'ok' },
    blame: 'path',
    owner: 'customer-network',
    summary:
      'From {from} ping reaches {to} and {service} does not; from {ok} it does: a firewall filters the port.',
    request: 'Please open {service} {pairs}.',
    fixes: ['The network team opens the port; a rule on the machine itself may do the same.'],
  },
  {
    key: 'path.laptop',
    when: { reach: 'some', who: 'laptop' },
    blame: 'path',
    owner: 'customer-network',
    summary:
      'Only the laptop does not reach {service} of {to}; it is reached from {ok}, so the way from the laptop is closed.',
    request: 'Please open {service} {pairs}.',
    fixes: ['Ask for the port to be opened, or move the laptop into a network from which it works.'],
  },
  {
    key: 'path.router',
    when: { reach: 'some', who: 'outside' },
    blame: 'path',
    owner: 'customer-network',
    summary:
      '{to} is reached within its own network ({ok}), and from outside it is not ({from}): the router or firewall before it is closed.',
    request: 'Please open {service} {pairs}.',
    fixes: [
      'The network team checks route and firewall; the machine’s own default gateway may be wrong as well.',
    ],
  },
  {
    key: 'path.network',
    when: { reach: 'some', who: 'network' },
    blame: 'path',
    owner: 'customer-network',
    summary:
      'From the network {network} nobody reaches {service} of {to}; it is reached from {ok}, so that network has no way there.',
    request: 'Please open {service} {pairs}.',
    fixes: ['The network team checks VLAN, route and firewall of that network.'],
  },
  {
    key: 'path.point',
    when: { reach: 'some', who: 'point' },
    blame: 'path',
    owner: 'customer-network',
    summary: 'Only {from} does not reach {service} of {to}; it is reached from {ok}.',
    request: 'Please open {service} {pairs}.',
    fixes: [
      'Compare its route and VLAN with those that get through; otherwise the network team opens the port.',
    ],
  },
];
