import { describe, expect, it } from 'vitest';
import type { HardwareSnapshot } from '../../src/contract/hardware.ts';
import { readSnapshot } from '../../src/hardware/snapshot/index.ts';
import { capture, type Tree, treeReader } from './hardware-tree.ts';

const CONTEXT = { address: 'https://192.168.247.199', now: () => new Date('2024-08-15T21:43:00Z') };
const dell = capture('dell-poweredge-r750');
const hpe = capture('hpe-dl385-gen10plus-v2');
const read = (tree: Tree | undefined): Promise<HardwareSnapshot> =>
  readSnapshot(treeReader(tree ?? {}), CONTEXT);

describe.skipIf(dell === undefined)(
  `a real PowerEdge R750${dell === undefined ? ' (not run: no capture beside the repository)' : ''}`,
  () => {
    it('is identified by its maker, model, service tag and versions', async () => {
      expect(await read(dell)).toMatchObject({
        manufacturer: 'Dell Inc.',
        model: 'PowerEdge R750',
        serial: 'SF88520FBEFB3E',
        sku: 'S35AB4E',
        power_state: 'On',
        health: 'OK',
        health_problems: [],
        bios: { version: '1.8.2', pending: {} },
        bmc: {
          product: 'iDRAC 9',
          version: '6.00.30.00',
          mac: '02:00:5e:be:e2:2b',
          redfish_version: '1.13.1',
          time: '2024-08-08T23:48:10.000Z',
          clock_offset_seconds: -597290,
          licenses: [{ name: 'iDRAC9 15g Enterprise License', state: 'active' }],
        },
        boot: { mode: 'UEFI', secure_boot: false, override: { enabled: 'Disabled', target: 'None' } },
      });
    });

    it('has two 18-core processors, sixteen 32 GiB modules and three 1.92 TB NVMe drives', async () => {
      const { cpu, memory, disks, controllers } = await read(dell);
      expect(cpu).toMatchObject({ count: 2, cores: 36, threads: 72, architecture: 'x86_64' });
      expect(cpu.model).toBe('Intel(R) Xeon(R) Gold 6354 CPU @ 3.00GHz');
      expect(memory.total_gib).toBe(512);
      expect(memory.dimms.map((dimm) => dimm.size_gib)).toEqual(Array<number>(16).fill(32));
      expect(memory.dimms[0]).toMatchObject({ slot: 'DIMM A1', type: 'DDR4', speed_mhz: 3200 });
      expect(disks.map(({ id, kind, size_gb }) => [id, kind, size_gb])).toEqual([
        ['Disk.Bay.0:Enclosure.Internal.0-1', 'nvme', 1920],
        ['Disk.Bay.1:Enclosure.Internal.0-1', 'nvme', 1920],
        ['Disk.Bay.2:Enclosure.Internal.0-1', 'nvme', 1920],
      ]);
      expect(controllers.map((controller) => controller.id)).toEqual([
        'AHCI.Embedded.1-1',
        'AHCI.Embedded.2-1',
      ]);
    });

    it('shows each network port once, with the MAC of its function and the state of its link', async () => {
      const { nics } = await read(dell);
      expect(nics.map(({ id, mac, link }) => [id, mac, link])).toEqual([
        ['InfiniBand.Slot.7-2', '02:00:5e:df:f2:af', 'up'],
        ['NIC.Embedded.1-1', '02:00:5e:bc:c1:71', 'down'],
        ['NIC.Embedded.2-1', '02:00:5e:24:dc:68', 'down'],
        ['NIC.Integrated.1-1', '02:00:5e:3d:f2:90', 'down'],
        ['NIC.Integrated.1-2', '02:00:5e:df:31:ba', 'down'],
        ['NIC.Slot.5-1', '02:00:5e:0a:0f:70', 'unknown'],
      ]);
      expect(nics.filter((nic) => nic.lldp !== undefined)).toEqual([]);
    });

    it('takes the LLDP neighbour from the switch connections that the iDRAC keeps apart', async () => {
      const connections = '/redfish/v1/Systems/System.Embedded.1/NetworkPorts/Oem/Dell/DellSwitchConnections';
      const changed = structuredClone(dell) as Record<string, { Members: Record<string, unknown>[] }>;
      const members = changed[connections]!.Members;
      const integrated = members.find((member) => member['FQDD'] === 'NIC.Integrated.1-1-1')!;
      Object.assign(integrated, {
        SwitchConnectionID: '00:00:5E:00:53:FE',
        SwitchPortConnectionID: 'Ethernet1/7',
      });
      const stale = members.find((member) => member['FQDD'] === 'NIC.Integrated.1-2-1')!;
      Object.assign(stale, {
        SwitchConnectionID: '00:00:5E:00:53:FE',
        SwitchPortConnectionID: 'swp8',
        StaleData: 'Stale',
      });
      const { nics } = await read(changed);
      const lldp = new Map(nics.map((nic) => [nic.id, nic.lldp]));
      expect(lldp.get('NIC.Integrated.1-1')).toEqual({
        switch: '00:00:5e:00:53:fe',
        port: 'Ethernet1/7',
        chassis_id: '00:00:5e:00:53:fe',
      });
      expect(lldp.get('NIC.Integrated.1-2')).toBeUndefined();
    });

    it('counts the GPU once, though processors and PCIe devices both list it, and the DPU as one', async () => {
      const { accelerators } = await read(dell);
      expect(accelerators.map(({ id, kind, model }) => [id, kind, model])).toEqual([
        ['NIC.Slot.5', 'dpu', 'BlueField-2 SmartNIC Main Card'],
        ['Video.Slot.2-1', 'gpu', 'NVIDIA H100 PCIe'],
      ]);
    });

    it('has two power supplies, one finished job, empty media and the boot order by name', async () => {
      const snapshot = await read(dell);
      expect(
        snapshot.power_supplies.map(({ id, capacity_watts, input_volts }) => [
          id,
          capacity_watts,
          input_volts,
        ]),
      ).toEqual([
        ['PSU.Slot.1', 2400, 240],
        ['PSU.Slot.2', 2400, 240],
      ]);
      expect(snapshot.jobs).toMatchObject([
        { id: 'JID_102241909559', state: 'completed', name: 'Configure: BIOS.Setup.1-1' },
      ]);
      expect(snapshot.virtual_media.map(({ id, inserted }) => [id, inserted])).toEqual([
        ['1', false],
        ['2', false],
      ]);
      expect(snapshot.boot.order.map(({ id }) => id)).toEqual([
        'Boot0000',
        'Boot0001',
        'Boot0003',
        'Boot0004',
        'Boot0002',
      ]);
      expect(snapshot.boot.order[0]?.name).toBe('HTTP Device 1: NIC in Slot 5 Port 1');
    });

    it('lists what is installed, not the copies for rollback and repository', async () => {
      const { firmware } = await read(dell);
      expect(firmware).toHaveLength(21);
      expect(firmware.every((item) => item.id.startsWith('Installed-'))).toBe(true);
      expect(firmware.find((item) => item.name === 'BIOS')?.version).toBe('1.8.2');
    });

    it('says that the capture holds no sessions, and misses nothing else', async () => {
      const { gaps, bmc } = await read(dell);
      expect(gaps.map((gap) => gap.uri)).toEqual(['/redfish/v1/SessionService/Sessions']);
      expect(bmc.sessions).toBeUndefined();
    });

    it('takes 38 requests in 5 rounds where collections come whole, 135 in 8 where they do not', async () => {
      const whole = treeReader(dell ?? {});
      await readSnapshot(whole, CONTEXT);
      expect([whole.requests(), whole.rounds()]).toEqual([38, 5]);
      const single = treeReader(dell ?? {}, { expand: false });
      await readSnapshot(single, CONTEXT);
      expect([single.requests(), single.rounds()]).toEqual([135, 8]);
    });
  },
);

