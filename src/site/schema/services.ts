import { Type, type Static, type TSchemaOptions } from 'typebox';
import { address, closed, credential, label, textOf } from './parts.ts';

const servers = (what: string) =>
  Type.Optional(
    Type.Array(address(`Address of ${what}.`), { minItems: 1, description: `The existing ${what}.` }),
  );

const upstream = (what: string) =>
  Type.Optional(
    Type.Array(address(`Address of ${what}.`), {
      default: [],
      description: `Where the deployment VM asks on: ${what}.`,
    }),
  );

const mode = <const M extends string[]>(modes: readonly [...M], fallback: M[number]) =>
  Type.Optional(
    Type.Enum(modes, {
      default: fallback,
      description:
        'managed: the deployment VM gives this service. existing: the site has it already. none: not wanted.',
    }),
  );

/** "When mode is M, these fields are needed", in a form that editors understand as well. */
function needs(when: string, ...fields: string[]): TSchemaOptions {
  return { if: { required: ['mode'], properties: { mode: { const: when } } }, then: { required: fields } };
}

const MANAGED = { default: { mode: 'managed' } };
const NONE = { default: { mode: 'none' } };

/** The network services of the site, each managed by the deployment VM or already there. */
export const ServicesSchema = closed(
  {
    dns: Type.Optional(
      closed(
        {
          mode: mode(['managed', 'existing'], 'managed'),
          servers: servers('DNS servers'),
          upstream: upstream('DNS servers'),
        },
        { ...MANAGED, description: 'Names for every machine of the site.', ...needs('existing', 'servers') },
      ),
    ),
    ntp: Type.Optional(
      closed(
        {
          mode: mode(['managed', 'existing'], 'managed'),
          servers: servers('NTP servers'),
          upstream: upstream('NTP servers'),
        },
        { ...MANAGED, description: 'Time for every machine of the site.', ...needs('existing', 'servers') },
      ),
    ),
    dhcp: Type.Optional(
      closed(
        {
          mode: mode(['managed', 'existing', 'none'], 'none'),
          network: Type.Optional(label('The network on which addresses are given out.')),
        },
        {
          default: { mode: 'none' },
          description: 'Addresses for machines that boot.',
          ...needs('managed', 'network'),
        },
      ),
    ),
    repository: Type.Optional(
      closed(
        {
          mode: mode(['managed', 'existing', 'none'], 'managed'),
          protocols: Type.Optional(
            Type.Array(Type.Enum(['http', 'smb', 'nfs']), {
              default: ['http'],
              minItems: 1,
              description: 'How machines reach it.',
            }),
          ),
          url: Type.Optional(
            textOf('^https?://[^\\s]+$', 'an http or https URL', {
              description: 'Where the existing repository is.',
            }),
          ),
          credential: Type.Optional(
            credential(
              'User of the SMB share; without one the share is open to every guest of the networks.',
            ),
          ),
          quota_gib: Type.Optional(
            Type.Number({
              minimum: 0.1,
              maximum: 65536,
              description:
                'What its files may take of the disk of the deployment VM, in GiB; half of it when left out.',
            }),
          ),
        },
        {
          ...NONE,
          description: 'Firmware, images and artifacts of the bundle; none where it is left out.',
          ...needs('existing', 'url'),
        },
      ),
    ),
    logging: Type.Optional(
      closed(
        {
          mode: mode(['managed', 'existing', 'none'], 'managed'),
          server: Type.Optional(address('Address of the existing log server.')),
          protocol: Type.Optional(
            Type.Enum(['udp', 'tcp', 'tls'], {
              description: 'How the existing log server takes messages; udp when left out.',
            }),
          ),
          port: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 65535,
              description: 'Port of the existing log server; 514, for tls 6514, when left out.',
            }),
          ),
          keep_days: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 3650,
              description: 'Days that the deployment VM keeps logs; 90 when left out.',
            }),
          ),
          limit_gib: Type.Optional(
            Type.Number({
              minimum: 0.1,
              maximum: 65536,
              description:
                'What logs may take of the disk of the deployment VM, in GiB; 5 when left out, the oldest go first.',
            }),
          ),
        },
        {
          ...NONE,
          description: 'Where the logs of all machines go; nowhere where it is left out.',
          ...needs('existing', 'server'),
        },
      ),
    ),
  },
  { default: {}, description: 'Network services of the site.' },
);

export type ServicesEntry = Static<typeof ServicesSchema>;
