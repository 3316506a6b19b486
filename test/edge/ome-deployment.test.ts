import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OmeClient, discoverTwo, omeClient } from './ome-client.ts';
import { type OmeRig, startOmeRig } from './ome-rig.ts';

let rig: OmeRig;
let client: OmeClient;
let ids: Readonly<Record<string, number>>;

beforeAll(async () => {
  rig = await startOmeRig({ timings: { job: 0, poll: 0.02 } });
  client = omeClient(rig.ome);
  await discoverTwo(rig, client);
  ids = await client.ids();
});
afterEach(async () => {
  for (const bmc of rig.bmcs) await bmc.setFaults([]);
  const { json } = await client.ask('GET', 'ProfileService/Profiles');
  const ProfileIds = json.value.map(({ Id }) => Id);
  await client.ask('POST', 'ProfileService/Actions/ProfileService.UnassignProfiles', { ProfileIds });
});
afterAll(() => rig.close());

/** Imports a template that sets BIOS attributes; answers its id. */
async function importTemplate(name: string, attributes: Readonly<Record<string, string>>): Promise<number> {
  const lines = Object.entries(attributes).map(
    ([key, value]) => `<Attribute Name="${key}">${value}</Attribute>`,
  );
  const { status, json } = await client.ask('POST', 'TemplateService/Actions/TemplateService.Import', {
    Name: name,
    Type: 2,
    ViewTypeId: 2,
    Content: `<SystemConfiguration><Component FQDD="BIOS.Setup.1-1">${lines.join('')}</Component></SystemConfiguration>`,
  });
  expect(status).toBe(200);
  return Number(json);
}

async function deploy(templateId: number, body: Readonly<Record<string, unknown>>) {
  const all = { Id: templateId, Options: { ShutdownType: 1 }, ...body };
  const { status, json } = await client.ask('POST', 'TemplateService/Actions/TemplateService.Deploy', all);
  expect(status).toBe(200);
  return client.ended(Number(json));
}

const biosOf = (index: 0 | 1) => rig.bmcs[index].state().bios;

describe('a deployment', () => {
  it('sets what differs on every device, with values of its own where those are asked for', async () => {
    const template = await importTemplate('both', { ProcCStates: 'Disabled', AcPwrRcvryUserDelay: '180' });
    const delay = template * 1000 + 1;
    const { status, details } = await deploy(template, {
      TargetIds: Object.values(ids),
      Attributes: [{ DeviceId: ids['OME0002'], Attributes: [{ Id: delay, Value: '300', IsIgnored: false }] }],
    });
    expect(status).toBe(2060);
    expect(details['OME0001']).toBe('Completed: Set ProcCStates to Disabled, AcPwrRcvryUserDelay to 180.');
    expect(biosOf(0)).toMatchObject({ ProcCStates: 'Disabled', AcPwrRcvryUserDelay: 180 });
    expect(biosOf(1)).toMatchObject({ ProcCStates: 'Disabled', AcPwrRcvryUserDelay: 300 });
  });

  it('restarts nothing where everything is as it should be', async () => {
    const template = await importTemplate('nothing', { ProcTurboMode: 'Enabled' });
    const before = rig.bmcs[0].state().lastReset;
    const { details } = await deploy(template, { TargetIds: [ids['OME0001']] });
    expect(details['OME0001']).toContain('was as the template says already');
    expect(rig.bmcs[0].state().lastReset).toBe(before);
  });

  it('fails with what the BMC says of a value that it does not take, on that device alone', async () => {
    const template = await importTemplate('wrong', { BootMode: 'Sideways' });
    const { status, details } = await deploy(template, { TargetIds: [ids['OME0001']] });
    expect(status).toBe(2070);
    expect(details['OME0001']).toContain('BootMode');
    const { json } = await client.ask(
      'GET',
      `ProfileService/Profiles?$filter=TargetId%20eq%20${ids['OME0001'] ?? 0}`,
    );
    expect(json.value).toMatchObject([{ ProfileState: 1 }]);
  });

  it('fails where the job of the BMC fails', async () => {
    await rig.bmcs[0].setFaults([{ kind: 'job-fails' }]);
    const template = await importTemplate('broken', { MemTest: 'Enabled' });
    const { status, details } = await deploy(template, { TargetIds: Object.values(ids) });
    expect(status).toBe(2090);
    expect(details['OME0001']).toContain('Unable to complete the job');
    expect(details['OME0002']).toBe('Completed: Set MemTest to Enabled.');
  });
});

it('a profile moves to another device, which then is as it says', async () => {
  const template = await importTemplate('moving', { SriovGlobalEnable: 'Enabled' });
  expect(await deploy(template, { TargetIds: [ids['OME0001']] })).toMatchObject({ status: 2060 });
  const { json } = await client.ask('GET', `ProfileService/Profiles?$filter=TemplateId%20eq%20${template}`);
  const move = { ProfileId: json.value[0]?.Id, TargetId: ids['OME0002'] };
  const moved = await client.ask('POST', 'ProfileService/Actions/ProfileService.MigrateProfile', move);
  expect(await client.ended(Number(moved.json))).toMatchObject({ status: 2060 });
  expect(biosOf(1)).toMatchObject({ SriovGlobalEnable: 'Enabled' });
});

it('a staged update waits at the BMC for the next restart', async () => {
  const { json: catalog } = await client.ask('POST', 'UpdateService/Catalogs', {
    Filename: 'catalog.xml.gz',
    SourcePath: 'catalog',
    Repository: { Name: 'site', RepositoryType: 'HTTP', Source: rig.repository },
  });
  await client.ended(catalog.TaskId);
  const { json: job } = await client.ask('POST', 'JobService/Jobs', {
    JobName: 'Firmware Update Task',
    JobType: { Name: 'Update_Task' },
    Targets: [{ Id: ids['OME0001'], Data: 'DCIM:INSTALLED#159__BIOS.Setup.1-1' }],
    Params: [
      { Key: 'catalogId', Value: String(catalog.Id) },
      { Key: 'stagingValue', Value: 'true' },
    ],
  });
  const { status, details } = await client.ended(job.Id);
  expect([status, details['OME0001']]).toEqual([
    2060,
    'Completed: BIOS: 1.9.2 is staged for the next reboot.',
  ]);
  expect(rig.bmcs[0].state().jobs.at(-1)).toMatchObject({
    name: 'Firmware Update: BIOS',
    phase: 'scheduled',
  });
  expect(rig.bmcs[0].state().firmware).toEqual({});
});
