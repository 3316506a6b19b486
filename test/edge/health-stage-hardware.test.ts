import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  builtinCapture,
  createBmcSimulator,
  createCapture,
  type BmcCertificate,
  type BmcSimulator,
  type SimulatedBmc,
} from '../../main/lab/bmc/index.ts';
import { inventoryOf, playStage, type StagePlay } from './bios-stage-run.ts';
import { runCommand } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

// A whole playbook, which takes its time on a machine that has other work.
vi.setConfig({ hookTimeout: 300_000 });

const NODES = ['good', 'parts', 'off', 'ending', 'password'] as const;
type Node = (typeof NODES)[number];
const LOGIN = { username: 'root', password: 'a-long-bmc-password' };
const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';
const CHASSIS = '/redfish/v1/Chassis/System.Embedded.1';
const LOGS = '/redfish/v1/Managers/iDRAC.Embedded.1/LogServices';
const BROKEN = { State: 'Enabled', Health: 'Critical' };

let folder: string;
let simulator: BmcSimulator;
let bmcs: Record<Node, SimulatedBmc>;
let first: StagePlay;

interface CheckResult {
  readonly check: string;
  readonly host: string;
  readonly verdict: string;
  readonly seen: string;
  readonly msg: string;
}
interface Report {
  readonly counts: Readonly<Record<string, number>>;
  readonly matrix: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly checks: readonly CheckResult[];
}

/** A PowerEdge that has a system event log: an old critical entry, and one of a moment ago. */
function captureWithEvents() {
  const plain = builtinCapture();
  const map = Object.fromEntries([...plain.keys()].map((key) => [key, plain.lookup(key) ?? {}]));
  const link = (uri: string) => ({ '@odata.id': uri });
  const entry = (at: number, message: string) => ({
    ...link(`${LOGS}/Sel/Entries/${at}`),
    ...{ Created: new Date(at).toISOString(), Message: message, Severity: 'Critical' },
  });
  const old = entry(Date.now() - 9 * 86_400_000, 'Fan 2 failed last week.');
  const fresh = entry(Date.now() - 30_000, 'The power input for power supply 2 is lost.');
  return createCapture({
    ...map,
    [LOGS]: { ...map[LOGS], Members: [link(`${LOGS}/Sel`), link(`${LOGS}/Lclog`)] },
    [`${LOGS}/Sel`]: { ...link(`${LOGS}/Sel`), Id: 'Sel', Entries: link(`${LOGS}/Sel/Entries`) },
    [`${LOGS}/Sel/Entries`]: { ...link(`${LOGS}/Sel/Entries`), Members: [fresh, old] },
  });
}

