import type { Accelerator } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { PCIE_CLASSES, PCIE_NAMES } from './pcie-classes.ts';
import type { ProcessorAccelerator } from './processors.ts';
import { healthOf, isAbsent } from './terms.ts';
import { at, byName, compact, firstText, idOf, isBag, link, links, number, text } from './values.ts';

/** A PCIe card that is an accelerator. */
export interface Card {
  readonly uri: string | undefined;
  readonly serial: string | undefined;
  readonly accelerator: Accelerator;
}

/**
 * Accelerators out of three places that overlap: processors (GPU, FPGA), PCIe cards, and network adapters (DPU). The
 * same card is counted once: by link, by serial number, and by kind where a place tells neither.
 */
export function joinAccelerators(
  processors: readonly ProcessorAccelerator[],
  cards: readonly Card[],
  adapters: readonly Resource[],
): Accelerator[] {
  const unlinked = new Set(
    processors.filter((one) => one.pcieDevice === undefined).map((one) => one.accelerator.kind),
  );
  const taken = (card: Card) =>
    unlinked.has(card.accelerator.kind) ||
    processors.some(
      (one) =>
        (one.pcieDevice !== undefined && sameCard(one.pcieDevice, card.uri)) ||
        (one.serial !== undefined && one.serial === card.serial),
    );
  const others = cards.filter((card) => card.accelerator.kind !== 'dpu' && !taken(card));
  const dpuCards = cards.filter((card) => card.accelerator.kind === 'dpu').map((card) => card.accelerator);
  const dpuAdapters = adapters.filter((adapter) => kindByName(adapter) === 'dpu').map(acceleratorOf('dpu'));
  return byName(
    [
      ...processors.map((one) => one.accelerator),
      ...others.map((card) => card.accelerator),
      ...(dpuAdapters.length >= dpuCards.length ? dpuAdapters : dpuCards),
    ],
    (accelerator) => `${accelerator.kind} ${accelerator.id}`,
  );
}

/** Some services show a card below both the system and the chassis: then the last step of the path is the same. */
function sameCard(a: string, b: string | undefined): boolean {
  return b !== undefined && (a === b || a.split('/').pop() === b.split('/').pop());
}

/** The PCIe cards of the system's chassis that are accelerators. */
export async function readCards(collector: Collector, entry: Entry): Promise<Card[]> {
  const collections = entry.chassis
    .map((chassis) => at(chassis, 'PCIeDevices'))
    .filter((value) => !Array.isArray(value))
    .map(link)
    .filter((uri) => uri !== undefined);
  const devices =
    collections.length > 0
      ? (await Promise.all(collections.map((uri) => collector.members('PCIe cards', uri)))).flat()
      : await collector.resources('PCIe cards', links(at(entry.system, 'PCIeDevices')));
  const cards = [...new Map(devices.map((device) => [link(device) ?? idOf(device), device])).values()];
  const unnamed = cards.filter((device) => kindByName(device) === undefined && (lanes(device) ?? 16) >= 4);
  const asked = unnamed.sort((a, b) => (lanes(b) ?? 16) - (lanes(a) ?? 16)).slice(0, MOST_ASKED);
  if (unnamed.length > asked.length)
    collector.note(
      'PCIe cards',
      link(entry.system) ?? '',
      `${unnamed.length} cards have no name; the class of ${MOST_ASKED} was read.`,
    );
  const kinds = await Promise.all(
    cards.map(async (device) => ({
      device,
      kind: asked.includes(device) ? await kindByClass(collector, device) : (kindByName(device) ?? 'none'),
    })),
  );
  return kinds.flatMap(({ device, kind }) =>
    kind === 'none' || isAbsent(device)
      ? []
      : [
          {
            uri: link(device),
            serial: text(at(device, 'SerialNumber')),
            accelerator: acceleratorOf(kind)(device),
          },
        ],
  );
}

/** Some services list every bridge of the board without a name; asking each for its class would take minutes. */
const MOST_ASKED = 32;

function lanes(device: Resource): number | undefined {
  return number(at(device, 'PCIeInterface', 'LanesInUse'));
}

async function kindByClass(collector: Collector, device: Resource): Promise<Accelerator['kind'] | 'none'> {
  const place = at(device, 'PCIeFunctions') ?? at(device, 'Links', 'PCIeFunctions');
  const functions = Array.isArray(place)
    ? await collector.resources('PCIe cards', links(place))
    : await collector.guess('PCIe cards', link(place));
  for (const one of functions) {
    const kind = PCIE_CLASSES[(text(at(one, 'DeviceClass')) ?? '').toLowerCase()];
    if (kind !== undefined) return kind;
  }
  return 'none';
}

/** Where services name a card; AMI writes the slot or the bridge into the asset tag. */
const NAMES = ['Model', 'Name', 'Description', 'AssetTag'];

function kindByName(device: Resource): Accelerator['kind'] | 'none' | undefined {
  const words = [...NAMES.map((name) => at(device, name)), oemMaker(device)]
    .map((value) => text(value))
    .filter((word) => word !== undefined);
  const row = PCIE_NAMES.find(([pattern]) => words.some((word) => pattern.test(word)));
  if (row !== undefined) return row[1];
  return /^nvidia/i.test(text(at(device, 'Manufacturer')) ?? '') ? 'gpu' : undefined;
}

/** A maker's extension may say the card's maker or kind where the standard fields are empty. */
function oemMaker(device: Resource): string | undefined {
  const oem = at(device, 'Oem');
  if (!isBag(oem)) return undefined;
  return firstText(...Object.values(oem).map((part) => at(part, 'GPUVendor')));
}

const acceleratorOf =
  (kind: Accelerator['kind']) =>
  (device: Resource): Accelerator => {
    const model = firstText(at(device, 'Model'), at(device, 'Name'));
    const memory = kind === 'gpu' ? /\b(\d{1,3}) ?GB\b/i.exec(model ?? '') : null;
    return compact({
      id: idOf(device),
      kind,
      manufacturer: firstText(at(device, 'Manufacturer'), oemMaker(device)),
      model,
      slot: firstText(
        at(device, 'Slot', 'Location', 'PartLocation', 'ServiceLabel'),
        at(device, 'Location', 'PartLocation', 'ServiceLabel'),
        at(device, 'Controllers', '0', 'Location', 'PartLocation', 'ServiceLabel'),
      ),
      memory_gib: memory === null ? undefined : Number(memory[1]),
      health: healthOf(device),
    });
  };
