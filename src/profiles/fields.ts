import type { HardwareSnapshot } from '../contract/hardware.ts';
import { LISTS, type ListField } from './list-fields.ts';
import { architecture, positive, told } from './spelling.ts';
import type { Kind, Seen, Subject } from './subject.ts';

/** A field with one value. `identity` says that it names the machine, which counts for specificity. */
export interface ScalarField {
  readonly kind: Kind;
  readonly unit: string;
  readonly identity: boolean;
  read(subject: Subject): Seen;
}

export type Field = ScalarField | ListField;

type Read = (snapshot: HardwareSnapshot) => Seen;
interface Options {
  readonly unit?: string;
  readonly identity?: boolean;
}

function scalar(kind: Kind, read: Read, options: Options = {}): ScalarField {
  const { unit = '', identity = false } = options;
  return { kind, unit, identity, read: ({ snapshot }) => read(snapshot) };
}

const IDENTITY = { identity: true };

const SCALARS: Readonly<Record<string, ScalarField>> = {
  manufacturer: scalar('text', (s) => told(s.manufacturer), IDENTITY),
  model: scalar('text', (s) => told(s.model), IDENTITY),
  sku: scalar('text', (s) => told(s.sku), IDENTITY),
  serial: scalar('text', (s) => told(s.serial), IDENTITY),
  asset_tag: scalar('text', (s) => told(s.asset_tag)),
  power_state: scalar('text', (s) => told(s.power_state)),
  health: scalar('text', (s) => told(s.health)),
  'bios.version': scalar('version', (s) => told(s.bios.version)),
  'bmc.product': scalar('text', (s) => told(s.bmc.product)),
  'bmc.model': scalar('text', (s) => told(s.bmc.model)),
  'bmc.version': scalar('version', (s) => told(s.bmc.version)),
  'bmc.redfish_version': scalar('version', (s) => told(s.bmc.redfish_version)),
  'cpu.count': scalar('number', (s) => positive(s.cpu.count)),
  'cpu.cores': scalar('number', (s) => positive(s.cpu.cores)),
  'cpu.threads': scalar('number', (s) => positive(s.cpu.threads)),
  'cpu.model': scalar('text', (s) => told(s.cpu.model)),
  'cpu.manufacturer': scalar('text', (s) => told(s.cpu.manufacturer)),
  'cpu.architecture': scalar('text', (s) => architecture(s.cpu.architecture)),
  'cpu.flags': scalar('words', (s) => s.cpu.flags),
  'memory.total_gib': scalar('number', (s) => positive(s.memory.total_gib), { unit: ' GiB' }),
  'boot.mode': scalar('text', (s) => told(s.boot.mode)),
  'boot.secure_boot': scalar('flag', (s) => s.boot.secure_boot),
  'os.name': { kind: 'text', unit: '', identity: false, read: ({ os }) => told(os?.name) },
  'os.version': { kind: 'version', unit: '', identity: false, read: ({ os }) => told(os?.version) },
};

const ATTRIBUTE = 'bios.attributes.';

/** The field of a name: one of the table, or `bios.attributes.NAME` for any BIOS attribute. */
export function fieldNamed(name: string): Field | undefined {
  if (Object.hasOwn(SCALARS, name)) return SCALARS[name];
  if (Object.hasOwn(LISTS, name)) return LISTS[name];
  const attribute = name.startsWith(ATTRIBUTE) ? name.slice(ATTRIBUTE.length) : '';
  return attribute === '' ? undefined : scalar('any', (s) => s.bios.attributes[attribute] ?? undefined);
}

/** Every field of the table, for "did you mean". */
export const FIELD_NAMES: readonly string[] = [...Object.keys(SCALARS), ...Object.keys(LISTS)];
