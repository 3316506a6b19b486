import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBaseImage } from '../../main/lab/base-image.ts';
import { createLabContext } from '../../main/lab/context.ts';
import { ensureRoots } from '../../main/lab/roots.ts';
import { readLabCredentials } from '../../main/lab/index.ts';
import type { LabCredentialName } from '../../main/lab/types.ts';
import { parseSite } from '../../src/site/index.ts';
import { type OwnLab, createOwnLab } from './support/own-lab.ts';

let lab: OwnLab;

beforeAll(async () => {
  // The lab's namespace has no way to a package mirror, so the cache is filled from outside it.
  const context = createLabContext({ name: 'labtest' });
  const signal = new AbortController().signal;
  const quiet = () => undefined;
  await Promise.all([ensureRoots(context, quiet, signal), ensureBaseImage(context, quiet, signal)]);
  lab = await createOwnLab('labtest');
});

afterAll(() => lab?.remove());

/** Runs a command on a machine by a real SSH client with password login and the host key the lab made. */
async function ssh(
  user: string,
  address: string,
  credential: LabCredentialName,
  machine: string,
  command: string,
) {
  const { [credential]: login } = await readLabCredentials({ name: lab.name });
  const hostKey = await readFile(
    path.join(lab.stateDir, 'machines', machine, 'ssh_host_ed25519_key.pub'),
    'utf8',
  );
  const [type, key] = hostKey.split(' ');
  const known = `KnownHostsCommand=/bin/echo ${address} ${type} ${key}`;
  const options = [
    '-n',
    '-o',
    known,
    '-o',
    'UserKnownHostsFile=/dev/null',
    '-o',
    'StrictHostKeyChecking=yes',
  ];
  return lab.exec(
    ['sshpass', '-d0', 'ssh', ...options, `${user}@${address}`, command],
    `${login.password}\n`,
  );
}

it('comes up with every part, and a site file without a problem', async () => {
  const { status } = await lab.run('up');
  expect(status.parts.filter((part) => part.state !== 'up')).toEqual([]);
  expect(status.state).toBe('up');
  const text = await readFile(status.siteFile, 'utf8');
  const result = parseSite({ text, file: status.siteFile, files: { exists: existsSync } });
  expect(result.problems).toEqual([]);
  expect((await stat(path.join(lab.stateDir, 'credentials.json'))).mode & 0o777).toBe(0o600);
});

it('has a KVM host that runs systemd and libvirt and asks for a password at sudo', async () => {
  const host = (command: string) => ssh('installer', '198.18.20.5', 'lab/kvm-host', 'kvm-host', command);
  expect(await host('systemctl is-system-running --wait')).toBe('running');
  expect(await host('sudo -n true 2>&1 || true')).toContain('a password is required');
  expect(await host('ip -br addr show br-mgmt')).toContain('198.18.20.5/24');
});

it('has target servers that reach the gateway, have a free interface, and cannot leave the lab', async () => {
  const node = (command: string) => ssh('admin', '198.18.20.11', 'lab/node', 'node-1', command);
  expect(await node('sudo -n hostname')).toBe('node-1');
  expect(await node('ping -c 1 -W 2 198.18.20.1 && ping -c 1 -W 2 198.18.21.12')).toContain(
    ' 0% packet loss',
  );
  expect(await node('ip -br -4 addr show nic2')).not.toContain('198.18');
  expect(await node('ping -c 1 -W 1 192.0.2.1 || true')).toContain('100% packet loss');
});

it('has BMCs that answer Redfish and remember power', async () => {
  const { 'lab/bmc': login } = await readLabCredentials({ name: lab.name });
  const config = `user = "${login.username}:${login.password}"\n`;
  const curl = (address: string, uri: string, ...options: string[]) =>
    lab.exec(
      ['curl', '-sSk', '-K', '-', ...options, `https://${address}/redfish/v1${uri}`],
      config,
      'kvm-host',
    );
  const system = '/Systems/System.Embedded.1';
  expect(JSON.parse(await curl('198.18.21.12', system))).toMatchObject({
    SerialNumber: 'LAB0002',
    PowerState: 'On',
  });
  await curl('198.18.21.12', `${system}/Actions/ComputerSystem.Reset`, '--json', '{"ResetType":"ForceOff"}');
  expect(JSON.parse(await curl('198.18.21.12', system))).toMatchObject({ PowerState: 'Off' });
  expect(JSON.parse(await curl('198.18.21.11', system))).toMatchObject({ PowerState: 'On' });
});

it('has an OpenManage Enterprise that says it is simulated, and mends it', async () => {
  const { 'lab/ome': login } = await readLabCredentials({ name: lab.name });
  const config = `user = "${login.username}:${login.password}"\n`;
  const info = ['curl', '-sSk', '-K', '-', 'https://198.18.21.20/api/ApplicationService/Info'];
  // A target server reaches it by the gateway, as the deployment VM does.
  expect(await lab.exec(info, config, 'node-1')).toContain('simulated');
  const { stdout } = await execa('ip', ['netns', 'pids', `${lab.name}-ome`]);
  for (const pid of stdout.split('\n')) process.kill(Number(pid), 'SIGKILL');
  expect((await lab.run('status')).status.state).toBe('partial');
  expect((await lab.run('up')).steps).toEqual(['The simulated OpenManage Enterprise answers.']);
  expect(await lab.exec(info, config, 'node-1')).toContain('simulated');
});

it('stays as it is when brought up again, and mends what has died', async () => {
  const credentials = await readLabCredentials({ name: lab.name });
  expect((await lab.run('up')).steps).toEqual([]);
  const { stdout } = await execa('ip', ['netns', 'pids', `${lab.name}-bmc`]);
  for (const pid of stdout.split('\n')) process.kill(Number(pid), 'SIGKILL');
  expect((await lab.run('status')).status.state).toBe('partial');
  const mended = await lab.run('up');
  expect(mended.steps).toEqual(['3 BMCs answer Redfish.']);
  expect(mended.status.state).toBe('up');
  expect(await readLabCredentials({ name: lab.name })).toEqual(credentials);
});

it('goes down and leaves nothing', async () => {
  expect((await lab.run('down')).status.state).toBe('down');
  expect(await lab.leftovers()).toEqual([]);
});

it.each(['Made the networks', 'node-1 booted'])('leaves nothing when up was killed at "%s"', async (text) => {
  await lab.killUpAt(text);
  expect((await lab.run('status')).status.state).toBe('partial');
  expect(await lab.leftovers()).not.toEqual([]);
  await lab.run('down');
  expect(await lab.leftovers()).toEqual([]);
});

it('comes up after a killed up', async () => {
  await lab.killUpAt('Made the networks');
  const { steps, status } = await lab.run('up');
  expect(steps[0]).toBe('Removed a lab that was half made or made by another version.');
  expect(status.state).toBe('up');
});

it('refuses addresses that something else has', async () => {
  await lab.run('down');
  const inOuter = (command: string) => execa('ip', ['-n', lab.name, ...command.split(' ')]);
  await inOuter('link add stranger type veth peer name stranger-end');
  await inOuter('link set stranger up');
  await inOuter('addr add 198.18.21.77/24 dev stranger');
  await expect(lab.run('up')).rejects.toThrow('already routes 198.18.21.0/24 through stranger');
  expect(await lab.leftovers()).toEqual([]);
  await inOuter('link del stranger');
});

it('lets one command work at a time', async () => {
  const both = await Promise.allSettled([lab.run('up'), lab.run('up')]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = both.find((result) => result.status === 'rejected');
  expect(String(refused?.reason)).toContain('Another `bringup lab` command is at work');
});
