import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BIOS_PACKAGE, IDRAC_PACKAGE, catalogXml } from '../../main/lab/simulated-catalog.ts';
import { inventoryOf, playStage, type StagePlay } from './bios-stage-run.ts';
import { type OmeClient, discoveryOf, omeClient } from './ome-client.ts';
import { type OmeRig, startOmeRig } from './ome-rig.ts';
import { callModule } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

const NODES = ['node-1', 'node-2', 'node-3', 'node-4'] as const;
/** Of the four servers, two have the catalogue of the site, one has an address of its own, one a path and components. */
const PROFILES = ['compute', 'compute', 'storage', 'gpu'] as const;
/** On a machine that has other work. */
const LONG = { timeout: 240_000 };
const OTHER_SYSTEM =
  'RED097: The specified firmware image is for a component that is not in the target system inventory.';

let rig: OmeRig;
let client: OmeClient;
let folder: string;
let work: net.Server;
let dry: StagePlay;
let first: StagePlay;
let second: StagePlay;
let third: StagePlay;
let whenUpdating = (): void => undefined;

beforeAll(async () => {
  rig = await startOmeRig({
    timings: { job: 0, poll: 0.02 },
    onRequest: (method, url) => {
      if (method === 'POST' && url.endsWith('/JobService/Jobs')) whenUpdating();
    },
  });
  const newer = { ...BIOS_PACKAGE, file: 'BIOS_7H3K0_WN64_2.0.0.EXE', version: '2.0.0' };
  rig.files.set('/gpu/catalog.xml.gz', gzipSync(catalogXml([newer, IDRAC_PACKAGE])));
  rig.files.set('/storage/catalog.xml.gz', rig.files.get('/catalog/catalog.xml.gz')!);
  client = omeClient(rig.ome);
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-firmware-stage-'));
  work = net.createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => work.listen(0, '127.0.2.4', () => resolve()));
  power(2, 'Off');
  await discover();

  dry = await carryOut(0, {}, '--check', '--limit=all:!ghost', '--skip-tags=acceptance');
  expect((await client.ask('GET', 'UpdateService/Catalogs')).json.value).toEqual([]);
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
  await leaveBaseline('Bringup stage retired');
  rig.files.delete('/storage/catalog.xml.gz');
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

async function baselines(): Promise<readonly Record<string, unknown>[]> {
  return (await client.ask('GET', 'UpdateService/Baselines')).json.value as unknown as never;
}

/** A baseline as another profile of the site left it. */
async function leaveBaseline(Name: string): Promise<void> {
  const { CatalogId, RepositoryId, Targets } = (await baselines())[0]!;
  const { status } = await client.ask('POST', 'UpdateService/Baselines', {
    ...{ Name, CatalogId, RepositoryId, Targets },
  });
  expect(status).toBe(201);
}

/** The stage over the four servers and one that OME does not know. */
function carryOut(attempt: number, firmware: object, ...words: readonly string[]): Promise<StagePlay> {
  const { ome, repository } = rig;
  const hosts = NODES.map((name, index) => ({
    ...{ name, serial: `OME000${index + 1}`, profile: PROFILES[index] },
    interfaces: [{ name: 'nic1', network: 'all', address: `127.0.2.${index + 1}` }],
  }));
  const parameters = {
    ome: { address: ome.host, port: ome.port, credential: 'ome', certificate: ome.certificate.sha256 },
    firmware: { catalog: { url: `http://${repository}/catalog/catalog.xml.gz` }, ...firmware },
  };
  const vars = {
    bringup_run: { id: 'run-1', stage: 'firmware', attempt, runtime: folder },
    bringup_credentials: { ome: ome.login },
    firmware_poll_seconds: 1,
    firmware_job_limit_seconds: 3,
    firmware_work_ports: [(work.address() as net.AddressInfo).port],
  };
  const updates = {
    storage: { catalog: `http://${repository}/storage/catalog.xml.gz` },
    gpu: { catalog: 'gpu/catalog.xml.gz', components: ['bios*'] },
  };
  const facts = hosts.flatMap(({ name, profile }) =>
    profile === undefined || profile === 'compute'
      ? []
      : [[name, { vars: { bringup_profile_settings: { firmware_updates: updates[profile] } } }] as const],
  );
  const services = { repository: { mode: 'existing', url: `http://${repository}/` } };
  const all = [...hosts, { name: 'ghost', serial: 'OME0009', profile: 'compute' }];
  const inventory = inventoryOf(all, parameters, new Map(facts), services);
  return playStage('firmware.yml', folder, inventory, vars, ...words);
}

const versionsOf = (index: 0 | 1 | 2 | 3) => Object.values(rig.bmcs[index].state().firmware).sort();
const NEW = ['1.9.2', '6.10.30.00'];

it('makes nothing in check mode, and says which catalogues it would keep', () => {
  expect(dry.failed, dry.output).toEqual({});
  expect(dry.changed).toEqual(Array(3).fill('deploy: Keep the catalogue'));
});

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
  const read = async (name: string, attempt = 1) =>
    JSON.parse(
      await readFile(path.join(folder, 'site/firmware', `run-1-${attempt}-${name}.json`), 'utf8'),
    ) as {
      readonly profiles: readonly object[];
      readonly not_compared: Record<string, object>;
      readonly hosts: Record<string, { readonly service_tag: string; readonly updates: readonly object[] }>;
    };
  const before = (await read('before')).hosts['node-1'];
  expect(before?.service_tag).toBe('OME0001');
  expect(before?.updates).toContainEqual({
    ...{ component: 'BIOS', source: expect.stringContaining('BIOS.Setup.1-1'), restart: true },
    ...{ from: '1.8.2', to: '1.9.2' },
  });
  expect((await read('after')).hosts['node-1']?.updates).toEqual([]);
  expect(await read('after')).toMatchObject({
    not_compared: { ghost: { code: 'FIRMWARE_DEVICE_UNKNOWN' } },
    profiles: [
      { profile: 'compute', hosts: ['node-1', 'node-2'], behind: ['node-2'] },
      { profile: 'gpu', hosts: ['node-4'], behind: ['node-4'] },
      { profile: 'storage', hosts: ['node-3'], behind: ['node-3'] },
    ],
  });
  expect((await read('before', 3)).not_compared).toMatchObject({
    'node-3': { code: 'FIRMWARE_CATALOG_MISSING' },
  });
});

