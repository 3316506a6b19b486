import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { isLoopback } from '../../main/server/listen.ts';
import { startServer, type RunningServer } from '../../main/server/server.ts';
import { failedRun } from '../fixtures/journals/samples.ts';
import { createSampleService } from '../ui/service.ts';

const NAME = 'jump.plant7.example';
const service = createSampleService([failedRun]);
let dir: string;
let cert: string;
let key: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'bringup-listen-'));
  await writeFile(path.join(dir, 'index.html'), '<!doctype html><title>Bringup</title>');
  const [certFile, keyFile] = [path.join(dir, 'cert.pem'), path.join(dir, 'key.pem')];
  const names = `subjectAltName=DNS:${NAME},DNS:localhost,IP:127.0.0.1`;
  const made = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ];
  const files = ['-keyout', keyFile, '-out', certFile, '-subj', `/CN=${NAME}`, '-addext', names];
  execFileSync('openssl', [...made, ...files], { stdio: 'ignore' });
  cert = await readFile(certFile, 'utf8');
  key = await readFile(keyFile, 'utf8');
});

afterAll(() => rm(dir, { recursive: true, force: true }));

interface Answer {
  readonly status: number | undefined;
  readonly cookie: string;
}

/** Asks over TLS with the certificate checked; `host` is what the Host header says. */
function get(server: RunningServer, page: string, host: string, cookie = ''): Promise<Answer> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const headers = { host: `${host}:${port}`, cookie };
    const target = { host: '127.0.0.1', servername: 'localhost', port, path: page, headers, ca: cert };
    const call = request(target, (answer) => {
      answer.resume();
      const [given = ''] = answer.headers['set-cookie'] ?? [];
      resolve({ status: answer.statusCode, cookie: given });
    });
    call.once('error', reject);
    call.end();
  });
}

describe('where the browser host answers', () => {
  it.each(['0.0.0.0', '10.20.0.9', '::', 'jump.plant7.example', '127.evil.example'])(
    'is not %s in the clear: the link would go over the network for everybody to read',
    async (host) => {
      expect(isLoopback(host)).toBe(false);
      await expect(startServer({ service, dir, host })).rejects.toMatchObject({
        code: 'LISTEN_NEEDS_TLS',
        exit: 2,
      });
    },
  );

  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('may be %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it('refuses a key that is not that of the certificate, before it listens', async () => {
    const other = path.join(dir, 'other.pem');
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', other], { stdio: 'ignore' });
    const tls = { cert, key: await readFile(other, 'utf8') };
    await expect(startServer({ service, dir, host: '0.0.0.0', tls })).rejects.toMatchObject({
      code: 'TLS_UNUSABLE',
    });
  });
});

describe('beyond loopback, with a certificate', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer({ service, dir, host: '127.0.0.1', tls: { cert, key } });
  });
  afterAll(() => server.close());

  it('gives a cookie that a browser sends over TLS only', async () => {
    const { pathname, search } = new URL(server.url);
    const { status, cookie } = await get(server, pathname + search, 'localhost');
    expect(status).toBe(200);
    expect(cookie).toMatch(/; Secure/);
    expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/s);
    expect((await get(server, '/', 'localhost', cookie.split(';')[0])).status).toBe(200);
    expect((await get(server, '/', 'localhost')).status).toBe(401);
  });

  it('answers under the names of the certificate and no others', async () => {
    expect((await get(server, '/', NAME)).status).toBe(401);
    expect((await get(server, '/', 'evil.example')).status).toBe(403);
  });

  it('refuses the page of another scheme on the same name', async () => {
    const { host } = new URL(server.url);
    const socket = (origin: string): Promise<string> =>
      new Promise((resolve) => {
        const headers = { authorization: `Bearer ${server.token}`, origin };
        const made = new WebSocket(`wss://${host}/events?run=${failedRun[0]?.run ?? ''}`, {
          ca: cert,
          headers,
        });
        made.once('open', () => {
          made.terminate();
          resolve('open');
        });
        made.once('error', (error) => {
          resolve(error.message);
        });
      });
    expect(await socket(`https://${host}`)).toBe('open');
    expect(await socket(`http://${host}`)).toContain('403');
  });
});
