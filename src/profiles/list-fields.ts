import type { HardwareSnapshot } from '../contract/hardware.ts';
import { architecture, positive, told } from './spelling.ts';
import type { Kind, Seen } from './subject.ts';

/** A field of the items of a list. */
export interface ItemField {
  readonly kind: Kind;
  readonly unit: string;
  /** The name as it is spoken: `size`, `max speed`. */
  readonly label: string;
  read(item: unknown): Seen;
}

/** A field that is a list of parts. */
export interface ListField {
  readonly kind: 'list';
  /** One and many of them, in words. */
  readonly noun: readonly [string, string];
  readonly items: Readonly<Record<string, ItemField>>;
  /** The parts, or undefined when the BMC does not tell them. */
  read(snapshot: HardwareSnapshot): readonly unknown[] | undefined;
  /** One part in a few words; equal parts are counted together. */
  summary(item: unknown): string;
  /** Matches the `what` of a snapshot gap after which the list may be longer than it looks. */
  readonly gap: RegExp;
}

type Types<T> = { readonly [K in keyof T]?: Kind };

const UNITS: readonly (readonly [suffix: string, unit: string])[] = [
  ['_gib', ' GiB'],
  ['_gb', ' GB'],
  ['_mhz', ' MHz'],
  ['_mbps', ' Mbit/s'],
  ['_watts', ' W'],
  ['_volts', ' V'],
  ['_percent', ' %'],
];
/** Sizes and speeds of parts that are there; BMCs write 0 where they do not know. A link that is down does have speed 0. */
const ZERO_IS_UNKNOWN = /^(size|max_speed|capacity|memory|cores|threads|max)_?/;

function itemField(name: string, kind: Kind): ItemField {
  const [suffix = '', unit = ''] = UNITS.find(([ending]) => name.endsWith(ending)) ?? [];
  const zero = kind === 'number' && ZERO_IS_UNKNOWN.test(name);
  const spell = name === 'architecture' ? architecture : told;
  const read = (item: unknown): Seen => {
    const value = (item as Readonly<Record<string, Seen>>)[name];
    if (typeof value === 'string') return spell(value);
    return zero && typeof value === 'number' ? positive(value) : value;
  };
  return { kind, unit, label: name.slice(0, name.length - suffix.length).replaceAll('_', ' '), read };
}

interface ListOptions<T> {
  readonly noun: readonly [string, string];
  readonly read: (snapshot: HardwareSnapshot) => readonly T[] | undefined;
  readonly types: Types<T>;
  readonly summary: (item: T) => readonly (string | number | undefined)[];
  readonly gap: RegExp;
}

function list<T extends object>({ noun, read, types, summary, gap }: ListOptions<T>): ListField {
  const items = Object.entries(types).map(([name, kind]) => [name, itemField(name, kind as Kind)] as const);
  const words = (item: unknown): string =>
    summary(item as T)
      .filter((word) => word !== undefined && word !== '' && word !== 'unknown')
      .join(' ') || noun[0];
  return { kind: 'list', noun, items: Object.fromEntries(items), read, summary: words, gap };
}

const amount = (value: number | undefined, unit: string): string | undefined =>
  value === undefined || value === 0 ? undefined : `${value} ${unit}`;

/** Sizes as sold: 1920.38 GB is printed 1920 GB. */
const gigabytes = (value: number): string | undefined => amount(Math.round(value), 'GB');

/** The lists of a hardware snapshot that rules can ask about. */
export const LISTS: Readonly<Record<string, ListField>> = {
  'cpu.processors': list({
    noun: ['processor', 'processors'],
    read: (s) => s.cpu.processors,
    types: {
      manufacturer: 'text',
      model: 'text',
      architecture: 'text',
      cores: 'number',
      threads: 'number',
      max_speed_mhz: 'number',
      health: 'text',
    },
    summary: (cpu) => [cpu.model, amount(cpu.cores, 'cores')],
    gap: /\b(cpu|processor)/i,
  }),
  'memory.dimms': list({
    noun: ['DIMM', 'DIMMs'],
    read: (s) => s.memory.dimms,
    types: {
      slot: 'text',
      size_gib: 'number',
      type: 'text',
      speed_mhz: 'number',
      manufacturer: 'text',
      part_number: 'text',
      health: 'text',
    },
    summary: (dimm) => [dimm.type, amount(dimm.size_gib, 'GiB')],
    gap: /memory|dimm/i,
  }),
  disks: list({
    noun: ['disk', 'disks'],
    read: (s) => s.disks,
    types: {
      name: 'text',
      kind: 'text',
      size_gb: 'number',
      manufacturer: 'text',
      model: 'text',
      serial: 'text',
      firmware_version: 'version',
      protocol: 'text',
      location: 'text',
      controller: 'text',
      life_left_percent: 'number',
      failure_predicted: 'flag',
      health: 'text',
    },
    summary: (disk) => [disk.kind, gigabytes(disk.size_gb)],
    gap: /disk|drive|storage/i,
  }),
  controllers: list({
    noun: ['storage controller', 'storage controllers'],
    read: (s) => s.controllers,
    types: {
      name: 'text',
      manufacturer: 'text',
      model: 'text',
      firmware_version: 'version',
      raid_types: 'words',
      health: 'text',
    },
    summary: (controller) => [controller.model ?? controller.name],
    gap: /controller|storage/i,
  }),
  nics: list({
    noun: ['network port', 'network ports'],
    read: (s) => s.nics,
    types: {
      name: 'text',
      mac: 'text',
      adapter: 'text',
      manufacturer: 'text',
      model: 'text',
      firmware_version: 'version',
      link: 'text',
      speed_mbps: 'number',
      max_speed_mbps: 'number',
      health: 'text',
    },
    summary: (nic) => [
      amount(positive(nic.max_speed_mbps) ?? nic.speed_mbps, 'Mbit/s'),
      nic.link === 'unknown' ? '' : `link ${nic.link}`,
    ],
    gap: /nic|network|ethernet|port/i,
  }),
  accelerators: list({
    noun: ['accelerator', 'accelerators'],
    read: (s) => s.accelerators,
    types: {
      kind: 'text',
      manufacturer: 'text',
      model: 'text',
      slot: 'text',
      memory_gib: 'number',
      health: 'text',
    },
    summary: (part) => [part.kind, part.model],
    gap: /accelerator|gpu|pcie|processor/i,
  }),
  power_supplies: list({
    noun: ['power supply', 'power supplies'],
    read: (s) => s.power_supplies,
    types: {
      name: 'text',
      model: 'text',
      firmware_version: 'version',
      capacity_watts: 'number',
      input_volts: 'number',
      present: 'flag',
      health: 'text',
    },
    summary: (supply) => [amount(supply.capacity_watts, 'W'), supply.present ? '' : 'missing'],
    gap: /power/i,
  }),
  firmware: list({
    noun: ['firmware item', 'firmware items'],
    read: (s) => s.firmware,
    types: { id: 'text', name: 'text', version: 'version', updateable: 'flag' },
    summary: (item) => [item.name, item.version],
    gap: /firmware|software|update/i,
  }),
  'bmc.licenses': list({
    noun: ['BMC licence', 'BMC licences'],
    read: (s) => s.bmc.licenses,
    types: { name: 'text', state: 'text' },
    summary: (license) => [license.name, license.state],
    gap: /licen[sc]e/i,
  }),
};
