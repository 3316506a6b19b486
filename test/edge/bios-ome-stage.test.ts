import { mkdtemp, rm } from 'node:fs/promises';
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
const PROFILES = {
  compute: { attributes: { SysProfile: 'PerfOptimized', AcPwrRcvryUserDelay: 180 }, hash: 'c0ffee01' },
  archive: { attributes: { SriovGlobalEnable: 'Enabled' }, hash: 'a5c40001' },
};
const [ARCHIVE, COMPUTE] = ['bringup stage archive a5c40001', 'bringup stage compute c0ffee01'];
const DEPLOY = '/api/TemplateService/Actions/TemplateService.Deploy';
/** Playbooks take their time on a machine that has other work. */
const LONG = { timeout: 240_000 };

let rig: OmeRig;
let client: OmeClient;
let folder: string;
let work: net.Server;
let first: StagePlay;
/** Told of every request that OpenManage Enterprise gets. */
let onRequest: ((url: string) => void) | undefined;

beforeAll(async () => {
  rig = await startOmeRig({
    timings: { job: 0, poll: 0.02 },
    onRequest: (_method, url) => onRequest?.(url),
  });
  client = omeClient(rig.ome);
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-bios-ome-'));
  work = net.createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => work.listen(0, '127.0.3.3', () => resolve()));
  for (const { url, login } of rig.bmcs) {
    const { hostname, port } = new URL(url);
    const payload = discoveryOf([hostname], Number(port), login.password);
    const { json } = await client.ask('POST', 'DiscoveryConfigService/DiscoveryConfigGroups', payload);
    expect((await client.ended(json.DiscoveryConfigTaskParam[0].TaskId)).status).toBe(2060);
  }
  await rig.bmcs[1].setFaults([{ kind: 'job-fails' }]);
  rig.ome.setFaults([{ kind: 'unavailable', path: DEPLOY, times: 1 }]);
  first = await carryOut({}, '--skip-tags=acceptance');
}, 300_000);
afterAll(async () => {
  work.close();
  await rig.close();
  await rm(folder, { recursive: true, force: true });
});

/** The stage over the four servers; the iDRAC of the last one is silent to all but OpenManage Enterprise. */
function carryOut(bios: object, ...words: readonly string[]): Promise<StagePlay> {
  const { ome, bmcs } = rig;
  const hosts = NODES.map((name, index) => {
    const bmc = bmcs[index as 0 | 1 | 2 | 3];
    const { hostname, port } = new URL(bmc.url);
    return {
      ...{ name, serial: `OME000${index + 1}`, profile: index === 3 ? 'archive' : 'compute' },
      bmc: {
        ...{ address: index === 3 ? '127.0.3.99' : hostname, port: Number(port) },
        ...{ credential: 'idrac', certificate: bmc.certificate?.sha256 },
      },
      interfaces: [{ name: 'nic1', network: 'all', address: `127.0.3.${index + 1}` }],
    };
  });
  const facts = hosts.map(({ name, profile }) => {
    const { attributes, hash } = PROFILES[profile as keyof typeof PROFILES];
    const settings = { bios_attributes: attributes };
    const vars = { bringup_profile_settings: settings, bringup_profile_hash: hash.padEnd(64, '0') };
    return [name, { profile, vars }] as const;
  });
  const vars = {
    bringup_credentials: { ome: ome.login, idrac: bmcs[0].login },
    bios_bmc_attempts: 1,
    bios_poll_seconds: 1,
    bios_ome_poll_seconds: 1,
    bios_ome_job_limit_seconds: 2,
    bios_ome_work_ports: [(work.address() as net.AddressInfo).port],
  };
  const parameters = {
    ome: { address: ome.host, port: ome.port, credential: 'ome', certificate: ome.certificate.sha256 },
    bios: { via: 'ome', reset: 'force', ...bios },
  };
  return playStage('bios.yml', folder, inventoryOf(hosts, parameters, new Map(facts)), vars, ...words);
}

const biosOf = (index: 0 | 1 | 2 | 3) => rig.bmcs[index].state().bios;
const causesOf = (done: StagePlay) =>
  Object.fromEntries(Object.entries(done.failed).map(([host, result]) => [host, causeOf(result)]));

