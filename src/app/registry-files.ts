import { stat } from 'node:fs/promises';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { DiscoverResult, HardwareSnapshot } from '../contract/hardware.ts';
import type { HardwareStore } from '../contract/ports.ts';
import {
  findRegistries,
  readRegistry,
  type AttributeRegistry,
  type RegistrySource,
} from '../profiles/index.ts';
import { readText } from './read-text.ts';

/** A capture of a large machine has some ten megabytes. */
const MAX_BYTES = 128 * 2 ** 20;

/** A BIOS registry that a BMC told. */
export interface ToldRegistry {
  readonly registry: AttributeRegistry;
  /** The host, or the address of its BMC. */
  readonly from: string;
}

/** The BIOS registries in a JSON file: the resource itself, or a capture `{uri: resource}`. Throws REGISTRY_INVALID, FILE_UNREADABLE. */
export async function readRegistryFile(file: string): Promise<RegistrySource[]> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_BYTES) throw invalid(file, 'It is too large.');
  const text = await readText(file, 'The BIOS registry');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw invalid(file, 'It is not JSON.');
  }
  const registries = findRegistries(data);
  if (registries.length === 0) throw invalid(file, 'There are no BIOS attributes in it.');
  return registries.map((registry) => ({ registry, from: file }));
}

/** What BMCs told of their BIOS at the newest discovery of a site, by the kind of machine; see `kindOf`. */
export async function toldRegistries(
  store: Pick<HardwareStore, 'raw'>,
  site: string,
  discovered: DiscoverResult | undefined,
): Promise<ReadonlyMap<string, ToldRegistry>> {
  const told = new Map<string, ToldRegistry>();
  for (const { snapshot, bmc, host } of discovered?.machines ?? []) {
    const uri = snapshot?.bios.registry;
    if (snapshot === undefined || uri === undefined || told.has(kindOf(snapshot))) continue;
    const raw = (await store.raw(site, bmc)) ?? {};
    const wanted = plain(uri);
    const resource = Object.entries(raw).find(([name]) => plain(name) === wanted)?.[1];
    const registry = readRegistry(resource);
    if (registry !== undefined) told.set(kindOf(snapshot), { registry, from: host ?? bmc });
  }
  return told;
}

/** Machines of one kind have the same BIOS: maker, model and version. */
export function kindOf({ manufacturer, model, bios }: HardwareSnapshot): string {
  return JSON.stringify([manufacturer, model, bios.version]);
}

/** A registry as it speaks for one machine. */
export function sourceOf(
  { registry, from }: ToldRegistry,
  { manufacturer, model, bios }: HardwareSnapshot,
): RegistrySource {
  const machine = {
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(model === undefined ? {} : { model }),
    ...(bios.version === undefined ? {} : { firmware: bios.version }),
  };
  return { registry, from, machine, now: bios.attributes };
}

function plain(uri: string): string {
  return uri.replace(/\/+$/, '').toLowerCase();
}

function invalid(file: string, why: string): BringupError {
  return new BringupError({
    code: 'REGISTRY_INVALID',
    exit: EXIT.invalid,
    message: `${file} is no BIOS registry. ${why}`,
    hint: 'Save what the BMC answers at Bios/BiosRegistry (or the place that Registries names), or take what bringup raw prints.',
  });
}
