import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inventoryOf, playStage, type StagePlay } from './bios-stage-run.ts';
import { type OmeClient, discoveryOf, omeClient } from './ome-client.ts';
import { type OmeRig, startOmeRig } from './ome-rig.ts';
import { callModule } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

const NODES = ['node-1', 'node-2', 'node-3', 'node-4'] as const;
const OTHER_SYSTEM =
  'RED097: The specified firmware image is for a component that is not in the target system inventory.';

let rig: OmeRig;
let client: OmeClient;
let folder: string;
let work: net.Server;
let first: StagePlay;
let second: StagePlay;
let third: StagePlay;

beforeAll(async () => {
  rig = await startOmeRig({ timings: { job: 0, poll: 0.02 } });
  client = omeClient(rig.ome);
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-firmware-stage-'));
  work = net.createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => work.listen(0, '127.0.2.4', () => resolve()));
  power(2, 'Off');
  await discover();

  rig.ome.setFaults([{ kind: 'update-fails', device: 'OME0002', text: OTHER_SYSTEM }]);
  first = await carryOut(1, { wave_size: 2 }, '--skip-tags=acceptance');

  power(2, 'On');
  await discover();
  rig.ome.setFaults([{ kind: 'job-stuck', job: 'Update_Task', times: 1 }]);
  second = await carryOut(
    2,
    { wave_size: 1, restart_at_work: ['node-4'] },
    '--limit=all:!ghost',
    '--skip-tags=acceptance',
  );
  third = await carryOut(3, { wave_size: 1 }, '--skip-tags=acceptance');
}, 300_000);
afterAll(async () => {
  work.close();
  await rig.close();
  await rm(folder, { recursive: true, force: true });
});

function power(index: 0 | 1 | 2 | 3, state: 'On' | 'Off'): void {
  Object.assign(rig.bmcs[index].state(), { power: state });
}

/** Has OME read all four BMCs. */
async function discover(): Promise<void> {
  for (const { url, login } of rig.bmcs) {
    const { hostname, port } = new URL(url);
    const payload = discoveryOf([hostname], Number(port), login.password);
    const { json } = await client.ask('POST', 'DiscoveryConfigService/DiscoveryConfigGroups', payload);
    expect((await client.ended(json.DiscoveryConfigTaskParam[0].TaskId)).status).toBe(2060);
  }
}

/** The stage over the four servers and one that OME does not know. */
function carryOut(attempt: number, firmware: object, ...words: readonly string[]): Promise<StagePlay> {
  const { ome, repository } = rig;
  const hosts = NODES.map((name, index) => ({
    ...{ name, serial: `OME000${index + 1}` },
    interfaces: [{ name: 'nic1', network: 'all', address: `127.0.2.${index + 1}` }],
  }));
  const parameters = {
    ome: { address: ome.host, port: ome.port, credential: 'ome', certificate: ome.certificate.sha256 },
    firmware: { catalog: { url: `http://${repository}/catalog/catalog.xml.gz` }, ...firmware },
  };
  const vars = {
    bringup_run: { id: 'run-1', stage: 'firmware', attempt, runtime: folder },
    bringup_credentials: { ome: ome.login },
    firmware_poll_seconds: 2,
    firmware_job_limit_seconds: 6,
    firmware_work_ports: [(work.address() as net.AddressInfo).port],
  };
  const all = [...hosts, { name: 'ghost', serial: 'OME0009' }];
  return playStage('firmware.yml', folder, inventoryOf(all, parameters, new Map()), vars, ...words);
}

const versionsOf = (index: 0 | 1 | 2 | 3) => Object.values(rig.bmcs[index].state().firmware).sort();
const NEW = ['1.9.2', '6.10.30.00'];

it('updates one server in the wave in which another one fails, and leaves alone those that must not be restarted', () => {
  expect(versionsOf(0), first.output).toEqual(NEW);
  expect(Object.entries(first.failed).map(([host, { code }]) => [host, code])).toEqual([
    ['ghost', 'FIRMWARE_DEVICE_UNKNOWN'],
    ['node-2', 'FIRMWARE_PACKAGE_MODEL'],
    ['node-3', 'HOST_POWERED_OFF'],
    ['node-4', 'HOST_CARRIES_WORK'],
  ]);
  expect(first.failed['node-2']?.msg).toBe(`The firmware update of node-2 failed: ${OTHER_SYSTEM}`);
  expect(Object.values(first.failed).map((result) => causeOf(result))).toEqual([
    'firmware.device_unknown',
    'firmware.package_model',
    'host.powered_off',
    'host.carries_work',
  ]);
});

