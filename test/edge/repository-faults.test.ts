import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expireCertificate } from '../../main/lab/bmc/certificate.ts';
import { makeCertificate } from '../../main/lab/bmc/index.ts';
import { callModule, type ModuleResult } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

const SHA256 = 'ab'.repeat(32);
const RIGHT = 'a whole file';

let folder: string;
let secure: https.Server;
let plain: http.Server;
let ca: string;
/** Whether the plain server breaks off in the middle of each file. */
let breaksOff = true;

const urlOf = (server: http.Server | https.Server, scheme: string): string =>
  `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
const listen = (server: http.Server | https.Server): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve()));

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-repository-faults-'));
  const tls = await expireCertificate(await makeCertificate(['127.0.0.1']));
  ca = tls.cert;
  await writeFile(path.join(folder, 'ca.pem'), ca);
  secure = https.createServer(tls, (_, response) => response.end(RIGHT));
  plain = http.createServer((_, response) => {
    response.writeHead(200, { 'Content-Length': RIGHT.length + (breaksOff ? 1000 : 0) });
    response.write(RIGHT, () => (breaksOff ? response.destroy() : response.end()));
  });
  await Promise.all([listen(secure), listen(plain)]);
});
afterAll(async () => {
  secure.closeAllConnections();
  await Promise.all([secure, plain].map((server) => new Promise((resolve) => server.close(resolve))));
  await rm(folder, { recursive: true, force: true });
});

/** Everything that fetches from a repository, asked for one file; what it says of one that broke off, and of one that is another. */
const CLIENTS: readonly (readonly [
  name: string,
  fetchFrom: (base: string) => Promise<ModuleResult>,
  brokenOff: string,
  wrong: string,
])[] = [
  [
    'the test of the repository',
    (base) =>
      callModule('bringup_repository_probe', {
        ...{ url: `${base}/`, files: [{ path: 'file', size: RIGHT.length, sha256: SHA256 }] },
        ...(base.startsWith('https') ? { ca } : {}),
      }),
    ...(['repository.unreachable', 'repository.corrupted'] as const),
  ],
  [
    'RKE2 on a server',
    (base) =>
      callModule('bringup_rke2_install', {
        ...{ kind: 'agent', folder: path.join(folder, 'rke2'), url: `${base}/`, ca },
        files: [{ name: 'rke2.linux-amd64.tar.gz', sha256: SHA256, size: RIGHT.length, images: false }],
      }),
    ...(['repository.unreachable', 'rke2.artifact_hash'] as const),
  ],
  [
    'the firmware catalogue',
    (base) =>
      callModule('bringup_fw_catalog', {
        ...{ url: `${base}/Catalog.xml`, name: 'x', stamp: 'x', cas: [path.join(folder, 'ca.pem')] },
        ...{
          hostname: '127.0.0.1',
          port: 1,
          username: 'u',
          password: 'a-long-password',
          ca_path: '/nowhere',
        },
      }),
    ...(['firmware.catalog_unreachable', 'firmware.catalog_invalid'] as const),
  ],
  [
    'an installer image',
    (base) =>
      callModule('bringup_os_image', {
        ...{ images: [{ url: `${base}/installer.iso`, sha256: SHA256 }], ca: path.join(folder, 'ca.pem') },
      }),
    ...(['os.image_missing', 'os.image_changed'] as const),
  ],
];

describe.each(CLIENTS)('%s', (_, fetchFrom, brokenOff, wrong) => {
  it('tells a certificate that has expired from a machine that is not the repository', async () => {
    const found = await fetchFrom(urlOf(secure, 'https'));
    expect(found).toMatchObject({ failed: true, code: 'REPOSITORY_CERTIFICATE_EXPIRED' });
    expect(causeOf(found)).toBe('repository.certificate_expired');
  });

  it('does not take a file for a wrong one of which only a part came', async () => {
    breaksOff = true;
    expect(causeOf(await fetchFrom(urlOf(plain, 'http')))).toBe(brokenOff);
    breaksOff = false;
    expect(causeOf(await fetchFrom(urlOf(plain, 'http')))).toBe(wrong);
  });
});

it('tells the expired certificate of a BMC from one that nobody knows', async () => {
  const { port } = secure.address() as AddressInfo;
  const login = { username: 'root', password: 'a-long-bmc-password' };
  const ask = () =>
    callModule('bringup_bios_survey', {
      address: '127.0.0.1',
      port,
      ...login,
      attributes: { BootMode: 'Uefi' },
    });
  expect(await ask()).toMatchObject({ failed: true, code: 'REDFISH_CERTIFICATE_UNKNOWN' });
  vi.stubEnv('SSL_CERT_FILE', path.join(folder, 'ca.pem'));
  const expired = await ask();
  vi.unstubAllEnvs();
  expect(expired).toMatchObject({ failed: true, code: 'REDFISH_CERTIFICATE_EXPIRED' });
  expect(causeOf(expired)).toBe('redfish.certificate_expired');
});
