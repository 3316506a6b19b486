import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type BmcSimulator, createBmcSimulator, makeCertificate } from '../../main/lab/bmc/index.ts';
import { installerImage, writeInstallerImage } from '../../main/lab/installer-image.ts';
import { type InstallerNews, createSimulatedInstaller } from '../../main/lab/installer.ts';
import { runTool } from '../../main/lab/run-tool.ts';

const LOGIN = { username: 'root', password: 'a-long-bmc-password' };
const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';
const IMAGE = installerImage();
/** An image of somebody else: the name of the volume stands in its descriptor, which begins at byte 32768. */
const FOREIGN = Buffer.from(IMAGE);
FOREIGN.write('DEBIAN'.padEnd(32), 32_768 + 40, 'latin1');
const FILES: Readonly<Record<string, Buffer>> = {
  '/lab-installer.iso': IMAGE,
  '/cut.iso': IMAGE.subarray(0, 40_000),
  '/text.iso': Buffer.from('no image at all'),
  '/foreign.iso': FOREIGN,
};

let bmcs: BmcSimulator;
let repository: https.Server;
let base: string;
let installing = Promise.resolve();
const told: InstallerNews[] = [];
const starts: string[] = [];

beforeAll(async () => {
  const { key, cert } = await makeCertificate(['127.0.0.1']);
  repository = https.createServer({ key, cert }, (request, response) => {
    const file = FILES[request.url ?? ''];
    if (request.url === '/broken.iso') {
      response.writeHead(200, { 'Content-Length': IMAGE.length }).write(IMAGE.subarray(0, 2048));
      response.destroy();
    } else if (file === undefined) response.writeHead(404).end();
    else response.end(file);
  });
  await new Promise<void>((resolve) => repository.listen(0, '127.0.0.1', () => resolve()));
  base = `https://127.0.0.1:${(repository.address() as AddressInfo).port}`;
  const install = createSimulatedInstaller({
    start: async () => void starts.push('started'),
    tell: (news) => void told.push(news),
  });
  bmcs = await createBmcSimulator({
    machines: [{ login: LOGIN, onBoot: (boot) => void (installing = install(boot)) }],
  });
});
afterAll(async () => {
  await bmcs.close();
  repository.close();
});
beforeEach(() => {
  told.length = 0;
  starts.length = 0;
});

async function ask(method: string, uri: string, body: object): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64')}`;
  const { machines } = bmcs;
  const status = await new Promise<number>((resolve, reject) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const request = http.request(`${machines[0]?.url}${SYSTEM}${uri}`, { method, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject).end(JSON.stringify(body));
  });
  expect(status, `${method} ${uri}`).toBeLessThan(300);
}

/** What stage os does at a BMC, and what came of it when the installer is done. */
async function bootOnceFrom(image: string): Promise<InstallerNews | undefined> {
  await ask('POST', '/VirtualMedia/1/Actions/VirtualMedia.InsertMedia', { Image: image });
  await ask('PATCH', '', { Boot: { BootSourceOverrideTarget: 'Cd', BootSourceOverrideEnabled: 'Once' } });
  await restart();
  await ask('POST', '/VirtualMedia/1/Actions/VirtualMedia.EjectMedia', {});
  return told.at(-1);
}

async function restart(): Promise<void> {
  await ask('POST', '/Actions/ComputerSystem.Reset', { ResetType: 'ForceRestart' });
  await installing;
}

it('writes an image that other programs know as an ISO 9660 volume, the same every time', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-lab-installer-'));
  try {
    const sha256 = await writeInstallerImage(folder);
    const file = path.join(folder, 'lab-installer.iso');
    expect(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ).toBe(sha256);
    expect(await writeInstallerImage(folder)).toBe(sha256);
    const seen = await runTool('blkid', ['--probe', '--output', 'export', file]);
    expect(seen.split('\n')).toEqual(expect.arrayContaining(['TYPE=iso9660', 'LABEL=BRINGUP_LAB_INSTALLER']));
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('installs a machine that was told to boot from the image once, and leaves it alone when it starts again', async () => {
  expect(await bootOnceFrom(`${base}/lab-installer.iso`)).toEqual({
    state: 'installed',
    text: `installed from ${base}/lab-installer.iso`,
  });
  expect(told.map(({ state }) => state)).toEqual(['installing', 'installing', 'installed']);
  await restart();
  expect(starts).toEqual(['started']);
});

it('starts nothing where the medium is inserted and the boot is from elsewhere', async () => {
  await ask('POST', '/VirtualMedia/1/Actions/VirtualMedia.InsertMedia', {
    Image: `${base}/lab-installer.iso`,
  });
  await restart();
  await ask('POST', '/VirtualMedia/1/Actions/VirtualMedia.EjectMedia', {});
  expect([told, starts]).toEqual([[], []]);
});

it.for([
  ['missing.iso', /missing\.iso answers 404/],
  ['broken.iso', /broken\.iso (broke off|cannot be read)/],
  ['cut.iso', /ends after 40000 of 45056 bytes/],
  ['text.iso', /is no ISO 9660 volume/],
  ['foreign.iso', /is the volume "DEBIAN"/],
] as const)('gives up on %s and says why', async ([name, why]) => {
  expect(await bootOnceFrom(`${base}/${name}`)).toMatchObject({
    state: 'refused',
    text: expect.stringMatching(why) as string,
  });
  expect(starts).toEqual([]);
});
