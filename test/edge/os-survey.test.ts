import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type BmcSimulator, type SimulatedBmc, createBmcSimulator } from '../../main/lab/bmc/index.ts';
import { callModule, type ModuleResult } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

const IMAGE = 'http://127.0.0.9/installer.iso';
const SLOT = '/redfish/v1/Systems/System.Embedded.1/VirtualMedia/1';
const JOB = {
  ...{ name: 'Firmware Update: BIOS', type: 'FirmwareUpdate', waitsForBoot: true },
  message: 'In progress.',
  work: {},
};

let simulator: BmcSimulator;
let bmc: SimulatedBmc;

beforeAll(async () => {
  simulator = await createBmcSimulator({
    machines: [{ host: '127.0.0.51', tls: 'own', timings: { graceful: 0, restart: 0, job: 600 } }],
  });
  bmc = simulator.machines[0]!;
});
beforeEach(() => {
  Object.assign(bmc.state(), { jobs: [], media: {}, boot: { enabled: 'Disabled', target: 'None' } });
});
afterAll(() => simulator.close());

/** What the stage sees of a server that answers nothing on SSH, and what it makes of it. */
function survey(check: 'before' | 'armed' | 'after', more: object = {}): Promise<ModuleResult> {
  const { hostname, port } = new URL(bmc.url);
  return callModule('bringup_os_survey', {
    ...{
      name: 'node-1',
      address: hostname,
      port: Number(port),
      certificate: bmc.certificate!.sha256,
      ...bmc.login,
    },
    ...{
      check,
      images: [IMAGE],
      places: ['127.0.0.9'],
      ssh: { state: 'silent', why: 'nothing answers there' },
    },
    ...more,
  });
}

function addJobs(count: number, phase: 'running' | 'completed'): void {
  const now = Date.now();
  for (let index = 0; index < count; index += 1)
    bmc
      .state()
      .jobs.push({ ...JOB, id: `JID_${String(900_000_000_000 + index)}`, phase, created: now, started: now });
}

it('restarts no server whose BMC has a job that runs, and names the job', async () => {
  addJobs(1, 'running');
  const refused = await survey('before');
  expect(refused).toMatchObject({ failed: true, code: 'OS_JOB_RUNNING' });
  expect(refused.msg).toContain('JID_900000000000 (Firmware Update: BIOS, 1 %)');
  expect(causeOf(refused)).toBe('os.job_running');
});

it('tells a full job queue by name before anything is set', async () => {
  addJobs(256, 'completed');
  const refused = await survey('before');
  expect(refused).toMatchObject({ failed: true, code: 'OS_JOB_QUEUE_FULL' });
  expect(causeOf(refused)).toBe('os.job_queue_full');
});

it('believes no BMC that took image and boot setting and does not show them', async () => {
  expect(await survey('armed')).toMatchObject({ code: 'OS_MEDIA_NOT_INSERTED' });
  Object.assign(bmc.state().media, { [SLOT]: { image: IMAGE, writeProtected: true } });
  const unset = await survey('armed');
  expect(unset).toMatchObject({ code: 'OS_BOOT_NOT_SET' });
  expect(causeOf(unset)).toBe('os.media_not_taken');
});

it('tells what is left behind together with what failed before it', async () => {
  Object.assign(bmc.state().media, { [SLOT]: { image: IMAGE, writeProtected: true } });
  const failure = { code: 'OS_NEVER_ANSWERED', msg: 'node-1 does not take its login.' };
  expect(await survey('after')).toMatchObject({ failed: true, code: 'OS_MEDIA_LEFT' });
  const both = await survey('after', { failure });
  expect(both).toMatchObject({ failed: true, code: 'OS_NEVER_ANSWERED' });
  expect(both.msg).toMatch(
    /^node-1 does not take its login\. Besides: .+ does not let go of the virtual medium/,
  );
});

it('installs what it installed before only where that was agreed to', async () => {
  const record = { state: 'installed', at: '2026-11-21T20:00:00Z' };
  expect(await survey('before', { record })).toMatchObject({ code: 'OS_HOST_SILENT' });
  expect((await survey('before', { record, agreed: true })).failed ?? false).toBe(false);
  expect((await survey('before', { record: { ...record, state: 'begun' } })).failed ?? false).toBe(false);
});
