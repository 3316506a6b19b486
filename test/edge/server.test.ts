import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type RunningServer } from '../../main/server/server.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { failedRun } from '../fixtures/journals/samples.ts';
import { createSampleService } from '../ui/service.ts';

const RUN = failedRun[0]?.run ?? '';
let dir: string;
let server: RunningServer;
let base: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'bringup-server-'));
  await writeFile(path.join(dir, 'index.html'), '<!doctype html><title>Bringup</title>');
  server = await startServer({ service: createSampleService([failedRun]), dir });
  base = new URL(server.url).origin;
});

afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

function post(command: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${base}/api/${command}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${server.token}` });

async function enter(): Promise<string> {
  const answer = await fetch(server.url);
  expect(answer.status).toBe(200);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

describe('token guard', () => {
  it.each(['/', '/index.html', '/api/runs.list', '/events?run=x', '/nothing'])(
    'answers 401 to %s without a token',
    async (path) => {
      const answer = await fetch(base + path);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ code: 'TOKEN_REQUIRED' });
    },
  );

  it('refuses a wrong token, in the link and as bearer', async () => {
    expect((await fetch(`${base}/open?token=wrong`)).status).toBe(401);
    expect((await post('runs.list', {}, { authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('exchanges the link for an HttpOnly SameSite=Strict cookie that is not the token', async () => {
    const answer = await fetch(server.url);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(server.token);
  });

  it('serves the page to the cookie, with a policy that loads nothing from elsewhere', async () => {
    const answer = await fetch(base, { headers: { cookie: await enter() } });
    expect(await answer.text()).toContain('Bringup');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('needs an Origin beside the cookie before it changes anything', async () => {
    const cookie = await enter();
    expect((await post('runs.list', {}, { cookie })).status).toBe(401);
    expect((await post('runs.list', {}, { cookie, origin: base })).status).toBe(200);
  });

  it('refuses a foreign Origin even with the token', async () => {
    const answer = await post('runs.list', {}, { ...bearer(), origin: 'http://evil.example' });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'ORIGIN_REFUSED' });
  });
});

describe('commands', () => {
  it('answers a command of the table', async () => {
    const answer = await post('runs.list', {}, bearer());
    expect(await answer.json()).toMatchObject({ runs: [{ run: RUN, status: 'failed' }] });
  });

  it('names the commands there are when it does not know one', async () => {
    const answer = await post('runs.explode', {}, bearer());
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'UNKNOWN_COMMAND' });
  });

  it('passes an expected error on with its code', async () => {
    const answer = await post('site.inventory', { file: 'site.yaml' }, bearer());
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: 'NOT_IN_SAMPLE', exit: 1 });
  });

  it.each([[[]], ['text'], [null]])('refuses the input %j', async (input) => {
    const answer = await post('runs.list', input, bearer());
    expect(await answer.json()).toMatchObject({ code: 'BAD_REQUEST', exit: 2 });
  });

  it('refuses a body beyond the limit', async () => {
    const answer = await post('runs.list', { text: 'x'.repeat(300_000) }, bearer());
    expect(answer.status).toBe(413);
  });
});

describe('events', () => {
  function open(headers: Record<string, string>, from = 1): WebSocket {
    return new WebSocket(`${base.replace('http', 'ws')}/events?run=${RUN}&from=${from}`, { headers });
  }

  function outcome(socket: WebSocket): Promise<string> {
    return new Promise((resolve) => {
      socket.once('open', () => {
        resolve('open');
      });
      socket.once('error', (error) => {
        resolve(error.message);
      });
    });
  }

  async function collect(socket: WebSocket, until: number): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on('message', (data: Buffer) => {
        events.push(...(JSON.parse(data.toString()) as RunEvent[]));
        if ((events.at(-1)?.seq ?? 0) >= until) resolve();
      });
      socket.once('error', reject);
    });
    socket.terminate();
    return events;
  }

  it('refuses a socket without a token, and one of another page', async () => {
    expect(await outcome(open({}))).toContain('401');
    expect(await outcome(open({ ...bearer(), origin: 'http://evil.example' }))).toContain('403');
    expect(await outcome(open({ cookie: await enter() }))).toContain('401');
  });

  it('delivers every event once and in order', async () => {
    const events = await collect(open(bearer()), failedRun.length);
    expect(events).toEqual(failedRun);
  });

  it('takes up from where the reader was', async () => {
    const cookie = await enter();
    const events = await collect(open({ cookie, origin: base }, 40), failedRun.length);
    expect(events[0]?.seq).toBe(40);
  });
});

describe('Host header', () => {
  it('refuses a name that only resolves here (DNS rebinding)', async () => {
    const { request } = await import('node:http');
    const { hostname, port } = new URL(base);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = request(
        { hostname, port, path: '/', headers: { host: 'evil.example', ...bearer() } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      call.once('error', reject);
      call.end();
    });
    expect(status).toBe(403);
  });
});

describe('port', () => {
  it('says that a port is taken', async () => {
    const port = Number(new URL(base).port);
    const starting = startServer({ service: createSampleService([]), dir, port });
    await expect(starting).rejects.toMatchObject({ code: 'SERVER_PORT' });
  });
});
