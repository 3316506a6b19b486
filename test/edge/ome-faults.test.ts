import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createOmeSimulator } from '../../main/lab/ome/index.ts';
import { type OmeClient, discoverTwo, discoveryOf, omeClient } from './ome-client.ts';
import { type OmeRig, startOmeRig } from './ome-rig.ts';

let rig: OmeRig;
let client: OmeClient;
let ids: Readonly<Record<string, number>>;
let catalogId: number;

const TARGET = { Id: 1000, Name: 'DEVICE' };
const BIOS = 'DCIM:INSTALLED#159__BIOS.Setup.1-1';

beforeAll(async () => {
  rig = await startOmeRig({ timings: { job: 0, poll: 0.02 } });
  client = omeClient(rig.ome);
  await discoverTwo(rig, client);
  ids = await client.ids();
  const { json } = await addCatalog('site');
  catalogId = json.Id;
  expect((await client.ended(json.TaskId)).status).toBe(2060);
});
afterEach(async () => {
  rig.ome.setFaults([]);
  for (const bmc of rig.bmcs) await bmc.setFaults([]);
});
afterAll(() => rig.close());

function addCatalog(name: string) {
  return client.ask('POST', 'UpdateService/Catalogs', {
    Filename: 'catalog.xml.gz',
    SourcePath: 'catalog',
    Repository: { Name: name, RepositoryType: 'HTTP', Source: rig.repository },
  });
}

/** Submits an update of the BIOS of servers by their tags; answers the id of the job. */
async function updateBios(...tags: readonly string[]): Promise<number> {
  const { status, json } = await client.ask('POST', 'JobService/Jobs', {
    Id: 0,
    JobName: 'Firmware Update Task',
    Schedule: 'startnow',
    JobType: { Id: 5, Name: 'Update_Task' },
    Targets: tags.map((tag) => ({ Id: ids[tag], Data: BIOS, TargetType: TARGET })),
    Params: [
      { Key: 'operationName', Value: 'INSTALL_FIRMWARE' },
      { Key: 'catalogId', Value: String(catalogId) },
      { Key: 'rebootType', Value: '1' },
    ],
  });
  expect(status).toBe(201);
  return json.Id;
}

const biosOf = (index: 0 | 1) => Object.values(rig.bmcs[index].state().firmware);

describe('an update', () => {
  it('that fails on one device goes on with the others, and says of each why', async () => {
    rig.ome.setFaults([{ kind: 'update-fails', device: 'OME0001' }]);
    const { status, details } = await client.ended(await updateBios('OME0001', 'OME0002'));
    expect(status).toBe(2090);
    expect(details['OME0001']).toMatch(/^Failed: RED016/);
    expect(details['OME0002']).toBe('Completed: BIOS: 1.8.2 was replaced by 1.9.2.');
    expect([biosOf(0), biosOf(1)]).toEqual([[], ['1.9.2']]);
  });

  it('passes on what the BMC itself says', async () => {
    await rig.bmcs[0].setFaults([{ kind: 'job-fails' }]);
    const { status, details } = await client.ended(await updateBios('OME0001'));
    expect(status).toBe(2070);
    expect(details['OME0001']).toContain('Unable to complete the job because of a simulated fault.');
    expect(biosOf(0)).toEqual([]);
  });

  it('that never ends stays running', async () => {
    rig.ome.setFaults([{ kind: 'job-stuck', job: 'Update_Task' }]);
    const jobId = await updateBios('OME0001');
    const other = await addCatalog('beside');
    expect((await client.ended(other.json.TaskId)).status).toBe(2060);
    const { json } = await client.ask('GET', `JobService/Jobs(${jobId})`);
    expect(json.LastRunStatus).toEqual({ Id: 2050, Name: 'Running' });
  });

  it('of something that a device does not have fails with its name', async () => {
    const { json } = await client.ask('POST', 'JobService/Jobs', {
      JobName: 'Firmware Update Task',
      JobType: { Name: 'Update_Task' },
      Targets: [{ Id: ids['OME0001'], Data: 'DCIM:INSTALLED#1__FC.Slot.1-1', TargetType: TARGET }],
      Params: [{ Key: 'catalogId', Value: String(catalogId) }],
    });
    const { details } = await client.ended(json.Id);
    expect(details['OME0001']).toContain('has no component DCIM:INSTALLED#1__FC.Slot.1-1');
  });
});

