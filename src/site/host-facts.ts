import type { HardwareSnapshot } from '../contract/hardware.ts';

/** What is known of a host beside the site file: the profile it matched, what discovery saw, variables of its profile. */
export interface HostFacts {
  readonly profile?: string;
  readonly snapshot?: HardwareSnapshot;
  /** Variables as Ansible sees them, such as those of the profile; they never replace those that Bringup sets. */
  readonly vars?: Readonly<Record<string, unknown>>;
}

/** The part of a snapshot that playbooks need, as `bringup_hardware`. Fields that the BMC did not tell are missing. */
export function hardwareVars(snapshot: HardwareSnapshot): Readonly<Record<string, unknown>> {
  const { manufacturer, model, serial, sku, uuid, bios, bmc, cpu, memory, disks, nics, accelerators, boot } =
    snapshot;
  return {
    manufacturer,
    model,
    serial,
    sku,
    uuid,
    bios_version: bios.version,
    bmc_product: bmc.product,
    bmc_version: bmc.version,
    boot_mode: boot.mode,
    cpu_count: cpu.count,
    cpu_model: cpu.model,
    cpu_cores: cpu.cores,
    memory_gib: memory.total_gib,
    disks: disks.map(({ id, kind, size_gb, model, serial }) => ({ id, kind, size_gb, model, serial })),
    nics: nics.map(({ id, mac, link, speed_mbps }) => ({ id, mac, link, speed_mbps })),
    accelerators: accelerators.map(({ id, kind, model }) => ({ id, kind, model })),
  };
}
