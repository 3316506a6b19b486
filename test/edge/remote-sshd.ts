import { execa } from 'execa';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../../src/contract/errors.ts';
import type { HostKeyStore } from '../../src/contract/ports.ts';
import { connect, type RemoteConnection, type RemoteTarget } from '../../src/remote/index.ts';

/** A real sshd on loopback with its own host keys and a user of its own, both gone after `stop`. */
export interface TestSshd {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Folder of the user, removed with it. */
  readonly home: string;
  readonly privateKey: string;
  readonly keyFile: string;
  fingerprint(type?: 'ed25519' | 'rsa'): Promise<string>;
  /** Lets the user use sudo by this rule, for example `ALL=(ALL) ALL`. */
  allowSudo(rule: string): Promise<void>;
  /** Breaks all sessions, as a pulled cable does. */
  breakSessions(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it; `config` lines come first, so they win over the defaults. */
export async function startSshd(config: readonly string[] = []): Promise<TestSshd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-sshd-'));
  await chmod(folder, 0o755);
  const user = `bt-${randomBytes(4).toString('hex')}`;
  const password = `test-${randomBytes(9).toString('base64url')}`;
  const home = path.join(folder, 'home');
  const sudoers = `/etc/sudoers.d/${user}`;
  await execa('useradd', ['--create-home', '--home-dir', home, '--shell', '/bin/sh', user]);
  await execa('chpasswd', { input: `${user}:${password}` });
  const keyFile = path.join(folder, 'user_key');
  for (const [type, file] of [
    ['ed25519', path.join(folder, 'host_ed25519')],
    ['rsa', path.join(folder, 'host_rsa')],
    ['ed25519', keyFile],
  ] as const) {
    await execa('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
  }
  const authorized = path.join(folder, 'authorized_keys');
  await writeFile(authorized, await readFile(`${keyFile}.pub`));
  const port = await freePort();
  const file = path.join(folder, 'sshd_config');
  const defaults = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${path.join(folder, 'host_ed25519')}`,
    `HostKey ${path.join(folder, 'host_rsa')}`,
    `AuthorizedKeysFile ${authorized}`,
    `PidFile ${path.join(folder, 'pid')}`,
    'UsePAM no',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'StrictModes no',
    'MaxStartups 100',
    'PrintMotd no',
    'Subsystem sftp internal-sftp',
  ];
  await writeFile(file, `${[...config, ...defaults].join('\n')}\n`);
  await mkdir('/run/sshd', { recursive: true });
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file], { stdio: 'ignore' });
  await untilOpen(port, server);
  const breakSessions = async (): Promise<void> => {
    await execa('pkill', ['-KILL', '-f', `^sshd: ${user}`], { reject: false });
  };
  return {
    port,
    user,
    password,
    home,
    keyFile,
    privateKey: await readFile(keyFile, 'utf8'),
    breakSessions,
    fingerprint: async (type = 'ed25519') => {
      const { stdout } = await execa('ssh-keygen', ['-lf', path.join(folder, `host_${type}.pub`)]);
      return stdout.split(' ')[1]!;
    },
    allowSudo: (rule) => writeFile(sudoers, `${user} ${rule}\n`, { mode: 0o440 }),
    stop: async () => {
      await breakSessions();
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      await execa('pkill', ['-KILL', '-U', user], { reject: false });
      await execa('userdel', [user], { reject: false });
      await rm(sudoers, { force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** How its user logs in there, the host key being known; sudo gets the password. */
export async function targetOf(sshd: TestSshd, more: Partial<RemoteTarget> = {}): Promise<RemoteTarget> {
  return {
    label: 'KVM host',
    host: '127.0.0.1',
    port: sshd.port,
    username: sshd.user,
    credential: { privateKey: sshd.privateKey, password: sshd.password },
    expectedFingerprint: await sshd.fingerprint(),
    ...more,
  };
}

/** Logs in as its user; the caller closes the connection. */
export async function logIn(
  sshd: TestSshd,
  more: Partial<RemoteTarget> = {},
  limits: { readonly deadAfterSeconds?: number } = {},
): Promise<RemoteConnection> {
  return connect(await targetOf(sshd, more), { hostKeys: memoryHostKeys(), ...limits });
}

/** Host keys in memory. */
export function memoryHostKeys(entries: Readonly<Record<string, string>> = {}): HostKeyStore {
  const kept = new Map(Object.entries(entries));
  return {
    get: async (key) => kept.get(key) ?? null,
    set: async (key, fingerprint) => void kept.set(key, fingerprint),
    delete: async (key) => kept.delete(key),
  };
}

/** The BringupError a piece of work rejects with; anything else fails the test. */
export async function refusal(work: Promise<unknown>): Promise<BringupError> {
  const thrown: unknown = await work.then(
    () => new Error('it did not refuse'),
    (error: unknown) => error,
  );
  if (thrown instanceof BringupError) return thrown;
  throw thrown;
}

/** A TCP port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilOpen(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`sshd ended with ${server.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connectSocket(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(100);
  }
  throw new Error('sshd did not open its port');
}

/** A new private key by ssh-keygen: one in three hundred that ssh2 makes itself cannot be read back. */
export async function freshKey(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-key-'));
  try {
    const file = path.join(folder, 'key');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
