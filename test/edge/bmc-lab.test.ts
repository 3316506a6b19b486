import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BmcSimulator, createBmcSimulator } from '../../main/lab/bmc/index.ts';
import { NODES, bmcIdentityOf, switchPortsOf } from '../../main/lab/layout.ts';
import { checkCabling, checkReadiness, runDiscovery } from '../../src/hardware/index.ts';
import { NO_CAPTURES, sharedCapture } from '../unit/bmc-machine.ts';
import type { DiscoverResult, HardwareSnapshot } from '../../src/contract/hardware.ts';

let simulator: BmcSimulator;

beforeAll(async () => {
  simulator = await createBmcSimulator({
    machines: NODES.map((node) => ({ identity: bmcIdentityOf(node), tls: 'own' as const })),
  });
});
afterAll(() => simulator.close());

const planned = NODES.map((node) => ({
  name: node.name,
  serial: node.serial,
  interfaces: [{ name: 'nic1', mac: node.mac, switch_port: switchPortsOf(node)[0] }],
}));

function discoverLab(): Promise<DiscoverResult> {
  return runDiscovery({
    targets: simulator.machines.map(({ url, login, certificate }) => ({
      base: url,
      credential: login,
      trust: { pin: certificate!.sha256 },
    })),
    planned,
    checks: [
      (machines, now) =>
        machines.flatMap(({ snapshot }) => (snapshot ? checkReadiness(snapshot, { now }) : [])),
      (machines) => checkCabling(planned, machines),
    ],
  });
}

it('is clean: both machines are found by their serial numbers, cabled as planned, and their BMCs are ready', async () => {
  const { machines, findings } = await discoverLab();
  expect(machines.map(({ host, error }) => ({ host, error }))).toEqual([
    { host: 'node-1' },
    { host: 'node-2' },
  ]);
  expect(findings).toEqual([]);
});

it('tells everything a snapshot holds', async () => {
  const { machines } = await discoverLab();
  const snapshot = machines[0]?.snapshot as HardwareSnapshot;
  expect(snapshot.gaps).toEqual([]);
  expect(snapshot).toMatchObject({
    manufacturer: 'Dell Inc.',
    model: 'PowerEdge R750',
    serial: 'LAB0001',
    power_state: 'On',
    health: 'OK',
    cpu: { count: 2, cores: 64, threads: 128 },
    memory: { total_gib: 256 },
    boot: { mode: 'UEFI', secure_boot: false },
    bmc: { version: '6.00.30.00', redfish_version: '1.13.1', licenses: [{}] },
  });
  expect(snapshot.memory.dimms).toHaveLength(8);
  expect(snapshot.disks.map(({ kind }) => kind)).toEqual(Array(6).fill('ssd'));
  expect(snapshot.controllers.flatMap(({ volumes }) => volumes.map(({ raid_type: raid }) => raid))).toEqual([
    'RAID1',
    'RAID10',
  ]);
  const [first] = snapshot.nics.filter(({ mac }) => mac === NODES[0]?.mac);
  expect(first).toMatchObject({
    link: 'up',
    speed_mbps: 25_000,
    lldp: { switch: 'lab', port: 'node-1-nic1' },
  });
  expect(snapshot.nics).toHaveLength(4);
  expect(snapshot.power_supplies).toHaveLength(2);
  expect(snapshot.firmware).toHaveLength(10);
  expect(Object.keys(snapshot.bios.attributes).length).toBeGreaterThan(40);
  expect(snapshot.virtual_media.length).toBeGreaterThan(0);
});

it.for(['dell-poweredge-r750', 'hpe-dl385-gen10plus-v2'] as const)(
  'serves the capture %s so that a discovery reads two different machines from it',
  async (name, { skip }) => {
    const capture = sharedCapture(name) ?? skip(NO_CAPTURES);
    const rack = await createBmcSimulator({ machines: [{ capture }, { capture }] });
    try {
      const targets = rack.machines.map(({ url, login }) => ({ base: url, credential: login, trust: {} }));
      const { machines } = await runDiscovery({ targets });
      expect(machines.map(({ error }) => error)).toEqual([undefined, undefined]);
      const [first, second] = machines.map(({ snapshot }) => snapshot);
      expect([first?.serial, second?.serial]).toEqual(['SIM0001', 'SIM0002']);
      expect(first?.model).toBe(second?.model);
      expect(first?.uuid).not.toBe(second?.uuid);
    } finally {
      await rack.close();
    }
  },
);
