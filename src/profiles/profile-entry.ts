import { Type, type Static } from 'typebox';
import { RULE_DEFINITIONS, type Conditions, type RuleEntry, type Value } from './rule-entry.ts';

const closed = { additionalProperties: false };
const text = (description: string) => Type.String({ minLength: 1, maxLength: 2000, description });
const name = (description: string) =>
  Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', description });
const where = (description: string) =>
  Type.Record(Type.String(), Type.Unsafe<Value | Conditions>({ $ref: '#/$defs/value_or_conditions' }), {
    minProperties: 1,
    description,
  });

/** For which machines a part of the profile is meant; patterns as in `like`, all machines when missing. */
const MACHINES = {
  manufacturer: Type.Optional(text('Only for machines of this manufacturer (pattern).')),
  model: Type.Optional(text('Only for this model (pattern).')),
};

const BiosSchema = Type.Object(
  {
    ...MACHINES,
    attributes: Type.Record(Type.String(), Type.Unsafe<Value>({ type: ['string', 'number', 'boolean'] }), {
      minProperties: 1,
      description: "Attributes by the maker's own names, as Redfish shows them.",
    }),
  },
  closed,
);

const FirmwareSchema = Type.Object(
  {
    ...MACHINES,
    item: text('bios, bmc, or a pattern for the name of a firmware item.'),
    at_least: text('The oldest version that will do.'),
    why: Type.Optional(text('Why not an older one.')),
  },
  closed,
);

const UpdatesSchema = Type.Object(
  {
    catalog: Type.Optional(
      text(
        'Its own firmware catalogue: an address, or a path in the repository of the site. That of the site when missing.',
      ),
    ),
    components: Type.Optional(
      Type.Array(text('Pattern for the name of a component.'), {
        minItems: 1,
        description: 'Components that are updated; all when missing.',
      }),
    ),
  },
  { ...closed, minProperties: 1 },
);

const RAIDS = ['none', 'raid0', 'raid1', 'raid5', 'raid6', 'raid10'] as const;
const MODES = ['single', 'active-backup', 'lacp'] as const;
const TAKES = ['smallest', 'largest', 'all'] as const;

const StorageSchema = Type.Object(
  {
    name: name('What the disks are for: system, data.'),
    disks: where('Which disks, by the fields of disks.'),
    take: Type.Optional(
      Type.Unsafe<(typeof TAKES)[number]>({ type: 'string', enum: TAKES, description: 'Which of them.' }),
    ),
    count: Type.Optional(Type.Integer({ minimum: 1, description: 'How many of them; all when missing.' })),
    raid: Type.Optional(
      Type.Unsafe<(typeof RAIDS)[number]>({
        type: 'string',
        enum: RAIDS,
        description: 'How they are joined.',
      }),
    ),
    mount: Type.Optional(text('Where it is mounted.')),
    filesystem: Type.Optional(text('Its file system.')),
  },
  closed,
);

const NetworkSchema = Type.Object(
  {
    name: name('Name of the interface or bond: bond0.'),
    ports: where('Which network ports, by the fields of nics.'),
    count: Type.Optional(Type.Integer({ minimum: 1, description: 'How many of them; all when missing.' })),
    mode: Type.Unsafe<(typeof MODES)[number]>({
      type: 'string',
      enum: MODES,
      description: 'How they are joined.',
    }),
    mtu: Type.Optional(
      Type.Integer({ minimum: 576, maximum: 9216, description: 'Largest packet in bytes.' }),
    ),
  },
  closed,
);

/** A profile as written, DESIGN section 5. */
export const ProfileSchema = Type.Object(
  {
    name: name('Name by which site files refer to it; the name of the file without .yaml.'),
    version: Type.Integer({ minimum: 1, description: 'Raised with every change.' }),
    title: text('What people read.'),
    description: Type.Optional(text('What the profile is for, and what not.')),
    priority: Type.Optional(
      Type.Integer({
        minimum: -100,
        maximum: 100,
        description: 'Higher goes first when two profiles fit. 0 when missing.',
      }),
    ),
    match: Type.Array(Type.Unsafe<RuleEntry>({ $ref: '#/$defs/rule' }), {
      minItems: 1,
      description: 'Rules, all of which a machine must meet.',
    }),
    bios: Type.Optional(Type.Array(BiosSchema)),
    firmware: Type.Optional(Type.Array(FirmwareSchema)),
    firmware_updates: Type.Optional(UpdatesSchema),
    storage: Type.Optional(Type.Array(StorageSchema)),
    network: Type.Optional(Type.Array(NetworkSchema)),
    roles: Type.Optional(Type.Array(name('A role of a stack for which such machines are good.'))),
  },
  { ...closed, $defs: RULE_DEFINITIONS },
);

export type ProfileEntry = Static<typeof ProfileSchema>;
export type BiosEntry = Static<typeof BiosSchema>;
export type FirmwareEntry = Static<typeof FirmwareSchema>;
