import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
  chown,
} from 'node:fs/promises';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteConnection, UploadProgress } from '../../src/remote/index.ts';
import { createMeter } from '../../src/remote/meter.ts';
import { logIn, refusal, startSshd, type TestSshd } from './remote-sshd.ts';

const SIZE = 24 * 2 ** 20 + 123;
let sshd: TestSshd;
let folder: string;
let local: string;
let sha256: string;
let content: Buffer;
let count = 0;
const open: RemoteConnection[] = [];

beforeAll(async () => {
  sshd = await startSshd();
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-upload-'));
  local = path.join(folder, 'image.bin');
  content = randomBytes(SIZE);
  sha256 = createHash('sha256').update(content).digest('hex');
  await writeFile(local, content);
});
afterEach(() => {
  for (const connection of open.splice(0)) connection.close();
});
afterAll(async () => {
  await sshd.stop();
  await rm(folder, { recursive: true, force: true });
});

async function log(port = sshd.port, server = sshd): Promise<RemoteConnection> {
  const connection = await logIn(server, { port });
  open.push(connection);
  return connection;
}

/** A fresh folder of the user over there. */
async function freshRemote(): Promise<string> {
  const there = path.join(sshd.home, `upload-${(count += 1)}`);
  const { uid, gid } = await stat(sshd.home);
  await mkdir(there);
  await chown(there, uid, gid);
  return path.join(there, 'image.bin');
}

async function giveToUser(file: string): Promise<void> {
  const { uid, gid } = await stat(sshd.home);
  await chown(file, uid, gid);
}

/** A cable to sshd: counts the bytes towards it, and is cut after `limit` of them. */
async function startCable(
  limit = Number.POSITIVE_INFINITY,
): Promise<{ port: number; bytes(): number; close(): void }> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connectSocket(sshd.port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) {
        if (!far.write(chunk)) near.pause();
        return;
      }
      near.destroy();
      far.destroy();
    });
    far.on('drain', () => near.resume());
    far.pipe(near);
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    bytes: () => bytes,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('upload', () => {
  it('sends, verifies and tells its progress', async () => {
    const remote = await freshRemote();
    const told: UploadProgress[] = [];
    const connection = await log();
    const done = await connection.upload(local, remote, { onProgress: (progress) => told.push(progress) });
    expect(done).toEqual({ status: 'uploaded', sha256, size: SIZE, sent: SIZE, resumed_from: 0 });
    expect((await readFile(remote)).equals(content)).toBe(true);
    expect(existsSync(`${remote}.part`)).toBe(false);
    expect(told.at(-1)).toMatchObject({ done: SIZE, total: SIZE, resumed_from: 0 });
  });

  it('takes an empty file and makes missing folders', async () => {
    const empty = path.join(folder, 'empty');
    await writeFile(empty, '');
    const remote = path.join(path.dirname(await freshRemote()), 'a b', `c'd`, 'empty');
    expect(await (await log()).upload(empty, remote)).toMatchObject({ status: 'uploaded', size: 0 });
    expect((await stat(remote)).size).toBe(0);
  });

  it('skips what is there, also without its stamp, and sends again what was changed', async () => {
    const remote = await freshRemote();
    const connection = await log();
    await connection.upload(local, remote, { sha256 });
    expect(await connection.upload(local, remote, { sha256 })).toMatchObject({ status: 'present', sent: 0 });
    await rm(`${remote}.sha256`);
    expect(await connection.upload(local, remote, { sha256 })).toMatchObject({ status: 'present', sent: 0 });
    const damaged = Buffer.from(content);
    damaged[SIZE - 1]! ^= 1;
    await writeFile(remote, damaged);
    await utimes(remote, new Date(), new Date(Date.now() + 5000));
    expect(await connection.upload(local, remote, { sha256 })).toMatchObject({ status: 'uploaded' });
    expect((await readFile(remote)).equals(content)).toBe(true);
  });
});

