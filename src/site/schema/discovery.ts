import { Type, type Static } from 'typebox';
import { closed, credential, freeText, textOf } from './parts.ts';

const OCTET = '(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})';
const IPV4 = `${OCTET}(\\.${OCTET}){3}`;

/** How BMCs are found and reached, beyond the addresses that hosts name. */
export const DiscoverySchema = closed(
  {
    via: Type.Optional(
      Type.Enum(['auto', 'laptop', 'kvm-host', 'deployment-vm'], {
        default: 'auto',
        description:
          'From where BMCs are dialled. auto: from the laptop where it can reach them, otherwise through the KVM host.',
      }),
    ),
    ranges: Type.Optional(
      Type.Array(
        textOf(
          `^${IPV4}(/(2[0-9]|3[0-2])|-${IPV4})?$`,
          'an address, a network of at most 4096 addresses (10.20.1.0/24) or a range (10.20.1.10-10.20.1.99)',
          { description: 'Addresses in which BMCs are looked for.', examples: ['10.20.1.10-10.20.1.99'] },
        ),
        { default: [], maxItems: 256, description: 'Where to look for BMCs that no host names.' },
      ),
    ),
    credential: Type.Optional(credential('Credential of BMCs that no host names.')),
    ca: Type.Optional(
      freeText("CA certificate (PEM) that signed the BMCs' certificates, from the folder of the site file.", {
        examples: ['certs/acme-ca.pem'],
      }),
    ),
  },
  { default: {}, description: 'How the BMCs are found and reached.' },
);

export type DiscoveryEntry = Static<typeof DiscoverySchema>;
