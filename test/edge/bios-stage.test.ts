import { mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BmcSimulator, type SimulatedBmc, createBmcSimulator } from '../../main/lab/bmc/index.ts';
import type { HardwareSnapshot } from '../../src/contract/hardware.ts';
import { loadProfiles, profileVars } from '../../src/profiles/index.ts';
import { inventoryOf, playStage, type StagePlay } from './bios-stage-run.ts';
import { PLAYBOOKS } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

const NODES = [
  'ready',
  'password',
  'off',
  'pin',
  'failing',
  'working',
  'wrong',
  'stuck',
  'locked',
  'cut',
] as const;
type Node = (typeof NODES)[number];
/** On a machine that has other work. */
const LONG = { timeout: 240_000 };
const LOGIN = { username: 'root', password: 'a-long-bmc-password' };

const RESET = '/redfish/v1/Systems/System.Embedded.1/Actions/ComputerSystem.Reset';

/** Two of them can be set only once the first one was. */
const LOCKED = { SysProfile: 'Custom', ProcC1E: 'Disabled', ProcPwrPerf: 'MaxPerf' };

let simulator: BmcSimulator;
let bmcs: Record<Node, SimulatedBmc>;
let folder: string;
let work: net.Server;
let settings: Readonly<Record<string, unknown>>;
let first: StagePlay;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-bios-stage-'));
  simulator = await createBmcSimulator({
    machines: NODES.map((name, index) => ({
      ...{ host: `127.0.0.${index + 11}`, tls: 'own' as const, login: LOGIN },
      identity: { name, serial: `BIO000${index}` },
      timings: { graceful: 0, restart: 0, job: 0 },
    })),
  });
  bmcs = Object.fromEntries(NODES.map((name, index) => [name, simulator.machines[index]])) as typeof bmcs;
  work = net.createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => work.listen(0, '127.0.1.16', () => resolve()));
  const text = await readFile(path.join(PLAYBOOKS, 'profiles/compute.yaml'), 'utf8');
  const [profile] = loadProfiles([{ file: 'compute.yaml', text }]).profiles;
  const snapshot = { manufacturer: 'Dell Inc.', model: 'PowerEdge R750' } as HardwareSnapshot;
  settings = profileVars(profile!, snapshot);

  await reset(bmcs.off, 'ForceOff');
  await bmcs.failing.setFaults([{ kind: 'job-fails' }]);
  await bmcs.stuck.setFaults([{ kind: 'job-stuck' }]);
  await bmcs.cut.setFaults([{ kind: 'reset', path: RESET }]);
  first = await carryOut({
    pins: { pin: 'ab'.repeat(32) },
    passwords: { password: 'not-the-password' },
    attributes: {
      wrong: {
        ...{ BootMode: 'UEFI', SriovGlobalEnabled: 'Enabled', AcPwrRcvryUserDelay: 30 },
        ProcPwrPerf: 'MaxPerf',
      },
      locked: LOCKED,
    },
  });
}, 240_000);
afterAll(async () => {
  work.close();
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

interface Deviations {
  readonly pins?: Partial<Record<Node, string>>;
  readonly passwords?: Partial<Record<Node, string>>;
  readonly attributes?: Partial<Record<Node, object>>;
  readonly parameters?: object;
}

/** The stage over all of these servers, with what differs from how they are. */
function carryOut(given: Deviations, ...words: readonly string[]): Promise<StagePlay> {
  const hosts = NODES.map((name, index) => {
    const { hostname, port } = new URL(bmcs[name].url);
    const certificate = given.pins?.[name] ?? bmcs[name].certificate?.sha256;
    return {
      ...{ name, profile: 'compute' },
      bmc: { address: hostname, port: Number(port), credential: name, certificate },
      interfaces: [{ name: 'nic1', network: 'all', address: `127.0.1.${index + 11}` }],
    };
  });
  const facts = NODES.map((name) => {
    const attributes = given.attributes?.[name];
    const vars =
      attributes === undefined ? settings : { bringup_profile_settings: { bios_attributes: attributes } };
    return [name, { profile: 'compute', vars }] as const;
  });
  const credentials = NODES.map((name) => [
    name,
    { ...LOGIN, password: given.passwords?.[name] ?? LOGIN.password },
  ]);
  const vars = {
    bringup_credentials: Object.fromEntries(credentials) as unknown,
    bios_poll_seconds: 1,
    bios_job_limit_seconds: 2,
    bios_work_ports: [(work.address() as net.AddressInfo).port],
  };
  const parameters = { bios: { reboot: 'now', reset: 'force', ...given.parameters } };
  const inventory = inventoryOf(hosts, parameters, new Map(facts));
  return playStage('bios.yml', folder, inventory, vars, ...words);
}

/** Has a BMC reset its server. */
async function reset(bmc: SimulatedBmc, ResetType: string): Promise<void> {
  const status = await new Promise((resolve, reject) => {
    const request = https.request(
      `${bmc.url}${RESET}`,
      {
        method: 'POST',
        ca: bmc.certificate!.pem,
        auth: `${LOGIN.username}:${LOGIN.password}`,
        headers: { 'Content-Type': 'application/json' },
        agent: false,
      },
      (response) => resolve(response.resume().statusCode),
    );
    request.on('error', reject).end(JSON.stringify({ ResetType }));
  });
  expect(status).toBe(204);
}

it('brings a server to what its profile wants, while others fail, each for its own reason', () => {
  expect(bmcs.ready.state().bios, first.output).toMatchObject({
    SysProfile: 'PerfOptimized',
    SriovGlobalEnable: 'Enabled',
  });
  expect(first.failed['cut']?.msg).toMatch(
    /^The BMC of cut broke off while it was given the BIOS attributes: /,
  );
  expect(Object.entries(first.failed).map(([host, { code }]) => [host, code])).toEqual([
    ['cut', 'REDFISH_CLOSED'],
    ['failing', 'BIOS_JOB_FAILED'],
    ['off', 'HOST_POWERED_OFF'],
    ['password', 'REDFISH_LOGIN_REFUSED'],
    ['pin', 'REDFISH_CERTIFICATE_CHANGED'],
    ['stuck', 'BIOS_JOB_ENDLESS'],
    ['working', 'HOST_CARRIES_WORK'],
    ['wrong', 'BIOS_ATTRIBUTE_REFUSED'],
  ]);
  expect(Object.values(first.failed).map((result) => causeOf(result))).toEqual([
    'redfish.silent',
    'bios.job_failed',
    'host.powered_off',
    'redfish.auth_failed',
    'redfish.certificate_changed',
    'bios.job_endless',
    'host.carries_work',
    'bios.attribute_refused',
  ]);
});

it('says by name what the BIOS would not take, and what was meant, before it sets anything', () => {
  expect(first.failed['wrong']?.msg).toBe(
    'The BIOS does not take what the profile wants, and nothing was changed: ' +
      'AcPwrRcvryUserDelay: 30: it takes 120 to 600; ' +
      'BootMode: UEFI: it takes Uefi, Bios; did you mean Uefi?; ' +
      'ProcPwrPerf: MaxPerf: it cannot be set while SysProfile is not Custom, let the profile set SysProfile as well; ' +
      'SriovGlobalEnabled: Enabled: there is no such attribute; did you mean SriovGlobalEnable?.',
  );
  expect(bmcs.wrong.state()).toMatchObject({ biosPending: {}, jobs: [] });
});

it('sets an attribute first on which it hangs whether others can be set, then those', () => {
  expect(bmcs.locked.state().bios, first.output).toMatchObject(LOCKED);
  expect(first.changed.filter((task) => task.startsWith('locked'))).toEqual([
    'locked: Set the attributes that differ',
    'locked: Set the attributes that differ',
  ]);
  expect(bmcs.locked.state().jobs).toHaveLength(2);
});

it('tries a wrong password once, and restarts nothing that is off or at work', () => {
  expect(bmcs.password.stats()).toMatchObject({ failedLogins: 1 });
  expect(bmcs.off.state()).toMatchObject({ power: 'Off', biosPending: {}, jobs: [] });
  expect(bmcs.working.state()).toMatchObject({ biosPending: {}, jobs: [] });
  expect(first.output).not.toContain(LOGIN.password);
});

it('goes on from there once all is mended, and leaves alone what is as it should be', LONG, async () => {
  await reset(bmcs.off, 'On');
  await bmcs.failing.setFaults([]);
  await bmcs.stuck.setFaults([]);
  await bmcs.cut.setFaults([]);
  const mended = ['cut', 'failing', 'off', 'password', 'pin', 'working', 'wrong'] as const;
  const limit = `--limit=${['deploy', 'ready', 'stuck', ...mended].join(',')}`;
  const second = await carryOut({ parameters: { restart_at_work: ['working'] } }, limit);
  expect(second.failed, second.output).toEqual({});
  expect(second.changed).toEqual(mended.map((name) => `${name}: Set the attributes that differ`));
  for (const name of ['ready', 'stuck', ...mended] as const)
    expect(bmcs[name].state().bios, name).toMatchObject({ SysProfile: 'PerfOptimized' });
  for (const bmc of simulator.machines) expect(bmc.stats(), bmc.name).toMatchObject({ openSessions: 0 });
});

it(
  'finds by name what was changed behind its back, and stages it for the next restart where that is wanted',
  LONG,
  async () => {
    Object.assign(bmcs.ready.state().bios, { ProcVirtualization: 'Disabled' });
    const proof = await carryOut({}, '--tags=acceptance', '--limit=ready,stuck,deploy');
    expect(proof.failed).toMatchObject({
      ready: {
        code: 'BIOS_DRIFT',
        msg: 'The BIOS is not as the profile wants: ProcVirtualization is Disabled, wanted Enabled.',
      },
    });
    expect(Object.values(proof.failed).map((result) => causeOf(result))).toEqual(['bios.drift']);
    Object.assign(bmcs.locked.state().bios, { SysProfile: 'PerfOptimized', ProcPwrPerf: 'SysDbpm' });
    const staged = (...words: readonly string[]) => {
      const given = { parameters: { reboot: 'staged' }, attributes: { locked: LOCKED } };
      return carryOut(given, '--limit=ready,locked,deploy', ...words);
    };
    const both = ['locked', 'ready'].map((name) => `${name}: Set the attributes that differ`);
    const told = await staged('--check', '--skip-tags=acceptance');
    expect([told.failed, told.changed], told.output).toEqual([{}, both]);
    expect(bmcs.ready.state()).toMatchObject({ biosPending: {} });
    const done = await staged();
    expect([Object.keys(done.failed), done.changed], done.output).toEqual([['locked'], both]);
    expect(done.failed['locked']?.msg).toBe(
      'Some BIOS attributes can only be set after the restart for which the others wait: ' +
        'ProcPwrPerf: it cannot be set while SysProfile is not Custom.',
    );
    expect(causeOf(done.failed['locked']!)).toBe('bios.after_restart');
    expect(bmcs.locked.state().biosPending).toEqual({ SysProfile: 'Custom' });
    expect(bmcs.ready.state()).toMatchObject({ biosPending: { ProcVirtualization: 'Enabled' } });
    const again = await staged();
    expect([Object.keys(again.failed), again.changed], again.output).toEqual([['locked'], []]);
  },
);
