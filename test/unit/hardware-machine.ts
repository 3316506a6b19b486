import type { HardwareSnapshot, NicPort } from '../../src/contract/hardware.ts';

/** A healthy machine with nothing to complain of; tests change what they are about. */
export function machine(changes: Partial<HardwareSnapshot> = {}): HardwareSnapshot {
  return {
    schema: 1,
    captured_at: '2026-01-10T08:00:00.000Z',
    manufacturer: 'Dell Inc.',
    model: 'PowerEdge R660',
    serial: 'ABC1234',
    power_state: 'On',
    health: 'OK',
    health_problems: [],
    bmc: {
      address: 'https://10.20.1.11',
      product: 'iDRAC 9',
      clock_offset_seconds: 2,
      licenses: [{ name: 'iDRAC9 16G Enterprise License', state: 'active' }],
      sessions: { open: 1, limit: 8 },
    },
    bios: { attributes: {}, pending: {} },
    cpu: { count: 0, cores: 0, threads: 0, processors: [] },
    memory: { total_gib: 0, dimms: [] },
    disks: [],
    controllers: [],
    nics: [],
    accelerators: [],
    power_supplies: [],
    firmware: [],
    boot: { order: [], override: { enabled: 'Disabled', target: 'None' } },
    virtual_media: [],
    jobs: [],
    gaps: [],
    ...changes,
  };
}

/** A port of a network adapter with a link. */
export function port(id: string, changes: Partial<NicPort> = {}): NicPort {
  return { id, name: id, link: 'up', health: 'OK', ...changes };
}
