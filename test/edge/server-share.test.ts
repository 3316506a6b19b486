import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type RunningServer } from '../../main/server/server.ts';
import { COMMANDS, type BringupClient, type CommandName } from '../../src/contract/api.ts';
import { failedRun, okRun } from '../fixtures/journals/samples.ts';

const RUN = failedRun[0]?.run ?? '';
const OTHER = okRun[0]?.run ?? '';
const LOOKING: readonly CommandName[] = ['app.info', 'runs.show', 'runs.events'];

let dir: string;
let server: RunningServer;
let base: string;
/** Every command that came through to the application service. */
let reached: string[] = [];

const service: Pick<BringupClient, 'call' | 'subscribe'> = {
  call: async (command) => {
    reached.push(command);
    return { version: '1', platform: 'linux', host: 'cli' } as never;
  },
  subscribe: (_run, _from, listener) => {
    listener(failedRun);
    return () => undefined;
  },
};

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'bringup-share-'));
  await writeFile(path.join(dir, 'index.html'), '<!doctype html><title>Bringup</title>');
  server = await startServer({ service, dir });
  base = new URL(server.url).origin;
});

afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

/** The cookie that a link is exchanged for. */
async function cookieOf(link: string): Promise<string> {
  const answer = await fetch(link);
  expect(answer.status).toBe(200);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

function ask(cookie: string, command: string, input: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json', cookie, origin: base };
  return fetch(`${base}/api/${command}`, { method: 'POST', headers, body: JSON.stringify(input) });
}

function watch(cookie: string, run: string): WebSocket {
  const headers = { cookie, origin: base };
  return new WebSocket(`${base.replace('http', 'ws')}/events?run=${run}&from=1`, { headers });
}

/** The first message, or the refusal. */
function outcome(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => {
      resolve(data.toString());
      socket.terminate();
    });
    socket.once('error', (error) => {
      resolve(error.message);
    });
  });
}

describe('a run that is shared to be watched', () => {
  it('lets its page ask for that run, and refuses every other command before it reaches the service', async () => {
    const cookie = await cookieOf(server.share(RUN));
    const allowed: string[] = [];
    reached = [];
    for (const command of COMMANDS) {
      const answer = await ask(cookie, command, { run: RUN, file: '/etc/hostname', siteFile: 'site.yaml' });
      if (answer.ok) allowed.push(command);
      else expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'VIEW_ONLY' }]);
    }
    expect(allowed.sort()).toEqual([...LOOKING].sort());
    expect(reached.sort()).toEqual([...LOOKING].sort());
  });

  it('refuses another run by the same commands', async () => {
    const cookie = await cookieOf(server.share(RUN));
    for (const command of ['runs.show', 'runs.events'])
      for (const input of [{ run: OTHER }, {}, { run: [RUN] }])
        expect((await ask(cookie, command, input)).status).toBe(403);
  });

  it('tells its page that it is watching, and the page of the engineer that it is not', async () => {
    const watching = await ask(await cookieOf(server.share(RUN)), 'app.info', {});
    expect(await watching.json()).toMatchObject({ host: 'browser', watching: RUN });
    const acting = await ask(await cookieOf(server.url), 'app.info', {});
    expect(await acting.json()).not.toHaveProperty('watching');
  });

  it('delivers the events of that run and of no other', async () => {
    const cookie = await cookieOf(server.share(RUN));
    expect(JSON.parse(await outcome(watch(cookie, RUN)))).toHaveLength(failedRun.length);
    expect(await outcome(watch(cookie, OTHER))).toContain('403');
  });

  it('has a token of its own: neither link opens what the other one does', async () => {
    const token = new URL(server.share(RUN)).searchParams.get('token') ?? '';
    expect(token).not.toBe(server.token);
    expect((await fetch(`${base}/open?token=${token}`)).status).toBe(401);
    expect((await fetch(`${base}/watch?token=${server.token}`)).status).toBe(401);
    const bearer = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${base}/api/runs.show`, { method: 'POST', headers: bearer, body: '{}' });
    expect(answer.status).toBe(401);
  });

  it('cannot share on, and loses nothing of the rights of the engineer in the same browser', async () => {
    const watching = await cookieOf(server.share(RUN));
    expect((await ask(watching, 'runs.share', { run: RUN })).status).toBe(403);
    const both = `${watching}; ${await cookieOf(server.url)}`;
    expect((await ask(both, 'runs.list', {})).status).toBe(200);
  });

  it('ends for everybody at once when the engineer ends it', async () => {
    const engineer = await cookieOf(server.url);
    const shared = (await (await ask(engineer, 'runs.share', { run: OTHER })).json()) as { url: string };
    const cookie = await cookieOf(shared.url);
    const socket = watch(cookie, OTHER);
    await new Promise((resolve) => socket.once('message', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    expect(await (await ask(engineer, 'runs.share', { run: OTHER, end: true })).json()).toEqual({
      run: OTHER,
      url: null,
    });
    await closed;
    expect((await ask(cookie, 'runs.show', { run: OTHER })).status).toBe(401);
    expect((await fetch(shared.url)).status).toBe(401);
  });
});
