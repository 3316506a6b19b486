import { builtinCapture, createCapture, type Capture } from '../lab/bmc/index.ts';

type Resource = Readonly<Record<string, unknown>>;
type Tree = Record<string, Resource>;

const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';
const PROCESSORS = `${SYSTEM}/Processors`;
const RAID = `${SYSTEM}/Storage/RAID.SL.3-1`;
/** Bays of a storage server, and what a disk in one holds. */
const BAYS = 12;
const DISK_BYTES = 7_681_501_126_656;

/** How hardware of a kind differs from the built-in tree, which fits the profile `compute`. */
const KINDS: Readonly<Record<string, (tree: Tree) => void>> = {
  'control-plane': (tree) => shrink(tree, 'PowerEdge R650', 24, 16384),
  'rke2-server': (tree) => shrink(tree, 'PowerEdge R650', 24, 16384),
  'edge-small': (tree) => shrink(tree, 'PowerEdge XR11', 8, 8192),
  'storage-dense': fillBays,
  gpu: addGpu,
};

const made = new Map<string, Capture>();

/** The hardware that a simulated machine shows: made for the profile or the role that the site file names for it. */
export function captureFor(kind: string, isOff: boolean): Capture {
  const change = KINDS[kind];
  const key = `${change === undefined ? '' : kind} ${isOff ? 'off' : 'on'}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const base = builtinCapture();
  const tree: Tree = Object.fromEntries([...base.keys()].map((uri) => [uri, base.lookup(uri) ?? {}]));
  change?.(tree);
  if (isOff) set(tree, SYSTEM, { PowerState: 'Off' });
  const capture = createCapture(tree);
  made.set(key, capture);
  return capture;
}

/** One processor of so many cores, and eight modules of that many MiB. */
function shrink(tree: Tree, model: string, cores: number, moduleMib: number): void {
  delete tree[`${PROCESSORS}/CPU.Socket.2`];
  set(tree, PROCESSORS, membersOf([`${PROCESSORS}/CPU.Socket.1`]));
  set(tree, `${PROCESSORS}/CPU.Socket.1`, {
    ...{ TotalCores: cores, TotalEnabledCores: cores, TotalThreads: cores * 2 },
  });
  for (const uri of Object.keys(tree))
    if (uri.startsWith(`${SYSTEM}/Memory/`)) set(tree, uri, { CapacityMiB: moduleMib });
  const memory = { TotalSystemMemoryGiB: (moduleMib * 8) / 1024 };
  set(tree, SYSTEM, {
    Model: model,
    ProcessorSummary: { Count: 1, CoreCount: cores, LogicalProcessorCount: cores * 2 },
    MemorySummary: memory,
  });
}

function fillBays(tree: Tree): void {
  const first = `${RAID}/Drives/Disk.Bay.0:Enclosure.Internal.0-1:RAID.SL.3-1`;
  const uris = Array.from({ length: BAYS }, (_, bay) => first.replace('Disk.Bay.0', `Disk.Bay.${bay}`));
  for (const [bay, uri] of uris.entries()) {
    tree[uri] = {
      ...tree[first],
      ...{ '@odata.id': uri, Id: uri.split('/').at(-1), Name: `Solid State Disk 0:1:${bay}` },
      ...{ SerialNumber: `S6ESNT0W2${String(bay).padStart(2, '0')}7A1`, CapacityBytes: DISK_BYTES },
    };
  }
  set(tree, RAID, { Drives: uris.map((uri) => ({ '@odata.id': uri })), 'Drives@odata.count': BAYS });
}

function addGpu(tree: Tree): void {
  const uri = `${PROCESSORS}/Video.Slot.7-1`;
  tree[uri] = {
    '@odata.id': uri,
    '@odata.type': '#Processor.v1_12_0.Processor',
    Id: 'Video.Slot.7-1',
    Name: 'Video.Slot.7-1',
    ProcessorType: 'GPU',
    Manufacturer: 'NVIDIA Corporation',
    Model: 'A40',
    Status: { State: 'Enabled', Health: 'OK' },
  };
  set(tree, PROCESSORS, membersOf([`${PROCESSORS}/CPU.Socket.1`, `${PROCESSORS}/CPU.Socket.2`, uri]));
}

function set(tree: Tree, uri: string, fields: Resource): void {
  tree[uri] = { ...tree[uri], ...fields };
}

function membersOf(uris: readonly string[]): Resource {
  return { Members: uris.map((uri) => ({ '@odata.id': uri })), 'Members@odata.count': uris.length };
}
