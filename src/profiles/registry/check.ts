import type { Problem } from '../../contract/api.ts';
import type { BiosValue } from '../../contract/hardware.ts';
import { suggest } from '../../site/index.ts';
import type { Fault } from '../document.ts';
import { matchesGlob } from '../glob.ts';
import type { Profile } from '../parse.ts';
import { isMeant, type MachineKind } from '../settings.ts';
import type { AttributeRegistry, BiosAttribute } from './attribute-registry.ts';
import type { Expected } from './dependencies.ts';
import { lockOf, type Wanted } from './locks.ts';
import { makerNames } from './makers.ts';
import { refusalOf } from './value.ts';

/** A registry, and for which machines it speaks. */
export interface RegistrySource {
  readonly registry: AttributeRegistry;
  /** Where it is from, for people: a file, or the host whose BMC told it. */
  readonly from: string;
  /** The machine it is of; where a file was given, what the registry says of itself. */
  readonly machine?: MachineKind & { readonly firmware?: string };
  /** What that machine's BIOS is set to now. */
  readonly now?: Readonly<Record<string, BiosValue>>;
}

/** Whether a profile wants anything of the BIOS of machines that the registry speaks for. */
export function speaksFor({ registry, machine }: RegistrySource, profile: Profile): boolean {
  return (profile.bios ?? []).some((block) => meant(block, registry, machine));
}

/** BIOS attributes of a profile that a registry does not know, or whose values it does not take, each at its place in the file. */
export function checkBios(profile: Profile, source: RegistrySource): Problem[] {
  const { registry, machine, now = {} } = source;
  const title = titleOf(source);
  const blocks = (profile.bios ?? []).flatMap((block, index): Wanted[] =>
    meant(block, registry, machine)
      ? Object.entries(block.attributes).map(([name, value]) => ({
          name,
          value,
          path: ['bios', index, 'attributes', name],
        }))
      : [],
  );
  const last = new Map(blocks.map((wanted) => [wanted.name, wanted]));
  const expected: Expected = {
    wanted: (name) => {
      const one = last.get(name);
      return one === undefined ? undefined : String(one.value);
    },
    now: (name) => (now[name] === undefined || now[name] === null ? undefined : String(now[name])),
  };
  return blocks.flatMap((wanted): Problem[] => {
    const attribute = registry.attributes.get(wanted.name);
    // Some machines have more attributes than the registry of another one with the same BIOS.
    if (attribute === undefined && now[wanted.name] !== undefined) return [];
    const fault =
      attribute === undefined ? unknown(wanted, registry, title) : refused(wanted, attribute, title);
    if (fault !== undefined) return [profile.problem(fault)];
    // A later block goes over it.
    if (attribute === undefined || last.get(wanted.name) !== wanted) return [];
    const held = lockOf(wanted, attribute, registry.dependencies.get(wanted.name) ?? [], expected, title);
    return held === undefined ? [] : [profile.problem(held)];
  });
}

function unknown({ name, path }: Wanted, { attributes }: AttributeRegistry, title: string): Fault {
  const near = suggest(name, [...attributes.keys()]);
  return {
    code: 'BIOS_UNKNOWN',
    path,
    at: 'key',
    message: `${title} has no BIOS attribute ${JSON.stringify(name)}.`,
    hint:
      near === undefined
        ? 'Remove it, or name the models that have it in a block of their own.'
        : `Did you mean ${near}?`,
  };
}

function refused({ name, value, path }: Wanted, attribute: BiosAttribute, title: string): Fault | undefined {
  const refusal = refusalOf(attribute, value);
  if (refusal === undefined) return undefined;
  const { code, words, hint } = refusal;
  return { code, path, message: `${name} of ${title} ${words}.`, ...(hint === undefined ? {} : { hint }) };
}

/** Whether a block of a profile is meant for the machines of a registry; what is not known of them decides nothing. */
function meant(
  block: MachineKind,
  { owner, systems }: AttributeRegistry,
  machine: MachineKind | undefined,
): boolean {
  if (machine !== undefined) return isMeant(block, machine);
  const fits = (pattern: string | undefined, names: readonly string[]): boolean =>
    pattern === undefined ||
    names.length === 0 ||
    names.some((name) => matchesGlob(name.trim().toLowerCase(), pattern.toLowerCase()));
  const models = systems.flatMap(({ product }) => product ?? []);
  return fits(block.manufacturer, owner === undefined ? [] : makerNames(owner)) && fits(block.model, models);
}

/** `PowerEdge R750 (BIOS 1.8.2)`: whose BIOS a registry describes; its own name where it does not say. */
export function titleOf({ registry, machine }: RegistrySource): string {
  const [system] = registry.systems;
  const name = machine?.model ?? system?.product ?? registry.id;
  // HPE has the day of the release in brackets behind it.
  const version = (machine?.firmware ?? system?.firmware)?.replace(/\s*\(.*$/, '');
  return version === undefined ? name : `${name} (BIOS ${version})`;
}
