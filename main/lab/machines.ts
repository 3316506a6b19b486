import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type LabContext, namespaceOf } from './context.ts';
import { LAB, NODES } from './layout.ts';
import { MACHINE_SCRIPT } from './machine-script.ts';
import { namespacePath } from './network.ts';
import { killProcesses, processMark } from './processes.ts';
import type { LabRoots } from './roots.ts';
import { TOOL_ENV, runTool } from './run-tool.ts';
import type { LabCredential, LabCredentials } from './types.ts';

/** One Debian system of the lab: the KVM host or a target server. */
export interface LabMachine {
  readonly name: string;
  readonly kind: 'kvm-host' | 'target-server';
  readonly address: string;
}

/** All Debian systems of a lab, the KVM host first. */
export const MACHINES: readonly LabMachine[] = [
  { name: LAB.kvmHost.name, kind: 'kvm-host', address: LAB.kvmHost.address },
  ...NODES.map((node) => ({ name: node.name, kind: 'target-server', address: node.address }) as const),
];

/** Starts a machine's init in the background; what was left of it is ended first. Returns before the machine answers. */
export async function startMachine(
  lab: LabContext,
  machine: LabMachine,
  roots: LabRoots,
  credentials: LabCredentials,
): Promise<void> {
  await killProcesses(lab, [machine.name]);
  const folder = machineFolder(lab, machine.name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await ensureHostKey(lab, machine.name);
  const isKvmHost = machine.kind === 'kvm-host';
  const login = credentials[isKvmHost ? 'lab/kvm-host' : 'lab/node'];
  const log = openSync(consoleLog(lab, machine.name), 'w', 0o600);
  const mark = processMark(lab, machine.name);
  const child = spawn('sh', ['-euc', MACHINE_SCRIPT, mark, ...containerOptions(isKvmHost)], {
    detached: true,
    stdio: ['pipe', log, log],
    env: {
      ...TOOL_ENV,
      SYSTEMD_NSPAWN_API_VFS_WRITABLE: isKvmHost ? 'yes' : 'no',
      MARK: mark,
      FOLDER: folder,
      MACHINE: namespaceOf(lab, machine.name),
      NETNS: namespacePath(lab, machine.name),
      LOWER: (isKvmHost ? roots.kvmHost : roots.base).join(':'),
      DISK: isKvmHost ? `file:${LAB.kvmHost.diskGib}G` : `memory:${LAB.nodeDiskGib}G`,
      HOST: machine.name,
      DOMAIN: LAB.domain,
      ADDRESS: machine.address,
      LOGIN: login.username,
      SUDO: isKvmHost ? 'password' : 'free',
      TIME: isKvmHost ? 'served' : 'asked',
    },
  });
  closeSync(log);
  await handOver(child, login);
}

/** The fingerprint of a machine's SSH host key, `SHA256:...` as ssh-keygen prints it. */
export async function hostKeyFingerprint(lab: LabContext, machine: string): Promise<string> {
  const line = await runTool('ssh-keygen', ['-l', '-f', `${hostKey(lab, machine)}.pub`]);
  return line.split(' ')[1] ?? '';
}

/** The last lines a machine's console showed, the place where a failed boot explains itself. */
export async function consoleTail(lab: LabContext, machine: string): Promise<string> {
  const text = await readFile(consoleLog(lab, machine), 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-20).join('\n');
}

/** Folder of one machine below the lab's state folder. */
export function machineFolder(lab: LabContext, machine: string): string {
  return path.join(lab.stateDir, 'machines', machine);
}

function consoleLog(lab: LabContext, machine: string): string {
  return path.join(machineFolder(lab, machine), 'console.log');
}

function hostKey(lab: LabContext, machine: string): string {
  return path.join(machineFolder(lab, machine), 'ssh_host_ed25519_key');
}

async function ensureHostKey(lab: LabContext, machine: string): Promise<void> {
  const file = hostKey(lab, machine);
  if (existsSync(`${file}.pub`)) return;
  await runTool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `root@${machine}`, '-f', file], {
    input: 'y\n',
  });
}

async function handOver(child: ReturnType<typeof spawn>, login: LabCredential): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', resolve);
  });
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(`${login.username}:${login.password}\n`);
  child.unref();
}

function containerOptions(isKvmHost: boolean): readonly string[] {
  const underSystemd = existsSync('/run/systemd/system');
  const options = underSystemd ? [] : ['--keep-unit'];
  if (!isKvmHost) return options;
  const devices = ['/dev/kvm', '/dev/net/tun', '/dev/loop-control', ...loopDevices()].filter((file) =>
    existsSync(file),
  );
  return [
    ...options,
    // A hypervisor makes taps, mounts and loop devices; the clock stays the machine's own.
    '--capability=all',
    '--drop-capability=CAP_SYS_TIME',
    ...devices.map((file) => `--bind=${file}`),
    ...(underSystemd ? devices.map((file) => `--property=DeviceAllow=${file} rwm`) : []),
  ];
}

function loopDevices(): readonly string[] {
  return Array.from({ length: 8 }, (_, number) => `/dev/loop${number}`);
}