it('keeps what was to be updated, and what is left of it', async () => {
  const read = async (name: string) =>
    JSON.parse(await readFile(path.join(folder, 'site/firmware', `run-1-1-${name}.json`), 'utf8')) as {
      readonly hosts: Record<string, { readonly service_tag: string; readonly updates: readonly object[] }>;
    };
  const before = (await read('before')).hosts['node-1'];
  expect(before?.service_tag).toBe('OME0001');
  expect(before?.updates).toContainEqual({
    ...{ component: 'BIOS', source: expect.stringContaining('BIOS.Setup.1-1'), restart: true },
    ...{ from: '1.8.2', to: '1.9.2' },
  });
  expect((await read('after')).hosts['node-1']?.updates).toEqual([]);
});

it('goes on after that where all was mended, and names a job that does not end', () => {
  expect([versionsOf(1), versionsOf(2), versionsOf(3)], second.output).toEqual([[], NEW, NEW]);
  expect(Object.keys(second.failed)).toEqual(['node-2']);
  expect(second.failed['node-2']?.msg).toMatch(
    /^The job \d+ \(Firmware Update Task\) of OpenManage Enterprise for node-2 has not ended: running since 20\d\d-/,
  );
  expect(causeOf(second.failed['node-2']!)).toBe('firmware.job_endless');
});

it('changes nothing where nothing is to be updated, and begins no second job beside one that runs', () => {
  expect(third.changed, third.output).toEqual([]);
  expect(Object.entries(third.failed).map(([host, { code }]) => [host, code])).toEqual([
    ['ghost', 'FIRMWARE_DEVICE_UNKNOWN'],
    ['node-2', 'FIRMWARE_JOB_ENDLESS'],
  ]);
});

it('finds by its acceptance test alone whose firmware is behind', { timeout: 240_000 }, async () => {
  const proof = await carryOut(4, {}, '--tags=acceptance', '--limit=all:!ghost');
  expect(proof.failed, proof.output).toMatchObject({
    'node-2': {
      code: 'FIRMWARE_BEHIND',
      msg: expect.stringMatching(/^The firmware of node-2 is not as the catalogue has it: .*BIOS/),
    },
  });
  expect(Object.values(proof.failed).map((result) => causeOf(result))).toEqual(['firmware.behind']);
  expect(proof.changed).toEqual([]);
});

it('plans nothing for a server that the run goes on without', async () => {
  const hosts = [true, false].map((takes_part, index) => ({
    name: NODES[index],
    serials: [`OME000${index + 1}`],
    takes_part,
  }));
  const devices = { value: [1, 2].map((Id) => ({ Id, DeviceServiceTag: `OME000${Id}`, PowerState: 17 })) };
  const part = { Name: 'BIOS', SourceName: 'b', CurrentVersion: '1', Version: '2', UpdateAction: 'UPGRADE' };
  const reports = [1, 2].map((DeviceId) => ({ DeviceId, ComponentComplianceReports: [part] }));
  const { waves, updates } = await callModule('bringup_fw_plan', { hosts, devices, reports });
  expect(waves).toMatchObject([[{ name: 'node-1', restart: true, power: 'On' }]]);
  expect(Object.keys(updates as object)).toEqual(['node-1', 'node-2']);
});

it('says of a catalogue that it is missing, or has to be read anew', async () => {
  const { ome, repository } = rig;
  const known = await client.ask('GET', 'UpdateService/Catalogs');
  const given = (name: string, file: string) =>
    callModule('bringup_fw_catalog', {
      ...{ name, stamp: 'run-1/4', url: `http://${repository}/catalog/${file}` },
      ...{ hostname: ome.host, port: ome.port, ...ome.login, ca_path: path.join(folder, 'ome.pem') },
    });
  const missing = await given('Bringup stage', 'Catalog.xml');
  expect(missing).toMatchObject({ failed: true, code: 'FIRMWARE_CATALOG_MISSING' });
  expect(causeOf(missing)).toBe('firmware.catalog_missing');
  const [catalog] = known.json.value as unknown as readonly {
    readonly Repository: { readonly Description: string };
  }[];
  const description = catalog?.Repository.Description ?? '';
  expect(await given('Bringup stage', 'catalog.xml.gz')).toMatchObject({ description, release: '26.11.01' });
  rig.ome.setFaults([{ kind: 'catalog-missing' }]);
  const { json } = await client.ask('POST', 'UpdateService/Catalogs', {
    ...{ Filename: 'catalog.xml.gz', SourcePath: 'catalog' },
    Repository: { Name: 'unread', Description: description, RepositoryType: 'HTTP', Source: repository },
  });
  await client.ended(json.TaskId);
  expect(await given('unread', 'catalog.xml.gz')).toMatchObject({
    description: `${description}, read anew by run-1/4`,
  });
});
