import { Type, type Static, type TSchemaOptions } from 'typebox';
import { address, closed, label, textOf } from './parts.ts';

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
          mode: mode(['managed', 'existing'], 'managed'),
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
        },
        { ...MANAGED, description: 'Packages, images and firmware.', ...needs('existing', 'url') },
      ),
    ),
    logging: Type.Optional(
      closed(
        {
          mode: mode(['managed', 'existing'], 'managed'),
          server: Type.Optional(address('Address of the existing log server.')),
        },
        { ...MANAGED, description: 'Where the logs of all machines go.', ...needs('existing', 'server') },
      ),
    ),
  },
  { default: {}, description: 'Network services of the site.' },
);

export type ServicesEntry = Static<typeof ServicesSchema>;
