import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { expireCertificate } from '../../main/lab/bmc/certificate.ts';
import { makeCertificate } from '../../main/lab/bmc/index.ts';
import { createOmeSimulator, type OmeSimulator } from '../../main/lab/ome/index.ts';
import { omeClient } from './ome-client.ts';
import { callModule, type ModuleResult } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

let folder: string;
let ome: OmeSimulator;
let other: OmeSimulator;
let expired: OmeSimulator;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-ome-modules-'));
  const own = await makeCertificate(['127.0.0.1']);
  const named = await makeCertificate(['factory.example']);
  [ome, other, expired] = await Promise.all([
    createOmeSimulator({ tls: own }),
    createOmeSimulator({ tls: named }),
    createOmeSimulator({ tls: await expireCertificate(named) }),
  ]);
});
afterAll(async () => {
  await Promise.all([ome, other, expired].map((one) => one?.close()));
  await rm(folder, { recursive: true, force: true });
});

/** Where a probe lays what vouches for it: each into a file of its own, as several run side by side. */
let probes = 0;

function probe(at: OmeSimulator, given: Record<string, unknown> = {}): Promise<ModuleResult> {
  return callModule('bringup_ome_probe', {
    ...{ hostname: at.host, port: at.port, ...at.login, version: '3.8.3' },
    ...{
      pin: at.certificate.sha256,
      ca_path: path.join(folder, `${++probes}.pem`),
      services: ['JobService/JobTypes'],
    },
    ...given,
  });
}

describe('an OpenManage Enterprise that is probed', () => {
  it('is believed by its pin, and what vouches for it is there for the modules that follow', async () => {
    const pin = (ome.certificate.sha256.toUpperCase().match(/../g) ?? []).join(':');
    const trusted = path.join(folder, 'trusted.pem');
    expect(await probe(ome, { pin, ca_path: trusted })).toMatchObject({
      ready: true,
      direct: true,
      version: '3.9.0',
      changed: false,
    });
    expect(await readFile(trusted, 'utf8')).toBe(ome.certificate.pem);
    expect(await probe(ome, { pin: '', ca: ome.certificate.pem })).toMatchObject({
      ready: true,
      direct: true,
    });
    expect(await probe(other)).toMatchObject({ ready: true, direct: false });
    expect(ome.stats()).toMatchObject({ openSessions: 0 });
  });

  it('gets no password where its certificate is not the right one', async () => {
    const before = [ome, other, expired].map((one) => one.stats().requests);
    const found = await Promise.all([
      probe(ome, { pin: '' }),
      probe(ome, { pin: '00'.repeat(32) }),
      probe(ome, { pin: '', ca: other.certificate.pem }),
      probe(other, { pin: '', ca: other.certificate.pem }),
      probe(expired),
      probe(ome, { pin: '', ca: 'no certificate' }),
    ]);
    expect(found.map(({ code }) => code)).toEqual([
      'OME_CERTIFICATE_UNKNOWN',
      'OME_CERTIFICATE_CHANGED',
      'OME_CERTIFICATE_CA',
      'OME_CERTIFICATE_NAME',
      'OME_CERTIFICATE_EXPIRED',
      'OME_TLS',
    ]);
    expect(found[0]?.msg).toContain(ome.certificate.sha256);
    expect([ome, other, expired].map((one) => one.stats().requests)).toEqual(before);
  });

  it.each([
    [{ version: '10.0' }, 'ome.version'],
    [{ unfit_roles: ['ADMINISTRATOR', 'VIEWER'] }, 'ome.privilege'],
    [{ username: '' }, 'ome.login_refused'],
    [{ port: 1 }, 'ome.unreachable'],
  ])('will not do with %o', async (given, cause) => {
    expect(causeOf(await probe(ome, given))).toBe(cause);
  });

  it('is waited for while it says that it is not ready', async () => {
    ome.setFaults([{ kind: 'unavailable' }]);
    expect(await probe(ome)).toMatchObject({ ready: false, code: 'OME_UNAVAILABLE' });
    ome.setFaults([]);
  });
});

