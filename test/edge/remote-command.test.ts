import { execa } from 'execa';
import { chmod, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { quote, type RemoteConnection, type RemoteTarget } from '../../src/remote/index.ts';
import { logIn, refusal, startSshd, type TestSshd } from './remote-sshd.ts';

let sshd: TestSshd;
const open: RemoteConnection[] = [];

beforeAll(async () => {
  sshd = await startSshd(['PermitRootLogin yes']);
});
afterEach(() => {
  for (const connection of open.splice(0)) connection.close();
});
afterAll(async () => sshd.stop());

async function log(
  more: Partial<RemoteTarget> = {},
  server = sshd,
  deadAfterSeconds = 20,
): Promise<RemoteConnection> {
  const connection = await logIn(server, more, { deadAfterSeconds });
  open.push(connection);
  return connection;
}

describe('exec', () => {
  it('gives output, code and signal, and passes input', async () => {
    const connection = await log();
    const done = await connection.exec('cat; echo problem >&2; exit 3', { stdin: 'some\0bytes' });
    expect(done).toEqual({ code: 3, stdout: 'some\0bytes', stderr: 'problem\n' });
    expect(await connection.exec('kill -TERM $$')).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  it('streams without keeping', async () => {
    const connection = await log();
    let bytes = 0;
    const done = await connection.exec('head -c 3000000 /dev/zero', {
      capture: false,
      onStdout: (chunk) => (bytes += chunk.length),
    });
    expect(done).toMatchObject({ code: 0, stdout: '' });
    expect(bytes).toBe(3_000_000);
  });

  it('quotes any word', async () => {
    const connection = await log();
    for (const word of ['', 'plain', `it's "$HOME" \\ \`x\` *`, 'two\nlines', 'ümlaut;&|']) {
      expect((await connection.exec(`printf %s ${quote(word)}`)).stdout).toBe(word);
    }
  });

  it('gives up after its time, or when cancelled', async () => {
    const connection = await log();
    expect(await refusal(connection.exec('sleep 60', { timeoutSeconds: 0.3 }))).toMatchObject({
      code: 'REMOTE_TIMEOUT',
    });
    const controller = new AbortController();
    const cancelled = connection.exec('echo begun; sleep 60', {
      signal: controller.signal,
      onStdout: () => controller.abort(),
    });
    expect(await refusal(cancelled)).toMatchObject({ code: 'CANCELLED', exit: 4 });
    expect((await connection.exec('echo still here')).stdout).toBe('still here\n');
  });

  it('tells a link that is cut under a command, and refuses work afterwards', async () => {
    const own = await startSshd();
    try {
      const connection = await log({}, own);
      const closed = new Promise<Error | undefined>((resolve) => connection.onClose(resolve));
      const running = connection.exec('echo begun; sleep 60', { onStdout: () => void own.breakSessions() });
      expect(await refusal(running)).toMatchObject({ code: 'SSH_CLOSED', exit: 3 });
      expect(await closed).toMatchObject({ code: 'SSH_CLOSED' });
      expect(await refusal(connection.exec('true'))).toMatchObject({ code: 'SSH_CLOSED' });
      expect(await refusal(connection.tunnel('127.0.0.1', 22))).toMatchObject({ code: 'SSH_CLOSED' });
    } finally {
      await own.stop();
    }
  });

  it('notices a machine that went silent', async () => {
    const own = await startSshd();
    try {
      const connection = await log({}, own, 1);
      const freeze = (): void => void execa('pkill', ['-STOP', '-f', `^sshd: ${own.user}`]);
      const error = await refusal(connection.exec('echo begun; sleep 60', { onStdout: freeze }));
      expect(error.code).toBe('SSH_CLOSED');
      expect(error.message).toContain('nothing was heard from it for 1 s');
    } finally {
      await own.stop();
    }
  });

  it('says nothing on a close of our own', async () => {
    const connection = await log();
    const told = new Promise<Error | undefined>((resolve) => connection.onClose(resolve));
    connection.close();
    expect(await told).toBeUndefined();
  });
});

describe('sudo', () => {
  it('needs no sudo as root', async () => {
    const connection = await log({ username: 'root', credential: { privateKey: sshd.privateKey } });
    const done = await connection.sudo('id -u; cat', { stdin: 'input' });
    expect(done).toEqual({ code: 0, stdout: '0\ninput', stderr: '' });
  });

  it('works without a password, and with one that never reaches the command', async () => {
    const connection = await log();
    const command = 'id -u; cat; echo problem >&2; exit 4';
    for (const rule of ['ALL=(ALL) NOPASSWD: ALL', 'ALL=(ALL) ALL']) {
      await sshd.allowSudo(rule);
      const done = await connection.sudo(command, { stdin: 'first\nsecond' });
      expect(done).toEqual({ code: 4, stdout: '0\nfirst\nsecond', stderr: 'problem\n' });
      const large = 'x'.repeat(3_000_000);
      expect((await connection.sudo('wc -c', { stdin: large })).stdout.trim()).toBe('3000000');
    }
  });

  it('does not show the password in the process list', async () => {
    await sshd.allowSudo('ALL=(ALL) ALL');
    const connection = await log();
    const { stdout } = await connection.sudo('ps -eo args; cat /proc/self/environ');
    expect(stdout).toContain('ps -eo args');
    expect(stdout).not.toContain(sshd.password);
  });

  it('tells a wrong and a missing password apart', async () => {
    await sshd.allowSudo('ALL=(ALL) ALL');
    const { privateKey } = sshd;
    const wrong = await refusal(
      (await log({ credential: { privateKey, password: 'wrong-password' } })).sudo('true'),
    );
    expect(wrong).toMatchObject({ code: 'SUDO_PASSWORD_WRONG', exit: 3 });
    const missing = await refusal((await log({ credential: { privateKey } })).sudo('true'));
    expect(missing).toMatchObject({ code: 'SUDO_PASSWORD_MISSING', exit: 3 });
  });

  it('tells a user who may not, and a machine without sudo', async () => {
    const own = await startSshd();
    const bin = path.join(own.home, 'bin');
    await mkdir(bin);
    for (const tool of ['sh', 'id']) await symlink(`/usr/bin/${tool}`, path.join(bin, tool));
    const bare = await startSshd([`SetEnv PATH=${bin}`]);
    try {
      const forbidden = await refusal((await log({}, own)).sudo('true'));
      expect(forbidden).toMatchObject({ code: 'SUDO_NOT_ALLOWED', exit: 3 });
      expect(forbidden.message).toContain(own.user);
      expect(forbidden.evidence[0]?.text).toContain('sudoers');
      const missing = await refusal((await log({}, bare)).sudo('true'));
      expect(missing).toMatchObject({ code: 'SUDO_MISSING', exit: 3 });
    } finally {
      await own.stop();
      await bare.stop();
    }
  });
});

describe('files', () => {
  it('writes and reads bytes as they are, with the mode', async () => {
    const connection = await log();
    const file = path.join(sshd.home, `it's a file`);
    const content = Buffer.from([0, 255, 10, 13, 200]);
    await connection.writeFile(file, content, { mode: '0600' });
    expect(await connection.readFile(file)).toEqual(content);
    expect(await readFile(file)).toEqual(content);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('writes and reads as root', async () => {
    await sshd.allowSudo('ALL=(ALL) ALL');
    const connection = await log();
    const file = path.join(sshd.home, 'secret');
    await connection.writeFile(file, 'äöü', { mode: '0600', sudo: true });
    expect(await stat(file)).toMatchObject({ uid: 0 });
    expect((await connection.readFile(file, { sudo: true })).toString()).toBe('äöü');
    expect(await refusal(connection.readFile(file))).toMatchObject({ code: 'REMOTE_FILE_UNREADABLE' });
  });

  it('leaves the old file when the new one cannot be written', async () => {
    const folder = path.join(sshd.home, 'closed');
    await mkdir(folder);
    await chmod(folder, 0o755);
    const connection = await log();
    const error = await refusal(connection.writeFile(path.join(folder, 'file'), 'text'));
    expect(error).toMatchObject({ code: 'REMOTE_FILE_UNWRITABLE' });
    expect(error.evidence[0]?.text).toMatch(/denied|cannot create/i);
  });
});
