import { Type, type Static } from 'typebox';
import { address, closed, label, textOf } from './parts.ts';

/** One network of the site. */
export const NetworkSchema = closed(
  {
    name: label('Name by which the rest of the file refers to this network.', { examples: ['mgmt', 'oob'] }),
    cidr: textOf('^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$', 'a network in CIDR form, such as 10.20.0.0/24', {
      description: 'The network and its prefix length.',
      examples: ['10.20.0.0/24'],
    }),
    gateway: Type.Optional(address('Default gateway of this network.', { examples: ['10.20.0.1'] })),
    vlan: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 4094, description: 'VLAN id (IEEE 802.1Q) on the trunk.' }),
    ),
    mtu: Type.Optional(
      Type.Integer({ minimum: 576, maximum: 9216, default: 1500, description: 'Largest packet in bytes.' }),
    ),
    dhcp_range: Type.Optional(
      Type.Unsafe<[string, string]>({
        type: 'array',
        items: address('First and last address given out.'),
        minItems: 2,
        maxItems: 2,
        description: 'First and last address that DHCP gives out.',
        examples: [['10.20.0.100', '10.20.0.199']],
      }),
    ),
  },
  { description: 'One network: its addresses, gateway and VLAN.' },
);

export type NetworkEntry = Static<typeof NetworkSchema>;
