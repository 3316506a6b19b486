import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connect, type RemoteConnection, type RemoteTarget } from '../../src/remote/index.ts';
import {
  freePort,
  freshKey,
  memoryHostKeys,
  refusal,
  startSshd,
  targetOf,
  type TestSshd,
} from './remote-sshd.ts';

let sshd: TestSshd;
const open: RemoteConnection[] = [];
const servers: TcpServer[] = [];

beforeAll(async () => {
  sshd = await startSshd();
});
afterEach(() => {
  for (const connection of open.splice(0)) connection.close();
  for (const server of servers.splice(0)) server.close();
});
afterAll(async () => sshd.stop());

function target(more: Partial<RemoteTarget> = {}): RemoteTarget {
  return {
    label: 'KVM host',
    host: '127.0.0.1',
    port: sshd.port,
    username: sshd.user,
    credential: { privateKey: sshd.privateKey },
    ...more,
  };
}

async function log(more: Partial<RemoteTarget> = {}, keys = memoryHostKeys()): Promise<RemoteConnection> {
  const connection = await connect(target(more), { hostKeys: keys, connectTimeoutSeconds: 10 });
  open.push(connection);
  return connection;
}

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer(onSocket);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

describe('host keys', () => {
  it('shows an unknown key and how to accept it', async () => {
    const seen = await sshd.fingerprint();
    const error = await refusal(log());
    expect(error).toMatchObject({ code: 'SSH_HOST_KEY_UNKNOWN', exit: 3 });
    expect(error.message).toContain(`127.0.0.1:${sshd.port}`);
    expect(error.message).toContain(seen);
    expect(error.hint).toContain(`--accept-host-key ${seen}`);
  });

  it('pins an accepted key and needs no word from then on', async () => {
    const keys = memoryHostKeys();
    const seen = await sshd.fingerprint();
    await log({ acceptFingerprint: seen }, keys);
    expect(await keys.get(`127.0.0.1:${sshd.port}`)).toBe(seen);
    await expect(log({}, keys)).resolves.toMatchObject({ label: 'KVM host' });
  });

  it('does not take the acceptance of another key', async () => {
    const keys = memoryHostKeys();
    const error = await refusal(log({ acceptFingerprint: 'SHA256:another' }, keys));
    expect(error.code).toBe('SSH_HOST_KEY_UNKNOWN');
    expect(error.message).toContain('SHA256:another');
    expect(await keys.get(`127.0.0.1:${sshd.port}`)).toBeNull();
  });

  it('stops at a changed key and shows both', async () => {
    const keys = memoryHostKeys({ [`127.0.0.1:${sshd.port}`]: 'SHA256:before' });
    const error = await refusal(log({}, keys));
    expect(error).toMatchObject({ code: 'SSH_HOST_KEY_CHANGED', exit: 3 });
    expect(error.message).toContain('SHA256:before');
    expect(error.message).toContain(await sshd.fingerprint());
  });

  it('lets the engineer accept exactly the new key of a machine that was installed anew', async () => {
    const keys = memoryHostKeys({ [`127.0.0.1:${sshd.port}`]: 'SHA256:before' });
    const seen = await sshd.fingerprint();
    await log({ acceptFingerprint: seen }, keys);
    expect(await keys.get(`127.0.0.1:${sshd.port}`)).toBe(seen);
  });

  it('takes the expected fingerprint of any key type, and no acceptance overrules it', async () => {
    await expect(log({ expectedFingerprint: await sshd.fingerprint('rsa') })).resolves.toBeDefined();
    const accepted = { expectedFingerprint: 'SHA256:other', acceptFingerprint: await sshd.fingerprint() };
    const error = await refusal(log(accepted));
    expect(error.code).toBe('SSH_HOST_KEY_CHANGED');
    expect(error.hint).toContain('host_key in the site file');
  });
});