/** A certificate that ends so many days from now; -1 makes one that has ended. */
async function certificateFor(days: number) {
  const [key, cert] = [path.join(folder, 'bmc.key'), path.join(folder, 'bmc.crt')];
  const make = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -subj /CN=bmc -keyout ${key} -out ${cert}
    openssl x509 -in ${cert} -signkey ${key} -days ${days} -out ${cert}.new; mv ${cert}.new ${cert}`;
  const done = await runCommand('bash', ['-euc', make]);
  if (done.code !== 0) throw new Error(done.stderr);
  return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-health-'));
  const withEvents = captureWithEvents();
  const tls: Partial<Record<Node, BmcCertificate>> = {
    ending: await certificateFor(8),
    off: await certificateFor(-1),
  };
  simulator = await createBmcSimulator({
    machines: NODES.map((name, index) => ({
      ...{ host: `127.0.0.${index + 31}`, tls: tls[name] ?? ('own' as const), login: LOGIN },
      ...(name === 'parts' ? { capture: withEvents } : {}),
      identity: { name, serial: `HEA000${index}` },
    })),
  });
  bmcs = Object.fromEntries(NODES.map((name, index) => [name, simulator.machines[index]])) as typeof bmcs;
  const { changed } = bmcs.parts.state();
  changed[`${CHASSIS}/Power`] = { PowerSupplies: [{ Name: 'PS2 Status', Status: BROKEN }] };
  changed[`${CHASSIS}/Thermal`] = {
    Fans: [{ Name: 'Fan 3A', Status: BROKEN }],
    Temperatures: [{ Name: 'Inlet', ReadingCelsius: 48, UpperThresholdCritical: 47, Status: {} }],
  };
  changed[`${SYSTEM}/Storage/RAID.SL.3-1/Drives/Disk.Bay.2:Enclosure.Internal.0-1:RAID.SL.3-1`] = {
    Status: BROKEN,
  };
  changed[`${SYSTEM}/Memory/DIMM.Socket.A1`] = { Name: 'DIMM A1', Status: BROKEN };
  changed[SYSTEM] = { Status: { ...BROKEN, HealthRollup: 'Critical' } };
  Object.assign(bmcs.off.state(), { power: 'Off' });
  await mkdir(path.join(folder, 'site/firmware'), { recursive: true });
  const updates = [{ component: 'BIOS', from: '1.8.2', to: '1.9.1' }];
  const ending = {
    code: 'FIRMWARE_DEVICE_UNKNOWN',
    msg: 'OpenManage Enterprise knows no device with the service tag E1 of ending.',
  };
  const known = { hosts: { parts: { updates }, off: { updates: [] } }, not_compared: { ending } };
  await writeFile(path.join(folder, 'site/firmware/r0-1-after.json'), JSON.stringify(known));
  first = await carryOut();
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** The stage over these servers and one that has no BMC; nobody answers at the KVM host's address. */
function carryOut(...words: readonly string[]): Promise<StagePlay> {
  const hosts = NODES.map((name) => {
    const { hostname, port } = new URL(bmcs[name].url);
    const bmc = {
      address: hostname,
      port: Number(port),
      credential: name,
      certificate: bmcs[name].certificate!.sha256,
    };
    return { name, bmc };
  });
  const wanted = { bringup_profile_settings: { bios_attributes: { ProcVirtualization: 'Disabled' } } };
  const credentials = Object.fromEntries([...NODES, 'kvm'].map((name) => [name, LOGIN] as const));
  const vars = {
    bringup_run: { id: '20261121-224500-stage-ab12', stage: 'health', attempt: 1, runtime: folder },
    bringup_laptop: { time: '2026-11-21T22:55:00.123Z' },
    bringup_credentials: { ...credentials, password: { ...LOGIN, password: 'not-the-password' } },
  };
  const inventory = inventoryOf(
    [...hosts, { name: 'bare' }],
    { bios: { via: 'direct' } },
    new Map([['parts', { profile: 'compute', vars: wanted }]]),
  );
  return playStage('health.yml', folder, inventory, vars, ...words);
}

const report = async () =>
  JSON.parse(await readFile(path.join(folder, 'site/health.json'), 'utf8')) as Report;

/** What one check of one server came to. */
async function checkOf(host: string, check: string): Promise<CheckResult | undefined> {
  return (await report()).checks.find((one) => one.host === host && one.check === check);
}

it('fails each server for what explains most, with its cause, and keeps the rest as evidence', () => {
  const told = [...NODES, 'bare', 'kvm-host'].map((name) => [name, first.failed[name]?.msg]);
  expect(told, first.output).toEqual([
    ['good', undefined],
    ['parts', 'The power supplies of parts: PS2 Status is Critical; wanted every one OK.'],
    ['off', 'off is powered off: its BMC says Off; wanted On.'],
    [
      'ending',
      expect.stringMatching(
        /^The certificate of the BMC of ending: it ends on \S+, in 7 days; wanted good for 90 days.$/,
      ),
    ],
    ['password', expect.stringContaining('refuses the user name or password')],
    ['bare', undefined],
    ['kvm-host', expect.stringMatching(/^kvm-host could not be looked at: .*127\.0\.0\.8/)],
  ]);
  expect(first.failed['parts']?.['stderr']).toContain('The fans of parts: Fan 3A is Critical');
  const fans = { from: 'parts', probe: 'fans', status: 'failed', seen: 'Fan 3A is Critical' };
  expect(first.failed['parts']?.['bringup_cells']).toContainEqual({ ...fans, wanted: 'every one OK' });
  const causes = ['parts', 'off', 'ending', 'password', 'kvm-host'].map((name) =>
    causeOf(first.failed[name] ?? {}),
  );
  const known = ['health.power_supply', 'host.powered_off', 'health.certificate', 'redfish.auth_failed'];
  expect(causes).toEqual([...known, expect.stringMatching(/^ssh\./)]);
  expect(bmcs.password.stats()).toMatchObject({ failedLogins: 1 });
  expect(first.output).not.toContain(LOGIN.password);
});

it.each([
  ['fans', 'Fan 3A is Critical', 'health.fan'],
  ['temperatures', 'Inlet reads 48 °C, its limit is 47 °C', 'health.temperature'],
  ['disks', 'Solid State Disk 0:1:2 is Critical', 'health.disk'],
  ['memory_modules', 'DIMM A1 is Critical', 'health.memory_module'],
  ['hardware', 'Critical as a whole', 'health.hardware'],
  [
    'event_log',
    /^1 critical since the run began: \S+ The power input for power supply 2 is lost\.$/,
    'health.event_log',
  ],
  ['firmware', 'BIOS is 1.8.2, not 1.9.1 (r0-1-after.json)', 'firmware.behind'],
  ['bios', 'ProcVirtualization is Enabled, not Disabled', 'bios.drift'],
])('finds what is wrong with %s', async (check, seen, cause) => {
  const found = await checkOf('parts', check);
  expect(found).toMatchObject({
    verdict: 'failed',
    seen: typeof seen === 'string' ? seen : expect.stringMatching(seen),
  });
  expect(causeOf({ ...found })).toBe(cause);
});

it('fails the firmware of a server that OpenManage Enterprise does not know, by its name and with its cause', async () => {
  const found = await checkOf('ending', 'firmware');
  expect(found).toMatchObject({
    verdict: 'failed',
    seen: 'not compared (r0-1-after.json)',
    msg: 'OpenManage Enterprise knows no device with the service tag E1 of ending.',
  });
  expect(causeOf({ ...found })).toBe('firmware.device_unknown');
});

it('finds a certificate that has expired, at a server that is off as well', async () => {
  const found = await checkOf('off', 'bmc_certificate');
  expect(found).toMatchObject({ verdict: 'failed', seen: expect.stringMatching(/^it expired on \d{4}-/) });
});

it('keeps a matrix of all checks and machines, in which nothing is green that nobody looked at', async () => {
  const { matrix, counts, checks } = await report();
  expect(matrix['power']).toEqual({
    good: 'ok',
    parts: 'ok',
    off: 'failed',
    ending: 'ok',
    password: 'skipped',
    bare: 'skipped',
  });
  expect(matrix['login']).toMatchObject({ deploy: 'ok', 'kvm-host': 'failed', good: 'skipped' });
  expect(await checkOf('bare', 'disks')).toMatchObject({ seen: 'the site file names no BMC of this server' });
  expect(await checkOf('good', 'firmware')).toMatchObject({
    verdict: 'skipped',
    seen: expect.stringContaining('left no report'),
  });
  expect(await checkOf('off', 'firmware')).toMatchObject({ verdict: 'ok' });
  expect(await checkOf('good', 'nodes')).toMatchObject({
    verdict: 'skipped',
    seen: expect.stringContaining('no cluster yet'),
  });
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(checks.length);
  expect(checks.filter(({ host, verdict }) => host === 'good' && verdict === 'failed')).toEqual([]);
  expect(first.changed).toEqual([]);
});