it('keeps a baseline for each profile, with its own catalogue and its own components', async () => {
  const kept = (await baselines()).map(({ Name, RepositoryName, Targets }) => [
    ...[Name, RepositoryName],
    (Targets as readonly object[]).length,
  ]);
  expect(kept).toEqual([
    ['Bringup stage compute', 'Bringup stage', 2],
    ['Bringup stage gpu', 'Bringup stage gpu', 1],
    ['Bringup stage storage', 'Bringup stage storage', 1],
    ['Bringup stage retired', 'Bringup stage', 2],
  ]);
  const told = first.results.find(({ task }) => task === 'Say what is to be updated')?.['msg'];
  expect(told).toContain('profile gpu, node-4: BIOS is 1.8.2, the catalogue has 2.0.0\n');
});

it('goes on after that where all was mended, and names a job that does not end', () => {
  expect([versionsOf(1), versionsOf(2), versionsOf(3)], second.output).toEqual([[], NEW, ['2.0.0']]);
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
    ['node-3', 'FIRMWARE_CATALOG_MISSING'],
  ]);
});

it('names a baseline that no profile wants any more, and leaves it alone', async () => {
  const named = third.results.find(({ task }) => task === 'Name baselines that no profile wants any more');
  expect(named?.['msg']).toContain('Bringup leaves them alone: Bringup stage retired.');
  expect((await baselines()).map(({ Name }) => Name)).toContain('Bringup stage retired');
});

it('finds by its acceptance test alone whose firmware is behind', LONG, async () => {
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

it(
  'tells at each server that nobody could compare it where OpenManage Enterprise breaks off',
  LONG,
  async () => {
    rig.ome.setFaults([{ kind: 'away', path: '/api/UpdateService/Baselines(' }]);
    const cut = await carryOut(6, {}, '--tags=acceptance', '--limit=all:!ghost');
    rig.ome.setFaults([]);
    expect(Object.keys(cut.failed), cut.output).toEqual([...NODES]);
    expect(new Set(Object.values(cut.failed).map((result) => causeOf(result)))).toEqual(
      new Set(['ome.unreachable']),
    );
    expect(cut.failed['node-1']?.msg).toMatch(
      /^OpenManage Enterprise did not do it \(Read the compliance of each profile\): /,
    );
  },
);

it('goes on once all is mended, though OpenManage Enterprise goes away while it updates', LONG, async () => {
  const { jobs } = rig.ome.state();
  for (const job of jobs) if (job.lastStatus === 2050) Object.assign(job, { status: 2102, lastStatus: 2102 });
  rig.files.set('/storage/catalog.xml.gz', rig.files.get('/catalog/catalog.xml.gz')!);
  // The order is taken and its session closed; then it is away, and the update has ended when it is back.
  whenUpdating = () => rig.ome.setFaults([{ kind: 'away', after: 2, times: 2 }]);
  const mended = await carryOut(5, {}, '--limit=all:!ghost');
  expect(mended, mended.output).toMatchObject({ code: 0, failed: {} });
  expect(mended.changed).toEqual(['deploy: Begin the updates of the wave']);
  expect(versionsOf(1)).toEqual(NEW);
  const followed = mended.results.find(({ task }) => task === 'Wait for the updates');
  expect(followed?.['attempts']).toBeGreaterThan(1);
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