describe('login', () => {
  it('logs in with a password', async () => {
    const keys = memoryHostKeys({ [`127.0.0.1:${sshd.port}`]: await sshd.fingerprint() });
    const connection = await log({ credential: { password: sshd.password } }, keys);
    expect((await connection.exec('id -un')).stdout).toBe(`${sshd.user}\n`);
  });

  it('says who was refused, with what, and what the server takes', async () => {
    const expectedFingerprint = await sshd.fingerprint();
    const wrong = await refusal(log({ expectedFingerprint, credential: { password: 'wrong-password' } }));
    expect(wrong).toMatchObject({ code: 'SSH_AUTH_FAILED', exit: 3 });
    expect(wrong.message).toContain(`does not let ${sshd.user} in with a password`);
    expect(wrong.message).toContain('publickey, password');
    expect(JSON.stringify({ ...wrong, message: wrong.message })).not.toContain('wrong-password');
    const otherKey = await freshKey();
    const key = await refusal(log({ expectedFingerprint, credential: { privateKey: otherKey } }));
    expect(key.message).toContain('with a private key');
    const damaged = await refusal(log({ expectedFingerprint, credential: { privateKey: 'no key' } }));
    expect(damaged).toMatchObject({ code: 'SSH_AUTH_FAILED' });
    expect(damaged.message).toContain('private key');
    const nothing = await refusal(log({ expectedFingerprint, credential: {} }));
    expect(nothing.message).toContain('an empty credential');
  });

  it('answers keyboard-interactive with the password, once', async () => {
    const answers: string[] = [];
    const hostKey = await freshKey();
    const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        context.prompt([{ prompt: 'Password: ', echo: false }], (given) => {
          answers.push(...given);
          if (given[0] === 'test-kbd-password') context.accept();
          else context.reject(['keyboard-interactive']);
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const parsed = ssh2.utils.parseKey(hostKey);
    if (parsed instanceof Error) throw parsed;
    const { fingerprintOf } = await import('../../src/remote/host-key.ts');
    const expectedFingerprint = fingerprintOf(parsed.getPublicSSH());
    await log({ port, expectedFingerprint, credential: { password: 'test-kbd-password' } });
    const error = await refusal(
      log({ port, expectedFingerprint, credential: { password: 'wrong-password' } }),
    );
    expect(error.code).toBe('SSH_AUTH_FAILED');
    expect(answers).toEqual(['test-kbd-password', 'wrong-password']);
    for (const connection of open.splice(0)) connection.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});

describe('no way there', () => {
  it('tells a refused connection', async () => {
    const error = await refusal(log({ port: await freePort() }));
    expect(error).toMatchObject({ code: 'SSH_REFUSED', exit: 3 });
    expect(error.message).toContain('KVM host (127.0.0.1:');
  });

  it('tells an address that nothing leads to', async () => {
    // A link-local address without its interface: the kernel refuses before a packet leaves.
    const error = await refusal(log({ host: 'fe80::1', port: 22 }));
    expect(error).toMatchObject({ code: 'SSH_UNREACHABLE', exit: 3 });
    expect(error.message).toContain('[fe80::1]:22');
  });

  it('tells a name that does not resolve', async () => {
    const error = await refusal(log({ host: 'no such name' }));
    expect(error).toMatchObject({ code: 'SSH_DNS', exit: 3 });
  });

  it('gives up on a port that takes the connection and never says a word', async () => {
    const sockets: Socket[] = [];
    const port = await listen((socket) => sockets.push(socket));
    const error = await refusal(
      connect(target({ port }), { hostKeys: memoryHostKeys(), connectTimeoutSeconds: 1 }),
    );
    expect(error).toMatchObject({ code: 'SSH_TIMEOUT', exit: 3 });
    for (const socket of sockets) socket.destroy();
  });

  it('tells a port that is no SSH server, and one that hangs up', async () => {
    const http = await listen((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    });
    expect(['SSH_PROTOCOL', 'SSH_CLOSED']).toContain((await refusal(log({ port: http }))).code);
    const rude = await listen((socket) => socket.destroy());
    expect((await refusal(log({ port: rude }))).code).toBe('SSH_CLOSED');
  });

  it('is cancelled while it waits', async () => {
    const sockets: Socket[] = [];
    const controller = new AbortController();
    const port = await listen((socket) => {
      sockets.push(socket);
      controller.abort();
    });
    const waiting = connect(target({ port }), { hostKeys: memoryHostKeys(), signal: controller.signal });
    expect(await refusal(waiting)).toMatchObject({ code: 'CANCELLED', exit: 4 });
    for (const socket of sockets) socket.destroy();
  });

  it('tells that no algorithm is shared', async () => {
    const old = await startSshd(['Ciphers aes256-cbc']);
    try {
      const error = await refusal(log({ port: old.port }));
      expect(error).toMatchObject({ code: 'SSH_ALGORITHM_MISMATCH', exit: 3 });
    } finally {
      await old.stop();
    }
  });
});

describe('through a jump', () => {
  it('reaches a second machine, and names the one that tried when it does not', async () => {
    const via = await log({ expectedFingerprint: await sshd.fingerprint() });
    const behind = await startSshd();
    try {
      const inner = await log(await targetOf(behind, { label: 'deployment VM', via }));
      expect((await inner.exec('id -un')).stdout.trim()).toBe(behind.user);
      await inner.upload(behind.keyFile, path.join(behind.home, 'copy'));
      expect(await inner.readFile(path.join(behind.home, 'copy'))).toEqual(await readFile(behind.keyFile));
      const error = await refusal(log({ label: 'deployment VM', via, port: await freePort() }));
      expect(error.code).toBe('SSH_REFUSED');
      expect(error.message).toContain('tried from KVM host');
    } finally {
      await behind.stop();
    }
  });

  it('says when the first machine forbids it', async () => {
    const strict = await startSshd(['AllowTcpForwarding no']);
    try {
      const via = await log(await targetOf(strict));
      const error = await refusal(via.tunnel('127.0.0.1', sshd.port));
      expect(error).toMatchObject({ code: 'TUNNEL_REFUSED' });
      expect(error.hint).toContain('AllowTcpForwarding');
    } finally {
      await strict.stop();
    }
  });
});