it('sets one server while the others fail, each for its own reason, with what OpenManage Enterprise says of it', () => {
  expect(biosOf(0), first.output).toMatchObject({ SysProfile: 'PerfOptimized', AcPwrRcvryUserDelay: 180 });
  expect(causesOf(first)).toEqual({
    'node-2': 'bios.deploy_failed',
    'node-3': 'host.carries_work',
    'node-4': 'ome.unavailable',
  });
  expect(first.failed).toMatchObject({
    'node-2': {
      msg: 'OpenManage Enterprise could not set the BIOS of node-2: Unable to complete the job because of a simulated fault.',
    },
    'node-4': { msg: expect.stringMatching(/Begin the deployment\): HTTP Error 503/) },
  });
  expect(rig.bmcs[2].state()).toMatchObject({ biosPending: {}, jobs: [] });
});

it('makes a template of each profile from a server of it, which sets what the profile wants and nothing else', () => {
  const { templates, complianceBaselines } = rig.ome.state();
  const told = templates.map(({ name, viewTypeId, attributes }) => ({
    ...{ name, viewTypeId },
    attributes: Object.fromEntries(attributes.map((one) => [one.name, one.value])),
  }));
  const compute = { AcPwrRcvryUserDelay: '180', SysProfile: 'PerfOptimized' };
  const archive = { SriovGlobalEnable: 'Enabled' };
  expect(told).toEqual([
    { name: ARCHIVE, viewTypeId: 2, attributes: archive },
    { name: `${ARCHIVE} compliance`, viewTypeId: 1, attributes: archive },
    { name: COMPUTE, viewTypeId: 2, attributes: compute },
    { name: `${COMPUTE} compliance`, viewTypeId: 1, attributes: compute },
  ]);
  expect(complianceBaselines.map(({ name, targetIds }) => [name, targetIds.length])).toEqual([
    [ARCHIVE, 1],
    [COMPUTE, 3],
  ]);
});

it(
  'goes on with the others once they are mended, and names a deployment that does not end',
  LONG,
  async () => {
    await rig.bmcs[1].setFaults([]);
    rig.ome.setFaults([{ kind: 'job-stuck', job: 'Device_Config_Task', times: 1 }]);
    const second = await carryOut({ restart_at_work: ['node-3'] }, '--skip-tags=acceptance');
    expect(causesOf(second), second.output).toEqual({ 'node-4': 'bios.deploy_endless' });
    expect(second.failed['node-4']?.msg).toMatch(
      /^The deployment \d+ of OpenManage Enterprise to node-4 has not ended: running since 20\d\d-/,
    );
    expect(second.changed).toEqual([
      'deploy: Begin the deployment',
      'deploy: Begin the deployment',
      'deploy: Delete these profiles',
      'deploy: Take the profiles of earlier deployments from the servers',
    ]);
    for (const index of [1, 2] as const)
      expect(biosOf(index)).toMatchObject({ SysProfile: 'PerfOptimized', AcPwrRcvryUserDelay: 180 });
  },
);

/** The deployment that hangs ends well as soon as somebody looks at it. */
function endStuckDeployment(): void {
  const { jobs, profiles } = rig.ome.state();
  const stuck = jobs.find(({ type, lastStatus }) => type === 'Device_Config_Task' && lastStatus === 2050)!;
  onRequest = (url) => {
    if (!url.includes(`Jobs(${stuck.id})`)) return;
    Object.assign(biosOf(3), { SriovGlobalEnable: 'Enabled' });
    stuck.lastStatus = stuck.status = 2060;
    Object.assign(
      profiles.find(({ taskId }) => taskId === stuck.id)!,
      { state: 4 },
    );
    onRequest = undefined;
  };
}

it(
  'waits for a deployment that still runs, and changes nothing where all is as the profiles want it',
  LONG,
  async () => {
    endStuckDeployment();
    const third = await carryOut({});
    expect(third, third.output).toMatchObject({ failed: {}, changed: [] });
    expect(onRequest).toBeUndefined();
    expect(third.output).not.toContain(rig.ome.login.password);
    expect(rig.ome.stats()).toMatchObject({ failedLogins: 0, openSessions: 0 });
  },
);

