import type { Accelerator, HardwareSnapshot, Processor } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { healthOf, isAbsent } from './terms.ts';
import { at, byName, compact, firstText, idOf, link, list, positive, text } from './values.ts';

/** An accelerator as the processor collection tells it, with what identifies its card elsewhere in the tree. */
export interface ProcessorAccelerator {
  readonly accelerator: Accelerator;
  readonly pcieDevice: string | undefined;
  readonly serial: string | undefined;
}

/** Kinds of ProcessorType (DSP0268) that are accelerators. */
const KINDS: Readonly<Record<string, Accelerator['kind']>> = {
  gpu: 'gpu',
  fpga: 'fpga',
  dsp: 'other',
  accelerator: 'other',
  oem: 'other',
};

/** Kernel names of the architectures that InstructionSet and ProcessorArchitecture name. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  'x86-64': 'x86_64',
  x86: 'x86_64',
  'arm-a64': 'aarch64',
  arm: 'aarch64',
  power: 'ppc64le',
  'power-isa': 'ppc64le',
  'risc-v': 'riscv64',
};

/** Sockets and their sums; where the BMC lists no sockets, ProcessorSummary gives the sums. */
export async function readProcessors(
  collector: Collector,
  entry: Entry,
): Promise<{ cpu: HardwareSnapshot['cpu']; accelerators: readonly ProcessorAccelerator[] }> {
  const owners = [entry.system, ...entry.companions];
  const collections = await Promise.all(
    owners.map((owner) => collector.members('processors', link(at(owner, 'Processors')))),
  );
  const [own = [], ...others] = collections.map((members) => members.filter((member) => !isAbsent(member)));
  const sockets = own.filter((member) => ['cpu', ''].includes(typeOf(member))).filter(isPopulated);
  // A baseboard's FPGA only runs the baseboard.
  const beside = others.flat().filter((member) => typeOf(member) === 'gpu');
  const accelerators = [...own, ...beside].flatMap((member) => acceleratorOf(member));
  return { cpu: sumUp(sockets, entry.system), accelerators };
}

function sumUp(sockets: readonly Resource[], system: Resource): HardwareSnapshot['cpu'] {
  const processors = byName(sockets.map(processorOf), (processor) => processor.id);
  const summary = at(system, 'ProcessorSummary');
  const first = processors[0];
  const sum = (pick: (processor: Processor) => number | undefined) =>
    processors.reduce((total, processor) => total + (pick(processor) ?? 0), 0);
  const cores = sum((processor) => processor.cores) || (positive(at(summary, 'CoreCount')) ?? 0);
  const threads =
    sum((processor) => processor.threads) || (positive(at(summary, 'LogicalProcessorCount')) ?? 0);
  return compact({
    count: processors.length || (positive(at(summary, 'Count')) ?? 0),
    model: first?.model ?? text(at(summary, 'Model')),
    manufacturer: first?.manufacturer,
    architecture: first?.architecture,
    cores,
    threads: threads || cores,
    processors,
  });
}

function processorOf(resource: Resource): Processor {
  return compact({
    id: idOf(resource),
    manufacturer: text(at(resource, 'Manufacturer')),
    model: firstText(at(resource, 'Model'), at(resource, 'Version')),
    architecture: architectureOf(resource),
    cores: positive(at(resource, 'TotalCores')) ?? positive(at(resource, 'TotalEnabledCores')),
    threads: positive(at(resource, 'TotalThreads')),
    max_speed_mhz: positive(at(resource, 'MaxSpeedMHz')),
    health: healthOf(resource),
  });
}

function architectureOf(resource: Resource): string | undefined {
  const named = firstText(at(resource, 'InstructionSet'), at(resource, 'ProcessorArchitecture'));
  return named === undefined ? undefined : (ARCHITECTURES[named.toLowerCase()] ?? named.toLowerCase());
}

function acceleratorOf(resource: Resource): ProcessorAccelerator[] {
  const kind = KINDS[typeOf(resource)];
  if (kind === undefined) return [];
  const memory =
    positive(at(resource, 'MemorySummary', 'TotalMemorySizeMiB')) ??
    list(at(resource, 'ProcessorMemory'))
      .filter((part) => !/^l\d/i.test(text(at(part, 'MemoryType')) ?? ''))
      .reduce<number>((total, part) => total + (positive(at(part, 'CapacityMiB')) ?? 0), 0);
  const accelerator = compact({
    id: idOf(resource),
    kind,
    manufacturer: text(at(resource, 'Manufacturer')),
    model: firstText(at(resource, 'Model'), at(resource, 'Name')),
    slot: firstText(
      at(resource, 'Location', 'PartLocation', 'ServiceLabel'),
      at(resource, 'PhysicalLocation', 'PartLocation', 'ServiceLabel'),
    ),
    memory_gib: memory > 0 ? Math.round(memory / 1024) : undefined,
    health: healthOf(resource),
  });
  const pcieDevice = link(at(resource, 'Links', 'PCIeDevice'));
  return [{ accelerator, pcieDevice, serial: text(at(resource, 'SerialNumber')) }];
}

function typeOf(resource: Resource): string {
  return (text(at(resource, 'ProcessorType')) ?? '').toLowerCase();
}

/** An empty socket may be listed without a state. */
function isPopulated(resource: Resource): boolean {
  return (
    firstText(at(resource, 'Model'), at(resource, 'Version'), at(resource, 'Manufacturer')) !== undefined ||
    positive(at(resource, 'TotalCores')) !== undefined
  );
}