describe('a job that is followed', () => {
  const follow = (given: object = {}) =>
    callModule('bringup_fw_job', {
      ...{ hostname: ome.host, port: ome.port, ...ome.login, ca_path: path.join(folder, 'followed.pem') },
      ...{ job, ...given },
    });
  let job: number;
  beforeAll(async () => {
    await writeFile(path.join(folder, 'followed.pem'), ome.certificate.pem);
    const order = { JobName: 'inventory', JobType: { Name: 'Inventory_Task' }, Targets: [] };
    const { json } = await omeClient(ome).ask('POST', 'JobService/Jobs', order);
    job = json.Id;
  });
  afterEach(() => ome.setFaults([]));

  it('is waited for while its OpenManage Enterprise is away, and has its end when that is back', async () => {
    ome.setFaults([{ kind: 'away' }]);
    const away = await follow();
    expect(away).toMatchObject({ ended: false, code: 'OME_UNREACHABLE' });
    expect(away['bringup_progress']).toMatch(/it is waited for\.$/);
    const given = await follow({ away_seconds: 0 });
    expect([given.failed, causeOf(given)]).toEqual([true, 'ome.unreachable']);
    ome.setFaults([]);
    await vi.waitFor(async () => expect(await follow()).toMatchObject({ ended: true }), 20_000);
  });

  it('is followed on where the session ends in the middle of it, by one more login', async () => {
    ome.setFaults([{ kind: 'session-ended', path: '/api/JobService', times: 1 }]);
    expect(await follow()).toMatchObject({ ended: true });
    ome.setFaults([{ kind: 'session-ended', path: '/api/JobService' }]);
    expect(await follow()).toMatchObject({ failed: true, code: 'OME_ANSWER' });
    expect(ome.stats()).toMatchObject({ failedLogins: 0 });
  });
});

describe('devices compared with the site file', () => {
  const group = 'bringup plant-7 compute';
  const hosts = ['1', '2', '3', '4', '5', '6', '7'].map((number) => ({
    ...{ name: `node-${number}`, serial: `TAG000${number}`, address: `10.20.1.1${number}`, group },
  }));
  const device = (id: number, tag: string, address: string, state: object = {}) => ({
    ...{ Id: id, DeviceServiceTag: tag, Model: 'PowerEdge R750', Status: 1000, ConnectionState: true },
    DeviceManagement: [{ NetworkAddress: address }],
    ...state,
  });
  const devices = [
    device(1, 'tag0001', '10.20.1.11'),
    device(2, 'TAG9999', '10.20.1.12'),
    device(3, 'TAG0003', '10.20.1.99'),
    device(4, 'TAG0004', '10.20.1.14', { Status: 4000, ConnectionState: false }),
    device(5, 'TAG0005', '10.20.1.15', { Status: 3000 }),
  ];
  const groups = {
    [group]: { id: 90, devices: [1, 4] },
    'bringup plant-7 gpu': { id: 91, devices: [5] },
  };
  const results = [
    { key: '10.20.1.16', status: 'Failed', text: 'The credentials for this device are invalid.' },
    { key: '10.20.1.17', status: 'Failed', text: 'Something odd' },
  ];

  it('are told apart: right, wrong, elsewhere, ill, in another group, refused, unknown', async () => {
    const seen = await callModule('bringup_ome_match', { hosts, devices, groups, results });
    const faults = seen['faults'] as Record<string, readonly { readonly code: string }[]>;
    const codes = Object.fromEntries(
      Object.entries(faults).map(([host, all]) => [host, all.map(({ code }) => code)]),
    );
    expect(codes).toEqual({
      'node-2': ['OME_DEVICE_SERIAL'],
      'node-3': ['OME_DEVICE_ADDRESS'],
      'node-4': ['OME_DEVICE_LOST', 'OME_DEVICE_HEALTH'],
      'node-5': ['OME_DEVICE_GROUP'],
      'node-6': ['OME_DEVICE_REFUSED'],
      'node-7': ['OME_DEVICE_MISSING'],
    });
    expect(seen).toMatchObject({
      members: { [group]: [1, 4, 5] },
      strangers: { 'bringup plant-7 gpu': [5] },
      missing: ['node-3', 'node-6', 'node-7'],
    });
    expect(Object.keys(seen['found'] as object)).toEqual(['node-1', 'node-4', 'node-5']);
  });
});
