import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBmcSimulator, type BmcSimulator } from '../../main/lab/bmc/index.ts';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { Credential } from '../../src/contract/ports.ts';
import { benchSite } from './bench-site.ts';
import { laptopPorts } from './laptop-ports.ts';

let folder: string;
let simulator: BmcSimulator | undefined;
let bringup: Bringup | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-discovery-'));
});

afterEach(async () => {
  await bringup?.close();
  await simulator?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The application service of one laptop, its home in the test's folder. */
function openBringup(credentials: Readonly<Record<string, Credential>>): Bringup {
  bringup = createBringup(laptopPorts(path.join(folder, 'home'), credentials));
  return bringup;
}

/** Two machines as the lab has them: node-1 is there, node-2's BMC is another machine. */
async function startBmcs(): Promise<BmcSimulator> {
  simulator = await createBmcSimulator({
    machines: [
      { identity: { name: 'node-1', serial: 'SER0001' }, tls: 'own' },
      { identity: { name: 'other', serial: 'SER0099' }, tls: 'own' },
    ],
  });
  return simulator;
}

function writeSite(
  bmcs: BmcSimulator,
  more: { readonly pin?: string; readonly hosts?: string } = {},
): string {
  const file = path.join(folder, 'site.yaml');
  const port = (index: number): string => new URL(bmcs.machines[index]?.url ?? '').port;
  const pin = more.pin === undefined ? '' : `, certificate: "${more.pin}"`;
  writeFileSync(path.join(folder, 'image.qcow2'), '');
  writeFileSync(
    file,
    benchSite(`  - name: node-1
    serial: SER0001
    roles: [rke2-server]
    bmc: {address: 127.0.0.1, port: ${port(0)}, credential: idrac${pin}}
  - name: node-2
    serial: SER0002
    roles: [rke2-agent]
    bmc: {address: 127.0.0.1, port: ${port(1)}, credential: idrac}
${more.hosts ?? ''}`),
  );
  return file;
}

describe('discovery of a site file', () => {
  it('stops at an unknown certificate, shows it, and reads the machine once it is accepted', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs);
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    const first = await service.call('hardware.discover', { file });
    expect(first.machines.map(({ error }) => error?.code)).toEqual([
      'REDFISH_CERTIFICATE_UNKNOWN',
      'REDFISH_CERTIFICATE_UNKNOWN',
    ]);
    expect(first.machines[0]?.error?.message).toContain(bmcs.machines[0]!.certificate!.sha256);
    expect(bmcs.machines[0]!.stats().failedLogins).toBe(0);

    const second = await service.call('hardware.discover', { file, acceptNewCertificates: true });
    expect(second.machines.map(({ ok }) => ok)).toEqual([true, true]);

    const third = await service.call('hardware.discover', { file });
    expect(third.machines.map(({ ok }) => ok)).toEqual([true, true]);
    expect(bmcs.machines.map((bmc) => bmc.stats().openSessions)).toEqual([0, 0]);
  });

  it('names the machine that is missing and the stranger in its place', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs);
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    const { machines, findings } = await service.call('hardware.discover', {
      file,
      acceptNewCertificates: true,
    });
    expect(machines[0]).toMatchObject({ host: 'node-1', ok: true, snapshot: { serial: 'SER0001' } });
    const told = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    expect(told.join('\n')).toMatch(/node-2/);
    expect(told.join('\n')).toMatch(/SER0099/);
  });

  it('never believes another certificate than the one in the site file', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs, { pin: bmcs.machines[1]!.certificate!.sha256 });
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    const { machines } = await service.call('hardware.discover', { file, acceptNewCertificates: true });
    expect(machines[0]?.error?.code).toBe('REDFISH_CERTIFICATE_CHANGED');
  });

  it('keeps the result and, beside it, what each BMC answered, for its owner alone', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs);
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    await service.call('hardware.discover', { file, acceptNewCertificates: true });
    const site = path.join(folder, 'home', 'hardware', 'bench');
    const [time = ''] = readdirSync(site);
    expect(statSync(path.join(site, time)).mode & 0o077).toBe(0);
    const raw = path.join(site, time, 'raw');
    const kept = readdirSync(raw);
    expect(kept).toHaveLength(2);
    expect(statSync(path.join(raw, kept[0]!)).mode & 0o077).toBe(0);
    expect(readFileSync(path.join(raw, kept[0]!), 'utf8')).not.toContain(bmcs.machines[0]!.login.password);

    const again = await service.call('hardware.discover', {
      captures: kept.map((name) => path.join(raw, name)),
      file,
    });
    expect(again.machines.map(({ snapshot }) => snapshot?.serial).sort()).toEqual(['SER0001', 'SER0099']);
  });

  it('part of a site alone does not become what match and plan look at', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs);
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    const { machines } = await service.call('hardware.discover', {
      file,
      hosts: ['node-1'],
      acceptNewCertificates: true,
    });
    expect(machines).toHaveLength(1);
    expect((await service.call('hardware.last', { file })).result).toBeNull();
  });

  it('pins only the certificates that were compared', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs);
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    const compared = bmcs.machines[0]!.certificate!.sha256;
    const options = { file, acceptCertificates: [compared] };
    const { machines } = await service.call('hardware.discover', options);
    expect(machines.map(({ ok }) => ok)).toEqual([true, false]);
    expect(machines[1]?.error?.code).toBe('REDFISH_CERTIFICATE_UNKNOWN');
  });

  it('of some hosts brings what is known of the whole site up to date', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs);
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    await service.call('hardware.discover', { file });
    const options = { file, hosts: ['node-1'], acceptNewCertificates: true };
    const part = await service.call('hardware.discover', options);
    expect(part.machines.map(({ ok }) => ok)).toEqual([true]);
    const { result } = await service.call('hardware.last', { file });
    expect(result?.machines).toMatchObject([
      { host: 'node-1', ok: true },
      { host: 'node-2', ok: false, error: { code: 'REDFISH_CERTIFICATE_UNKNOWN' } },
    ]);
    expect(result?.findings.map(({ code, host }) => [code, host])).toContainEqual(['host.unread', 'node-2']);
    expect(result?.findings.filter(({ code }) => code.startsWith('host.'))).toHaveLength(1);
    const { resources } = await service.call('hardware.raw', { file, bmc: bmcs.machines[0]!.url });
    expect(Object.keys(resources ?? {})).toContain('/redfish/v1');
    const none = await service.call('hardware.raw', { file, bmc: bmcs.machines[1]!.url });
    expect(none.resources).toBeNull();
  });

  it('is seen with the site file as it is now: a corrected serial needs no other discovery', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs);
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    await service.call('hardware.discover', { file, acceptNewCertificates: true });
    await service.call('site.edit', {
      file,
      edits: [{ op: 'set', path: ['hosts', 1, 'serial'], value: 'SER0099' }],
    });
    const { result } = await service.call('hardware.last', { file });
    expect(result?.machines.map(({ host }) => host)).toEqual(['node-1', 'node-2']);
    expect(result?.findings.filter(({ code }) => code.startsWith('host.'))).toEqual([]);
    const plan = await service.call('plan.show', { file });
    expect(plan.hosts.map(({ match }) => match)).toEqual(['matched', 'matched']);
  });

  it('gives match, compat, plan and the inventory their facts', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs);
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    const before = await service.call('plan.show', { file });
    expect(before.hosts[0]).toMatchObject({ name: 'node-1', match: 'unknown' });
    await expect(service.call('hardware.match', { file })).rejects.toMatchObject({
      code: 'HARDWARE_NOT_DISCOVERED',
    });

    await service.call('hardware.discover', { file, acceptNewCertificates: true });
    const { hosts } = await service.call('hardware.match', { file });
    expect(hosts[0]).toMatchObject({ host: 'node-1', status: 'matched', profile: 'compute' });
    const compat = await service.call('hardware.compat', { file });
    expect(compat.hosts[0]).toMatchObject({ host: 'node-1', status: 'pass' });
    const plan = await service.call('plan.show', { file });
    expect(plan.ready).toBe(false);
    expect(plan.blockers.map(({ host }) => host)).toContain('node-2');
    expect((await service.call('site.inventory', { file })).yaml).toMatch(/profile_compute:/);
  });

  it('says what is wrong with a site profile, with its place', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs);
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    await service.call('hardware.discover', { file, acceptNewCertificates: true });
    mkdirSync(path.join(folder, 'profiles'));
    writeFileSync(
      path.join(folder, 'profiles', 'mine.yaml'),
      'name: mine\nversion: 1\nmatch: [{field: memroy}]\n',
    );
    await expect(service.call('hardware.match', { file })).rejects.toMatchObject({
      code: 'PROFILE_INVALID',
      evidence: [{ source: expect.stringMatching(/mine\.yaml:\d+:\d+$/) as string }],
    });
  });

  it('a range needs a credential; addresses at which nothing answers are no machines', async () => {
    const bmcs = await startBmcs();
    const file = writeSite(bmcs);
    const service = openBringup({ idrac: bmcs.machines[0]!.login });
    const ranges = ['127.0.0.9'];
    await expect(service.call('hardware.discover', { file, ranges })).rejects.toMatchObject({
      code: 'DISCOVERY_CREDENTIAL',
    });
    const { machines } = await service.call('hardware.discover', {
      ...{ file, ranges, credential: 'idrac', hosts: ['node-1'] },
      acceptNewCertificates: true,
    });
    expect(machines.map(({ bmc }) => bmc)).toEqual([bmcs.machines[0]!.url]);
  });
});

describe('one BMC without a site file', () => {
  it('is read, and nothing is kept', async () => {
    const bmcs = await startBmcs();
    const [bmc] = bmcs.machines;
    const service = openBringup({});
    const { machines } = await service.call('hardware.discover', {
      bmc: { url: bmc!.url, ...bmc!.login, pin: bmc!.certificate!.sha256 },
    });
    expect(machines[0]).toMatchObject({ ok: true, snapshot: { serial: 'SER0001' } });
    expect(existsSync(path.join(folder, 'home', 'hardware'))).toBe(false);
  });

  it('refuses a wrong password after one try', async () => {
    const bmcs = await startBmcs();
    const [bmc] = bmcs.machines;
    const { machines } = await openBringup({}).call('hardware.discover', {
      bmc: { url: bmc!.url, username: 'root', password: 'wrong-password', pin: bmc!.certificate!.sha256 },
    });
    expect(machines[0]?.error?.code).toBe('REDFISH_LOGIN_REFUSED');
    expect(bmc!.stats().failedLogins).toBe(1);
  });
});