describe.skipIf(hpe === undefined)(
  `a real ProLiant DL385 Gen10 Plus v2${hpe === undefined ? ' (not run: no capture beside the repository)' : ''}`,
  () => {
    it('is identified, and its BMC is an iLO 5 with its licence', async () => {
      expect(await read(hpe)).toMatchObject({
        manufacturer: 'HPE',
        model: 'ProLiant DL385 Gen10 Plus v2',
        serial: 'S51A41C032',
        bios: { version: 'A42 v2.60 (08/11/2022)', pending: {} },
        bmc: {
          product: 'iLO 5',
          version: 'iLO 5 v2.72',
          mac: '02:00:5e:19:b1:82',
          clock_offset_seconds: 28,
          licenses: [{ name: 'iLO Advanced', state: 'active' }],
        },
        boot: { mode: 'UEFI', secure_boot: false },
      });
    });

    it('names the part that makes it critical', async () => {
      const { health, health_problems } = await read(hpe);
      expect(health).toBe('Critical');
      expect(health_problems).toEqual(['disk DA00001C: Critical, failure predicted']);
    });

    it('has 2 x 64 cores, 16 modules of 64 GiB in 32 slots', async () => {
      const { cpu, memory } = await read(hpe);
      expect(cpu).toMatchObject({
        count: 2,
        cores: 128,
        threads: 256,
        model: 'AMD EPYC 7763 64-Core Processor',
      });
      expect(memory.total_gib).toBe(1024);
      expect(memory.dimms.map((dimm) => dimm.size_gib)).toEqual(Array<number>(16).fill(64));
    });

    it('has 16 NVMe drives, which are no controllers, and a RAID 1 of two SSDs', async () => {
      const { disks, controllers } = await read(hpe);
      expect(disks.filter((disk) => disk.kind === 'nvme' && disk.size_gb === 6401)).toHaveLength(16);
      expect(disks.filter((disk) => disk.kind === 'ssd' && disk.size_gb === 480)).toHaveLength(2);
      expect(disks).toHaveLength(18);
      expect(controllers).toHaveLength(1);
      expect(controllers[0]).toMatchObject({
        id: 'DE081000',
        firmware_version: '5.32',
        volumes: [{ name: 'Logical Drive 1', raid_type: 'RAID1', size_gb: 480, health: 'OK' }],
      });
    });

    it('joins three lists of network ports into one', async () => {
      const { nics, accelerators } = await read(hpe);
      expect(nics.map(({ id, mac, link }) => [id, mac, link])).toEqual([
        ['1', '02:00:5e:7a:5c:c8', 'unknown'],
        ['2', '02:00:5e:b7:74:9f', 'unknown'],
        ['3', '02:00:5e:31:b5:a8', 'unknown'],
        ['4', '02:00:5e:d3:1c:94', 'unknown'],
        ['DE080000/0', '02:00:5e:3e:d8:c0', 'down'],
        ['DE083000/0', '02:00:5e:74:8f:10', 'down'],
        ['DE084000/0', '02:00:5e:55:fc:49', 'up'],
        ['DE084000/1', '02:00:5e:d1:07:4e', 'up'],
      ]);
      expect(nics[0]).toMatchObject({
        model: 'Intel Eth Adptr I350T4 OCPv3',
        name: 'Intel Eth Adptr I350T4 OCPv3 port 1',
      });
      expect(nics[6]).toMatchObject({ speed_mbps: 100000, max_speed_mbps: 100000 });
      expect(accelerators.map(({ id, kind }) => [id, kind])).toEqual([['DE084000', 'dpu']]);
    });

    it('takes 50 requests in 6 rounds where collections come whole', async () => {
      const reader = treeReader(hpe ?? {});
      await readSnapshot(reader, CONTEXT);
      expect([reader.requests(), reader.rounds()]).toEqual([50, 6]);
    });
  },
);