describe('a discovery', () => {
  it('of addresses where one does not answer finds the others', async () => {
    const { port } = new URL(rig.bmcs[0].url);
    const payload = discoveryOf(['127.0.0.1', '127.0.0.99'], Number(port), rig.bmcs[0].login.password);
    const { json } = await client.ask('POST', 'DiscoveryConfigService/DiscoveryConfigGroups', payload);
    expect(JSON.stringify(json)).not.toContain(rig.bmcs[0].login.password);
    const { status, details } = await client.ended(json.DiscoveryConfigTaskParam[0].TaskId);
    expect(status).toBe(2090);
    expect(details['127.0.0.1']).toContain('OME0001');
    expect(details['127.0.0.99']).toContain('Failed');
    expect(await client.ids()).toEqual(ids);
  });

  it('asks each BMC once with a wrong password, which locks nobody out', async () => {
    const before = rig.bmcs[0].stats().failedLogins;
    const { port } = new URL(rig.bmcs[0].url);
    const { json } = await client.ask(
      'POST',
      'DiscoveryConfigService/DiscoveryConfigGroups',
      discoveryOf(['127.0.0.1'], Number(port), 'not-the-password'),
    );
    expect((await client.ended(json.DiscoveryConfigTaskParam[0].TaskId)).status).toBe(2070);
    expect(rig.bmcs[0].stats().failedLogins).toBe(before + 1);
  });
});

describe('faults', () => {
  it('make a catalog missing', async () => {
    rig.ome.setFaults([{ kind: 'catalog-missing' }]);
    const { json } = await addCatalog('missing');
    const { status, details } = await client.ended(json.TaskId);
    expect(status).toBe(2070);
    expect(Object.values(details)[0]).toContain('answered 404');
    expect((await client.ask('GET', `UpdateService/Catalogs(${String(json.Id)})`)).json.Status).toBe(
      'Failed',
    );
  });

  it('are switched by a call from this machine, refused when they are none, and end OME halfway', async () => {
    expect(await client.ask('PUT', '/simulator/faults', [{ kind: 'nonsense' }])).toMatchObject({
      status: 400,
      json: { code: 'OME_FAULT_INVALID' },
    });
    const fault = { kind: 'unavailable', after: 2, retryAfter: 1 };
    expect(await client.ask('PUT', '/simulator/faults', [fault])).toMatchObject({ status: 200 });
    const statuses: number[] = [];
    for (let round = 0; round < 4; round += 1)
      statuses.push((await client.ask('GET', 'DeviceService/Devices')).status);
    expect(statuses).toEqual([200, 200, 503, 503]);
    expect(await client.ask('DELETE', '/simulator/faults')).toMatchObject({ status: 200, json: [] });
    expect(await client.ask('GET', 'DeviceService/Devices')).toMatchObject({ status: 200 });
  });
});

it('is kept on disk, for its owner alone, and goes on there; what ran is aborted', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-ome-state-'));
  try {
    const stateFile = path.join(folder, 'ome.json');
    const first = await createOmeSimulator({ stateFile, timings: { job: 0 } });
    const asked = omeClient(first);
    const model = { Name: 'kept', MembershipTypeId: 12, ParentId: 1021 };
    await asked.ask('POST', 'GroupService/Actions/GroupService.CreateGroup', { GroupModel: model });
    first.setFaults([{ kind: 'job-stuck' }]);
    const job = { JobName: 'x', JobType: { Name: 'Inventory_Task' }, Targets: [] };
    const { json } = await asked.ask('POST', 'JobService/Jobs', job);
    await first.close();
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
    expect(await readFile(stateFile, 'utf8')).toContain('kept');
    const second = await createOmeSimulator({ stateFile });
    try {
      const again = omeClient(second);
      const groups = (await again.ask('GET', "GroupService/Groups?$filter=Name%20eq%20'kept'")).json;
      expect(groups['@odata.count']).toBe(1);
      expect((await again.ask('GET', `JobService/Jobs(${String(json.Id)})`)).json.LastRunStatus.Name).toBe(
        'Aborted',
      );
    } finally {
      await second.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