it(
  'finds by its acceptance test alone what was changed behind its back, by iDRAC or by baseline',
  LONG,
  async () => {
    Object.assign(biosOf(0), { SysProfile: 'Custom' });
    Object.assign(biosOf(3), { SriovGlobalEnable: 'Disabled' });
    const proof = await carryOut({}, '--tags=acceptance');
    expect(proof.changed).toEqual([]);
    expect(proof.failed, proof.output).toMatchObject({
      'node-1': { msg: 'The BIOS is not as the profile wants: SysProfile is Custom, wanted PerfOptimized.' },
      'node-4': {
        msg: 'The BIOS is not as the profile wants, by the compliance baseline of OpenManage Enterprise: SriovGlobalEnable is Disabled, wanted Enabled.',
      },
    });
    expect(causesOf(proof)).toEqual({ 'node-1': 'bios.drift', 'node-4': 'bios.drift' });
  },
);

/** Calls a module of the stage as the role does. */
function call(name: string, given: object) {
  const { ome } = rig;
  const where = { hostname: ome.host, port: ome.port, ca_path: path.join(folder, 'runtime/ome.pem') };
  return callModule(name, { ...given, ...ome.login, ...where });
}

/** What stands in OpenManage Enterprise for one host that wants these attributes. */
const setsFor = (host: object, given: object = {}) =>
  call('bringup_bios_sets', { hosts: [host], prefix: 'bringup stage ', ...given });

const wants = (serial: string, hash: string, attributes: object) => ({
  ...{ name: 'node-1', profile: 'compute', serials: [serial], hash },
  settings: { bios_attributes: attributes },
});

it('makes another template of a changed profile, and gives up the baseline of the former', async () => {
  const changed = await setsFor(wants('OME0001', 'c0ffee02', { SysProfile: 'Custom' }));
  expect(changed).toMatchObject({
    sets: [{ template: 'bringup stage compute c0ffee02', has_template: false, baseline: 'missing' }],
    outdated: [ARCHIVE, COMPUTE],
    assigned: { 'node-1': { ours: true } },
  });
});

it('leaves a template alone that carries its name and is another', async () => {
  const taken = await setsFor(wants('OME0001', 'c0ffee01', { SysProfile: 'Custom' }));
  expect(taken).toMatchObject({ sets: [{ taken: true }] });
  const { 'node-1': fault } = taken['faults'] as Record<string, { readonly msg: string }>;
  expect(fault?.msg).toContain(
    `a template ${COMPUTE} that is not what the profile wants, and Bringup leaves it alone: SysProfile is PerfOptimized, wanted Custom; it sets AcPwrRcvryUserDelay as well.`,
  );
  expect(causeOf({ failed: true, ...fault })).toBe('bios.template_taken');
});

it('names a server that OpenManage Enterprise does not know, and a reference that nobody knows', async () => {
  const unknown = await setsFor(wants('OME0009', 'c0ffee01', { SysProfile: 'Custom' }));
  expect(unknown).toMatchObject({
    sets: [],
    faults: {
      'node-1': {
        code: 'BIOS_DEVICE_UNKNOWN',
        msg: 'OpenManage Enterprise knows no device with the service tag OME0009 of node-1, so it cannot set the BIOS of node-1.',
      },
    },
  });
  const nobody = await setsFor(wants('OME0001', 'c0ffee01', {}), { reference: 'node-7' });
  expect(causeOf(nobody)).toBe('bios.reference_unknown');
});

it('names an attribute that OpenManage Enterprise does not know, and what was meant', async () => {
  const attributes = { SriovGlobalEnabled: 'Enabled' };
  const refused = await call('bringup_bios_template', { source: ARCHIVE, server: 'node-4', attributes });
  expect(refused.msg).toContain(
    'at the reference server node-4, and nothing was changed: SriovGlobalEnabled (did you mean SriovGlobalEnable?).',
  );
  expect(causeOf(refused)).toBe('bios.template_attribute');
});

it('tells servers that have their result from those at which a deployment hangs', async () => {
  const job = rig.ome.state().jobs.find(({ type }) => type === 'Device_Config_Task')!;
  job.lastStatus = 2050;
  job.executions.at(-1)!.results = [{ key: 'OME0002', status: 2070, text: 'The server is locked.' }];
  const devices = { 'node-1': { DeviceServiceTag: 'OME0001' }, 'node-2': { DeviceServiceTag: 'OME0002' } };
  expect(await call('bringup_bios_deploy', { job: job.id, devices })).toMatchObject({
    ...{ ended: false, code: 'BIOS_DEPLOY_ENDLESS', open_hosts: ['node-1'] },
    failed_hosts: {
      'node-2': { msg: 'OpenManage Enterprise could not set the BIOS of node-2: The server is locked.' },
    },
  });
});
