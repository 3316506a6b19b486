import type { BmcFacts, HardwareSnapshot } from '../../contract/hardware.ts';
import type { RedfishReader } from '../reader.ts';
import { joinAccelerators, readCards } from './accelerators.ts';
import { readBios } from './bios.ts';
import { readBmc } from './bmc.ts';
import { bootMode, readBoot } from './boot.ts';
import { createCollector } from './collector.ts';
import { findEntry, type Entry } from './entry.ts';
import { readFirmware } from './firmware.ts';
import { rollUp } from './health.ts';
import { readJobs } from './jobs.ts';
import { readVirtualMedia } from './media.ts';
import { readMemory } from './memory.ts';
import { readNetwork } from './network.ts';
import { readPowerSupplies } from './power.ts';
import { readProcessors } from './processors.ts';
import type { RegistryClaims } from './registry.ts';
import { readStorage } from './storage.ts';
import { powerState } from './terms.ts';
import { at, compact, firstText, link } from './values.ts';

/** What the one who dialled the BMC knows beyond its answers. */
export interface SnapshotContext {
  /** As dialled: `https://10.20.1.11`. */
  readonly address: string;
  /** Our clock; read when the BMC tells its own. */
  readonly now: () => Date;
  readonly certificate?: BmcFacts['certificate'];
  /** Id of the system, for a BMC that serves several. The first otherwise. */
  readonly system?: string;
  /** Which kinds of machine have told their BIOS registry already; without it none is read. */
  readonly registries?: RegistryClaims;
}

/**
 * Describes one machine out of its Redfish tree. Rejects only when the service root or the systems cannot be read, or
 * with REDFISH_NO_SYSTEM; anything else that is missing or malformed becomes a gap and the rest goes on.
 */
export async function readSnapshot(
  reader: RedfishReader,
  context: SnapshotContext,
): Promise<HardwareSnapshot> {
  const collector = createCollector(reader);
  const capturedAt = context.now().toISOString();
  const entry = await findEntry(reader, collector, context.now, context.system);
  const { system } = entry;
  const [devices, memory, storage, supplies, bmc, bios, boot, firmware, media, jobs] = await Promise.all([
    readDevices(collector, entry),
    readMemory(collector, system),
    readStorage(collector, entry),
    readPowerSupplies(collector, entry),
    readBmc(collector, entry, context),
    readBios(collector, entry, context.registries),
    readBoot(collector, system),
    readFirmware(collector, entry),
    readVirtualMedia(collector, entry),
    readJobs(collector, entry),
  ]);
  const parts = { ...devices, memory, ...storage, power_supplies: supplies };
  return compact({
    schema: 1 as const,
    captured_at: capturedAt,
    uri: link(system),
    ...identity(entry),
    power_state: powerState(at(system, 'PowerState')),
    ...rollUp(entry, parts),
    bmc,
    bios,
    ...parts,
    firmware,
    boot: compact({ mode: bootMode(system, bios.attributes), ...boot }),
    virtual_media: media,
    jobs,
    gaps: collector.gaps,
  });
}

async function readDevices(collector: ReturnType<typeof createCollector>, entry: Entry) {
  const [{ cpu, accelerators }, { nics, adapters }, cards] = await Promise.all([
    readProcessors(collector, entry),
    readNetwork(collector, entry),
    readCards(collector, entry),
  ]);
  return { cpu, nics, accelerators: joinAccelerators(accelerators, cards, adapters) };
}

/** Who the machine is. The chassis stands in for fields that the maker left empty in the system. */
function identity({ root, system, chassis }: Entry) {
  const enclosure = chassis[0];
  return {
    manufacturer: firstText(at(system, 'Manufacturer'), at(enclosure, 'Manufacturer'), at(root, 'Vendor')),
    model: firstText(at(system, 'Model'), at(enclosure, 'Model')),
    serial: firstText(at(system, 'SerialNumber'), at(enclosure, 'SerialNumber')),
    sku: firstText(at(system, 'SKU'), at(enclosure, 'SKU')),
    uuid: firstText(at(system, 'UUID'), at(root, 'UUID'))?.toLowerCase(),
    asset_tag: firstText(at(system, 'AssetTag'), at(enclosure, 'AssetTag')),
    host_name: firstText(at(system, 'HostName')),
  };
}
