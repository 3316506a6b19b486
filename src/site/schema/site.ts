import { Type, type Static } from 'typebox';
import { BundleSchema } from './bundle.ts';
import { DiscoverySchema } from './discovery.ts';
import { DeploymentVmSchema, HostSchema, KvmHostSchema } from './machines.ts';
import { NetworkSchema } from './networks.ts';
import { closed, freeText, label, textOf } from './parts.ts';
import { ServicesSchema } from './services.ts';

/** The version of the site file that this Bringup writes and reads. */
export const API_VERSION = 'bringup/v1';

const About = closed(
  {
    name: label('Short name of the site.', { examples: ['plant-7'] }),
    customer: Type.Optional(freeText('Whose site it is.')),
    location: Type.Optional(freeText('Where the rack stands.')),
    contact: Type.Optional(
      closed(
        {
          name: freeText('Name.'),
          phone: Type.Optional(freeText('Telephone number, in quotes.')),
          email: Type.Optional(freeText('Mail address.')),
        },
        { description: 'Who to call at the site.' },
      ),
    ),
    domain: textOf(
      '^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$',
      'a DNS domain in lower case, such as plant7.acme.example',
      { description: 'DNS domain of the site.', examples: ['plant7.acme.example'] },
    ),
    timezone: Type.Optional(
      freeText('Time zone (IANA name).', { default: 'Etc/UTC', examples: ['Europe/Berlin'] }),
    ),
  },
  { description: 'What and where the site is.' },
);

/** The site file, DESIGN section 4: this one definition gives the types, the validation and the published JSON Schema. */
export const SiteSchema = closed(
  {
    apiVersion: Type.Literal(API_VERSION, { description: 'Version of this format.' }),
    site: About,
    stack: label('What is deployed.', { examples: ['dell-rke2'] }),
    networks: Type.Array(NetworkSchema, {
      minItems: 1,
      maxItems: 1000,
      description: 'The networks of the site.',
    }),
    services: Type.Optional(ServicesSchema),
    kvm_host: KvmHostSchema,
    deployment_vm: DeploymentVmSchema,
    hosts: Type.Optional(
      Type.Array(HostSchema, { default: [], description: 'The servers to be brought up.' }),
    ),
    discovery: Type.Optional(DiscoverySchema),
    bundle: Type.Optional(BundleSchema),
    parameters: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        default: {},
        description: "Parameters of the stack, checked against the stack's own schema.",
      }),
    ),
  },
  {
    $id: 'https://bringup.example/schema/site.v1.json',
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Bringup site file',
    description: 'Everything Bringup needs to know about one site.',
  },
);

/** A site file as written: fields with a default may be missing. */
export type Site = Static<typeof SiteSchema>;

/** The JSON Schema (draft 2020-12) of the site file as plain data, for editors. */
export function siteJsonSchema(): Record<string, unknown> {
  return JSON.parse(JSON.stringify(SiteSchema)) as Record<string, unknown>;
}
