import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BmcSimulator, type SimulatedBmc, createBmcSimulator } from '../../main/lab/bmc/index.ts';
import { inventoryOf, playStage, type StagePlay } from './bios-stage-run.ts';
import { callModule } from './playbooks-ansible.ts';
import { startSshd, type TestSshd } from './remote-sshd.ts';
import { causeOf } from './service-cause.ts';

const NODES = [
  'empty',
  'present',
  'unnamed',
  'password',
  'occupied',
  'endless',
  'foreign',
  'running',
  'cut',
] as const;
type Node = (typeof NODES)[number];
const NAMED = NODES.filter((name) => name !== 'unnamed');
/** Servers that an installer can come to. */
const INSTALLED = ['empty', 'cut', 'password'] as const;
const LOGIN = { username: 'root', password: 'a-long-bmc-password' };
const VM = '127.0.0.9';
const IMAGE = Buffer.from('not an installer, and long enough to be one here');
const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';
/** What each server was told to change, in order. */
const asked = new Map<Node, string[]>();

let simulator: BmcSimulator;
let bmcs: Record<Node, SimulatedBmc>;
let folder: string;
let sshd: TestSshd;
let images: http.Server;
let base: string;
let first: StagePlay;
let isPasswordWrong = true;
const doors = new Map<Node, net.Server>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-os-stage-'));
  sshd = await startSshd();
  images = http.createServer((request, response) =>
    request.url === '/installer.iso' ? response.end(IMAGE) : response.writeHead(404).end(),
  );
  await new Promise<void>((resolve) => images.listen(0, VM, () => resolve()));
  base = `http://${VM}:${(images.address() as net.AddressInfo).port}`;
  simulator = await createBmcSimulator({
    machines: NODES.map((name, index) => ({
      ...{ host: `127.0.0.${index + 31}`, tls: 'own' as const, login: LOGIN },
      identity: { name, serial: `OSX000${index}` },
      timings: { graceful: 0, restart: 0, job: 0 },
      onRequest: (method, url) => {
        if (method !== 'GET' && !url.includes('Session'))
          asked.set(name, [...(asked.get(name) ?? []), `${method} ${url}`]);
        bootInstalled();
      },
    })),
  });
  bmcs = Object.fromEntries(NODES.map((name, index) => [name, simulator.machines[index]])) as typeof bmcs;
  insert('empty', `${base}/of-an-earlier-run.iso`);
  insert('occupied', 'http://192.0.2.7/of-somebody-else.iso');
  Object.assign(bmcs.empty.state(), { power: 'Off' });
  Object.assign(bmcs.running.state().changed, { [SYSTEM]: { BootProgress: { LastState: 'OSRunning' } } });
  await bmcs.cut.setFaults([{ kind: 'reset', path: `${SYSTEM}/Actions/ComputerSystem.Reset` }]);
  openDoor('present');
  openDoor('foreign');
  first = await carryOut({ hosts: NAMED, overwrite: ['foreign'] });
}, 240_000);
afterAll(async () => {
  for (const door of doors.values()) door.close();
  images.close();
  await simulator.close();
  await sshd.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Puts a medium into the second slot, where the stage would not put its own. */
function insert(node: Node, image: string): void {
  Object.assign(bmcs[node].state().media, { [`${SYSTEM}/VirtualMedia/2`]: { image, writeProtected: true } });
}

function addressOf(node: Node): string {
  return `127.0.2.${NODES.indexOf(node) + 31}`;
}

/** The server's SSH: the way to a real sshd opens at its address. */
function openDoor(node: Node): void {
  if (doors.has(node)) return;
  const door = net.createServer((socket) => {
    const inner = net.connect(sshd.port, '127.0.0.1');
    for (const [from, to] of [
      [socket, inner],
      [inner, socket],
    ] as const)
      from.on('error', () => to.destroy());
    socket.pipe(inner).pipe(socket);
  });
  doors.set(node, door);
  door.listen(sshd.port, addressOf(node));
}

/** What an installer leads to: a server that booted from the image answers SSH. */
function bootInstalled(): void {
  for (const name of INSTALLED) {
    const boots = bmcs[name].state().boots ?? [];
    if (boots.some(({ target, images: held }) => target === 'Cd' && held.includes(`${base}/installer.iso`)))
      openDoor(name);
  }
}

function carryOut(parameters: object, ...words: readonly string[]): Promise<StagePlay> {
  return carryOutStage('os.yml', NODES, parameters, ...words);
}

function carryOutStage(
  playbook: string,
  names: readonly Node[],
  parameters: object,
  ...words: readonly string[]
): Promise<StagePlay> {
  const hosts = names.map((name) => {
    const { hostname, port } = new URL(bmcs[name].url);
    return {
      name,
      bmc: {
        address: hostname,
        port: Number(port),
        credential: `bmc-${name}`,
        certificate: bmcs[name].certificate?.sha256,
      },
      ssh: { user: sshd.user, port: sshd.port, credential: name === 'foreign' ? 'wrong' : 'os' },
      interfaces: [{ name: 'nic1', network: 'all', address: addressOf(name) }],
    };
  });
  const logins = NODES.map((name) => [
    `bmc-${name}`,
    { ...LOGIN, ...(name === 'password' && isPasswordWrong ? { password: 'not-the-password' } : {}) },
  ]);
  const vars = {
    bringup_run: {
      id: 'run-1',
      stage: 'os',
      attempt: 1,
      runtime: path.join(folder, 'runtime'),
      confirm: true,
    },
    bringup_credentials: {
      ...(Object.fromEntries(logins) as object),
      os: { username: sshd.user, password: sshd.password },
      wrong: { username: sshd.user, password: 'no-password-of-this-user' },
    },
    ...{ os_install_poll_seconds: 1, os_install_limit_seconds: 2, os_install_work_ports: [] },
  };
  const sha256 = createHash('sha256').update(IMAGE).digest('hex');
  const os = { mode: 'install', image: `${base}/installer.iso`, sha256, ...parameters };
  const repository = { mode: 'existing', url: `${base}/installer.iso` };
  const inventory = inventoryOf(hosts, { os }, new Map(), { repository });
  return playStage(playbook, folder, inventory, vars, ...words);
}

it('installs the servers that have no system, and gives each of the others its own reason', () => {
  const failed = Object.entries(first.failed).sort(([one], [other]) => one.localeCompare(other));
  expect(
    failed.map(([host, { code }]) => [host, code]),
    first.output,
  ).toEqual([
    ['cut', 'REDFISH_CLOSED'],
    ['endless', 'OS_NEVER_ANSWERED'],
    ['foreign', 'OS_LOGIN_REFUSED'],
    ['occupied', 'OS_MEDIA_OCCUPIED'],
    ['password', 'REDFISH_LOGIN_REFUSED'],
    ['running', 'OS_HOST_IN_USE'],
  ]);
  expect(failed.map(([, result]) => causeOf(result))).toEqual([
    'redfish.silent',
    'os.never_answered',
    'os.login_refused',
    'os.media_occupied',
    'redfish.auth_failed',
    'os.host_in_use',
  ]);
  const said = first.results
    .filter(({ host }) => host === 'present' || host === 'unnamed')
    .map(({ msg }) => msg);
  expect(said).toContain(
    'unnamed is not named under hosts in parameters.os, so its operating system is left as it is',
  );
  expect(said.join('\n')).toContain('present has an operating system');
  expect(first.failed['endless']?.msg).toMatch(/nothing answers there; power is On/);
});

it('inserts, boots once from the medium and ejects it, in this order, also of a server that was off', () => {
  const act = (action: string) => `POST ${SYSTEM}/${action}`;
  const install = [
    act('VirtualMedia/1/Actions/VirtualMedia.InsertMedia'),
    `PATCH ${SYSTEM}`,
    act('Actions/ComputerSystem.Reset'),
    act('VirtualMedia/1/Actions/VirtualMedia.EjectMedia'),
  ];
  expect(asked.get('empty')).toEqual([act('VirtualMedia/2/Actions/VirtualMedia.EjectMedia'), ...install]);
  expect(asked.get('endless')).toEqual(install);
  // Its BMC broke off at the restart, before which the setting for the next boot is taken back.
  expect(asked.get('cut')).toEqual([...install, `PATCH ${SYSTEM}`]);
  const boot = { target: 'Cd', images: [`${base}/installer.iso`] };
  for (const name of ['empty', 'endless'] as const)
    expect(bmcs[name].state(), name).toMatchObject({
      ...{ power: 'On', media: {}, boots: [boot] },
      boot: { enabled: 'Disabled', target: 'None' },
    });
  expect(bmcs.cut.state()).toMatchObject({ media: {}, boot: { enabled: 'Disabled', target: 'None' } });
});

it('changes nothing at a server that it refuses, and tries a wrong password once', () => {
  for (const name of ['present', 'unnamed', 'password', 'occupied', 'running'] as const)
    expect(asked.get(name) ?? [], name).toEqual([]);
  expect(bmcs.password.stats()).toMatchObject({ failedLogins: 1 });
  for (const bmc of simulator.machines) expect(bmc.stats(), bmc.name).toMatchObject({ openSessions: 0 });
  expect(first.output).not.toContain(LOGIN.password);
  expect(first.output).not.toContain(sshd.password);
});

it('keeps the host key of what it installed', async () => {
  const kept = await readFile(path.join(folder, 'site/known_hosts.d/empty'), 'utf8');
  expect(kept).toContain(`[${addressOf('empty')}]:${sshd.port} ssh-ed25519 `);
});

it('goes on with those that were mended, and never installs a server again that was installed and is silent', async () => {
  asked.clear();
  doors.get('empty')?.close();
  await bmcs.cut.setFaults([]);
  isPasswordWrong = false;
  const second = await carryOut({ hosts: ['empty', 'present', 'cut', 'password'] });
  const installed = [...new Set(second.changed.map((line) => line.replace(/:.*/, '')))];
  expect(installed, second.output).toEqual(['cut', 'password']);
  expect(second.failed).toMatchObject({ empty: { code: 'OS_HOST_SILENT' } });
  expect(Object.values(second.failed).map(causeOf)).toEqual(['os.host_silent']);
  expect([...asked.keys()].sort()).toEqual(['cut', 'password']);
  expect(bmcs.password.stats()).toMatchObject({ failedLogins: 1 });
  asked.clear();
});

it('is waited for by the stages before it: they leave out a server without a system and say so, but not one that was installed', async () => {
  const names = ['present', 'endless', 'foreign', 'running'] as const;
  const record = path.join(folder, 'site/os/running.json');
  await writeFile(record, JSON.stringify({ state: 'installed', at: '2026-11-22T02:00:00Z' }));
  const parameters = { hosts: names, overwrite: ['foreign'] };
  const play = await carryOutStage('repository.yml', names, parameters, '--tags=acceptance');
  expect(play.failed, play.output).toEqual({});
  const told = play.results.flatMap(({ left_out: why, msg }) => (why === undefined ? [] : [msg]));
  const then = 'left out here; stage os installs it, and stage server-checks tries it then';
  expect(told).toEqual([
    `endless has no operating system yet: ${then}`,
    `foreign has an operating system that is to be overwritten: ${then}`,
  ]);
  const asking = play.results.filter(({ task }) => task === 'Ask the existing repository');
  expect(asking.map(({ host }) => host).slice(0, 2)).toEqual(['deploy', 'present']);
  expect(play.results.flatMap(({ unreachable, host }) => (unreachable === true ? [host] : []))).toEqual([
    'running',
  ]);
}, 120_000);

it('touches no server while an image is missing, be it the installer or the answers for one server', async () => {
  const missing = await callModule('bringup_os_image', {
    images: [{ url: `${base}/other.iso`, sha256: 'ab'.repeat(32) }],
  });
  const changed = await callModule('bringup_os_image', {
    images: [{ url: `${base}/installer.iso`, sha256: 'ab'.repeat(32) }],
  });
  expect([missing, changed].map(({ code }) => code)).toEqual(['OS_IMAGE_MISSING', 'OS_IMAGE_CHANGED']);
  expect([missing, changed].map(causeOf)).toEqual(['os.image_missing', 'os.image_changed']);
  const stage = await carryOut({ hosts: ['endless'], answers: `${base}/answers-{host}.iso` });
  expect(stage.failed['deploy']).toMatchObject({ code: 'OS_IMAGE_MISSING' });
  expect(stage.failed['deploy']?.msg).toContain(`${base}/answers-endless.iso`);
  expect([...asked.values()]).toEqual([]);
});
