import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../src/hardware/snapshot/index.ts';
import { fixture, treeReader } from './hardware-tree.ts';

const CONTEXT = { address: 'https://10.20.1.11', now: () => new Date('2026-01-10T08:00:00Z') };
const read = (name: string, system?: string) =>
  readSnapshot(treeReader(fixture(name)), system === undefined ? CONTEXT : { ...CONTEXT, system });

describe('a Lenovo tree', () => {
  it('takes licences from the activation keys and the BMC from its model', async () => {
    const { bmc, gaps } = await read('lenovo');
    expect(bmc).toMatchObject({
      product: 'XCC 2',
      mac: '00:00:5e:00:53:10',
      clock_offset_seconds: 30,
      licenses: [{ name: 'Lenovo XClarity Controller 2 Platinum Upgrade', state: 'active' }],
      sessions: { open: 2 },
    });
    expect(gaps).toEqual([]);
  });

  it('decodes the octets of an LLDP port id and prefers the system name of the switch', async () => {
    const { nics } = await read('lenovo');
    expect(nics).toMatchObject([
      {
        id: 'ob-1/1',
        name: 'nic1',
        mac: '00:00:5e:00:53:11',
        link: 'up',
        speed_mbps: 25000,
        lldp: { switch: 'leaf1.plant.example', port: 'Ethernet1/7', chassis_id: '00:00:5e:00:53:fe' },
      },
      { id: 'ob-1/2', mac: '00:00:5e:00:53:12', link: 'down', max_speed_mbps: 25000 },
    ]);
  });

  it('does not count empty sockets, slots, bays and the internal network of the BMC', async () => {
    const { cpu, memory, disks, nics, power_supplies } = await read('lenovo');
    expect([cpu.count, cpu.cores, memory.dimms.length, disks.length, nics.length]).toEqual([2, 64, 2, 3, 2]);
    expect(power_supplies.map((supply) => supply.present)).toEqual([true, false]);
  });

  it('finds an accelerator that only its device class gives away, and a DPU without ports', async () => {
    const { accelerators } = await read('lenovo');
    expect(accelerators.map(({ kind, model, slot }) => [kind, model, slot])).toEqual([
      ['dpu', 'BlueField-2', 'PCIe 3'],
      ['other', 'PG179', 'PCIe 7'],
    ]);
  });

  it('tells pending settings by what differs, be it spelt as number or text', async () => {
    const { bios } = await read('lenovo');
    expect(bios.pending).toEqual({ Processors_HyperThreading: 'Disabled' });
  });

  it('leaves out the backup bank and the update that waits', async () => {
    const { firmware } = await read('lenovo');
    expect(firmware.map((item) => item.id)).toEqual(['BMC-Primary', 'UEFI']);
  });

  it('reports a degraded module, but not the port without a cable', async () => {
    const { health, health_problems } = await read('lenovo');
    expect([health, health_problems]).toEqual(['Warning', ['memory DIMM 2: Warning']]);
  });
});

describe('a Supermicro tree', () => {
  it('reads numbers sent as text and a module size sent in GiB', async () => {
    const { cpu, memory, disks } = await read('supermicro');
    expect([cpu.cores, cpu.threads, cpu.processors[0]?.max_speed_mhz]).toEqual([96, 192, 3800]);
    expect(memory).toMatchObject({ total_gib: 128, dimms: [{ size_gib: 64 }, { size_gib: 64 }] });
    expect(disks.map(({ kind, size_gb, failure_predicted }) => [kind, size_gb, failure_predicted])).toEqual([
      ['hdd', 16001, undefined],
      ['ssd', 3841, true],
    ]);
  });

  it('takes the serial number of the chassis where the system has a placeholder', async () => {
    const { serial, sku, power_state } = await read('supermicro');
    expect([serial, sku, power_state]).toEqual(['C8X0TEST1', undefined, 'Off']);
  });

  it('joins a port to its interface through the network function, whatever the spelling of the MAC', async () => {
    const { nics } = await read('supermicro');
    expect(nics.map(({ id, name, mac, link, speed_mbps }) => [id, name, mac, link, speed_mbps])).toEqual([
      ['1/1', 'AOC_NIC1', '00:00:5e:00:53:21', 'up', 200000],
      ['2', 'AOC_NIC2', '00:00:5e:00:53:22', 'down', undefined],
    ]);
  });

  it('knows GPUs by the maker in the extension and leaves out the BMC’s video', async () => {
    const { accelerators } = await read('supermicro');
    expect(
      accelerators.map(({ id, kind, manufacturer, memory_gib }) => [id, kind, manufacturer, memory_gib]),
    ).toEqual([
      ['GPU1', 'gpu', 'NVIDIA', 80],
      ['GPU2', 'gpu', 'NVIDIA', 80],
    ]);
  });

  it('takes the boot mode from the BIOS, not from the override, and a licence out of its JSON text', async () => {
    const { boot, bmc, bios } = await read('supermicro');
    expect(boot).toMatchObject({ mode: 'UEFI', override: { enabled: 'Once', target: 'Pxe' } });
    expect(bmc.licenses).toEqual([{ name: 'SFT-DCMS-SINGLE', state: 'active' }]);
    expect(bios.pending).toEqual({ QuietBoot_002D: false });
  });

  it('tells two power supplies of the same id apart, and sees media by how it is connected', async () => {
    const { power_supplies, virtual_media, health_problems } = await read('supermicro');
    expect(power_supplies.map(({ id, input_volts, health }) => [id, input_volts, health])).toEqual([
      ['0', 230.5, 'OK'],
      ['1', 0, 'Critical'],
    ]);
    expect(virtual_media).toMatchObject([{ inserted: true, image: '\\\\10.0.0.1\\iso\\x.iso' }]);
    expect(health_problems).toEqual([
      'disk Disk.Bay.1: Warning, failure predicted',
      'power supply 1: Critical',
    ]);
  });
});

