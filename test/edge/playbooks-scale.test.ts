import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { certificatePin, makeCertificate } from '../../main/lab/bmc/index.ts';
import { callModule, PLAYBOOKS } from './playbooks-ansible.ts';

// Each call is a run of Ansible, on a machine that has other work.
vi.setConfig({ testTimeout: 120_000 });

const run = promisify(execFile);
const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

it('updates ten servers first, and three times as many in each further wave, where the site names no limit', async () => {
  const sizes = async (given: object): Promise<readonly number[]> => {
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
    const part = { Name: 'BIOS', CurrentVersion: '1', Version: '2', UpdateAction: 'UPGRADE' };
    const { waves } = await callModule('bringup_fw_plan', {
      hosts: numbers.map((one) => ({ name: `node-${one}`, serials: [`S${one}`] })),
      devices: { value: numbers.map((Id) => ({ Id, DeviceServiceTag: `S${Id}`, PowerState: 17 })) },
      sets: [{ profile: '', baseline: 'b', components: [], hosts: numbers.map((one) => `node-${one}`) }],
      reports: numbers.map((DeviceId) => ({ DeviceId, ComponentComplianceReports: [part] })),
      ...given,
    });
    return (waves as readonly { readonly hosts: readonly object[] }[]).map(({ hosts }) => hosts.length);
  };
  expect(await sizes({ grow: true })).toEqual([10, 30, 60]);
  expect(await sizes({ wave_size: 40 })).toEqual([40, 40, 20]);
});

it('looks at a BMC over one connection, and over a fresh one where the BMC closed it', async () => {
  const kept = await startBmc(false);
  expect(await lookAt(kept)).toMatchObject({ ended: true, state: 'Completed' });
  expect(kept.connections()).toBe(1);
  const closing = await startBmc(true);
  expect(await lookAt(closing)).toMatchObject({ ended: true, state: 'Completed' });
  expect(closing.connections()).toBe(3);
});

it('keeps a password out of what a module answers that ran inside of Ansible', async () => {
  const seen = await lookAt({ port: 1, pin: '' });
  expect(seen).toMatchObject({ ended: false, code: 'REDFISH_REFUSED' });
  expect(JSON.stringify(seen)).not.toContain(PASSWORD);
});

it('works on as many hosts at once as the memory has room for', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-scale-'));
  endings.push(() => rm(folder, { recursive: true }));
  const hostsAt = async (mebibytes: number): Promise<number> => {
    const file = path.join(folder, 'meminfo');
    await writeFile(file, `MemTotal: 99999999 kB\nMemAvailable: ${mebibytes * 1024} kB\n`);
    const program = `import sys; sys.path.insert(0, ${JSON.stringify(`${PLAYBOOKS}/runner`)}); import start; print(start.hosts_at_once(${JSON.stringify(file)}))`;
    return Number((await run('python3', ['-B', '-c', program])).stdout);
  };
  expect([await hostsAt(200), await hostsAt(1600), await hostsAt(16_000)]).toEqual([5, 60, 100]);
});

const PASSWORD = 'a-long-bmc-password';

interface Bmc {
  readonly port: number;
  readonly pin: string;
}

/** A BMC that knows one job; `closes` ends each connection after an answer without having said so. */
async function startBmc(closes: boolean): Promise<Bmc & { connections(): number }> {
  const tls = await makeCertificate(['127.0.0.1']);
  const server = https.createServer(tls, (request, response) => {
    request.resume();
    if (closes) response.on('finish', () => setImmediate(() => request.socket.destroy()));
    if (request.method === 'POST')
      response.writeHead(201, { 'X-Auth-Token': 'token', Location: '/redfish/v1/Sessions/1' }).end('{}');
    else if (request.method === 'DELETE') response.writeHead(204).end();
    else response.end(JSON.stringify({ Id: 'JID_1', JobState: 'Completed' }));
  });
  let connections = 0;
  server.on('secureConnection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, pin: certificatePin(tls.cert), connections: () => connections };
}

function lookAt({ port, pin }: Bmc) {
  const login = { username: 'root', password: PASSWORD };
  return callModule('bringup_bios_job', {
    ...{ address: '127.0.0.1', port, certificate: pin, job: 'JID_1' },
    ...login,
  });
}