describe('after a break', () => {
  it('goes on where the link was cut', async () => {
    const remote = await freshRemote();
    const cut = await startCable(16 * 2 ** 20);
    const broken = (await log(cut.port)).upload(local, remote, { sha256 });
    expect(await refusal(broken)).toMatchObject({ code: 'SSH_CLOSED', exit: 3 });
    cut.close();
    expect(existsSync(remote)).toBe(false);
    const whole = await startCable();
    try {
      const told: UploadProgress[] = [];
      const connection = await log(whole.port);
      const done = await connection.upload(local, remote, {
        sha256,
        onProgress: (progress) => told.push(progress),
      });
      expect(done.status).toBe('resumed');
      expect(done.resumed_from).toBeGreaterThan(0);
      expect(done.sent).toBe(SIZE - done.resumed_from);
      expect(whole.bytes()).toBeLessThan(SIZE - done.resumed_from + 2 ** 20);
      expect(told[0]?.resumed_from).toBe(done.resumed_from);
      expect((await readFile(remote)).equals(content)).toBe(true);
    } finally {
      whole.close();
    }
  });

  it('goes on after a cancel', async () => {
    const remote = await freshRemote();
    const controller = new AbortController();
    const connection = await log();
    const cancelled = connection.upload(local, remote, {
      sha256,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(await refusal(cancelled)).toMatchObject({ code: 'CANCELLED', exit: 4 });
    expect(existsSync(remote)).toBe(false);
    const done = await connection.upload(local, remote, { sha256 });
    expect(done.sha256).toBe(sha256);
    expect((await readFile(remote)).equals(content)).toBe(true);
  });

  it('keeps a true beginning, and begins anew over a corrupt or too long part', async () => {
    const connection = await log();
    const kept = 5 * 2 ** 20 + 7;
    for (const [spoil, from] of [
      [async (part: string) => truncate(part, kept), kept],
      [async (part: string) => writeFile(part, Buffer.alloc(kept, 1)), 0],
      [async (part: string) => writeFile(part, Buffer.concat([content, content])), 0],
    ] as const) {
      const remote = await freshRemote();
      await writeFile(`${remote}.part`, content);
      await spoil(`${remote}.part`);
      await giveToUser(`${remote}.part`);
      const done = await connection.upload(local, remote, { sha256 });
      expect(done).toMatchObject({ resumed_from: from, sent: SIZE - from });
      expect((await readFile(remote)).equals(content)).toBe(true);
    }
  });
});

describe('refusals', () => {
  it('tells a wrong checksum and leaves nothing', async () => {
    const remote = await freshRemote();
    const wrong = 'a'.repeat(64);
    const error = await refusal((await log()).upload(local, remote, { sha256: wrong }));
    expect(error).toMatchObject({ code: 'UPLOAD_CHECKSUM', exit: 1 });
    expect(error.evidence.map(({ text }) => text)).toEqual([wrong, sha256]);
    expect([existsSync(remote), existsSync(`${remote}.part`)]).toEqual([false, false]);
  });

  it('asks for space before it sends, in numbers', async () => {
    const huge = path.join(folder, 'huge');
    await writeFile(huge, '');
    await truncate(huge, 2 ** 43);
    const error = await refusal((await log()).upload(huge, await freshRemote(), { sha256 }));
    expect(error.code).toBe('UPLOAD_NO_SPACE');
    expect(error.message).toMatch(/8388608 MiB are needed and \d+ MiB are free/);
  });

  it('tells a disk that fills up on the way', async () => {
    const remote = await freshRemote();
    await symlink('/dev/full', `${remote}.part`);
    const error = await refusal((await log()).upload(local, remote, { sha256 }));
    expect(error).toMatchObject({ code: 'UPLOAD_NO_SPACE', exit: 1 });
    expect(error.hint).toContain(path.dirname(remote));
  });

  it('tells a folder that is not writable, and a file that is not there', async () => {
    const connection = await log();
    const closed = await refusal(connection.upload(local, '/etc/bringup-test/file', { sha256 }));
    expect(closed).toMatchObject({ code: 'UPLOAD_FAILED' });
    expect(closed.evidence[0]?.text).toContain('Permission denied');
    const missing = await refusal(connection.upload(path.join(folder, 'missing'), await freshRemote()));
    expect(missing).toMatchObject({ code: 'UPLOAD_SOURCE_UNREADABLE', exit: 2 });
  });

  it('tells a machine without python3', async () => {
    const bin = path.join(sshd.home, 'bin');
    await mkdir(bin);
    await symlink('/usr/bin/sh', path.join(bin, 'sh'));
    const bare = await startSshd([`SetEnv PATH=${bin}`]);
    try {
      const connection = await log(bare.port, bare);
      const error = await refusal(connection.upload(local, path.join(bare.home, 'x'), { sha256 }));
      expect(error.code).toBe('UPLOAD_NEEDS_PYTHON');
    } finally {
      await bare.stop();
    }
  });
});

describe('progress', () => {
  it('is told five times a second at most, with the rate of the last seconds', () => {
    let now = 0;
    const told: UploadProgress[] = [];
    const meter = createMeter(
      1_000_000,
      200_000,
      (progress) => told.push(progress),
      () => now,
    );
    for (now = 0; now <= 1000; now += 50) meter(200_000 + now * 100);
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.at(-1)).toEqual({
      done: 300_000,
      total: 1_000_000,
      rate: 100_000,
      left_seconds: 7,
      resumed_from: 200_000,
    });
  });
});