describe('an OpenBMC tree with a GPU baseboard', () => {
  it('describes the server and takes the GPUs from the baseboard beside it', async () => {
    const { serial, accelerators, health_problems, bmc } = await read('openbmc-hgx');
    expect(serial).toBe('ACM-0001');
    expect(accelerators).toEqual([
      {
        id: 'GPU_0',
        kind: 'gpu',
        manufacturer: 'NVIDIA',
        model: 'H200 141GB HBM3e',
        slot: 'GPU0',
        memory_gib: 141,
        health: 'Critical',
      },
    ]);
    expect(health_problems).toEqual(['accelerator GPU_0: Critical']);
    expect([bmc.product, bmc.clock_offset_seconds]).toEqual(['OpenBMC', 0]);
  });

  it('reads another system of the same BMC by its id, and names the known ones when there is none', async () => {
    expect((await read('openbmc-hgx', 'hgx_baseboard_0')).accelerators).toHaveLength(2);
    await expect(read('openbmc-hgx', 'node9')).rejects.toMatchObject({
      code: 'REDFISH_NO_SYSTEM',
      message: 'The BMC has no system named node9; it has HGX_Baseboard_0, system.',
    });
  });

  it('falls back to the summary when a module cannot be read, and says so', async () => {
    const { memory, cpu, gaps } = await read('openbmc-hgx');
    expect([memory.total_gib, memory.dimms, cpu.cores]).toEqual([768, [], 112]);
    expect(gaps.map((gap) => [gap.what, gap.uri])).toEqual([
      ['memory', '/redfish/v1/Systems/system/Memory/dimm0'],
      ['firmware', '/redfish/v1/UpdateService'],
    ]);
  });

  it('follows an absolute link, leaves Fibre Channel out and finds the power supply in another chassis', async () => {
    const { nics, power_supplies } = await read('openbmc-hgx');
    expect(nics).toMatchObject([
      { id: 'nic0/1', mac: '00:00:5e:00:53:31', link: 'up', speed_mbps: 25000, max_speed_mbps: 25000 },
    ]);
    expect(power_supplies).toMatchObject([{ id: 'psu0', capacity_watts: 3300 }]);
  });

  it('sees an expired licence, and each job once though it is also a task', async () => {
    const { bmc, jobs } = await read('openbmc-hgx');
    expect(bmc.licenses).toEqual([{ name: 'Remote media', state: 'expired' }]);
    expect(jobs.map(({ name, state, message }) => [name, state, message])).toEqual([
      ['Update', 'failed', 'Image refused.'],
      ['Apply', 'completed-with-errors', undefined],
    ]);
  });
});

describe('an iLO 4 tree', () => {
  it('is read in its older form: array controllers, port lists, BIOS attributes beside the resource', async () => {
    const snapshot = await read('hp-ilo4');
    expect(snapshot).toMatchObject({
      serial: 'CZ3TEST01',
      power_state: 'On',
      health_problems: ['disk 0: Warning'],
      memory: { total_gib: 16, dimms: [{ slot: 'proc1dimm1', size_gib: 16, type: 'DDR4', speed_mhz: 2400 }] },
      disks: [{ kind: 'hdd', size_gb: 600, protocol: 'SAS', firmware_version: 'HPDC', controller: '0' }],
      controllers: [{ model: 'HP Smart Array P440ar', volumes: [{ name: 'system', raid_type: 'RAID0' }] }],
      boot: { mode: 'Legacy' },
      bmc: { product: 'iLO 4', licenses: [{ name: 'iLO Standard', state: 'active' }], sessions: { open: 3 } },
      gaps: [],
    });
    expect(snapshot.nics.map(({ mac, link, speed_mbps }) => [mac, link, speed_mbps])).toEqual([
      ['00:00:5e:00:53:41', 'up', 1000],
      ['00:00:5e:00:53:42', 'unknown', undefined],
    ]);
  });
});
