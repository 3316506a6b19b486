import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBrowser } from '../../main/adapters/browser.ts';
import { leadOn, PIPE_FLAG } from '../../main/cli/browser-pipe.ts';
import { startServer, type RunningServer } from '../../main/server/server.ts';
import { eventually } from './eventually.ts';

const PAGE = '<!doctype html><title>Bringup</title><script src="page.js"></script>';
const SCRIPT =
  "fetch('api/runs.list', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })";

let dir: string;
let server: RunningServer;
const called: string[] = [];

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'bringup-window-'));
  await writeFile(path.join(dir, 'index.html'), PAGE);
  await writeFile(path.join(dir, 'page.js'), SCRIPT);
  const call = async (command: string): Promise<never> => {
    called.push(command);
    return {} as never;
  };
  server = await startServer({ service: { call, subscribe: () => () => undefined }, dir });
});

afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

it('leads a real browser in without the token on its command line, where every user could read it', async ({
  skip,
}) => {
  const browser = findBrowser();
  if (browser === null) skip('not run: no Chromium');
  const profile = `--user-data-dir=${path.join(dir, 'profile')}`;
  const args = ['--headless=new', '--no-sandbox', '--disable-gpu', profile, PIPE_FLAG, server.waitingUrl];
  // A browser that is ended leaves its sockets in the temporary folder; here they go with the test's own.
  const env = { ...process.env, TMPDIR: dir };
  const child = spawn(browser ?? '', args, { env, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    expect(await leadOn(child, server.waitingUrl, server.url)).toBe(true);
    await eventually(() => {
      expect(called).toEqual(['runs.list']);
    });
    const words = await readFile(`/proc/${child.pid ?? 0}/cmdline`, 'utf8');
    expect(words).toContain('/waiting');
    expect(words).not.toContain(server.token);
  } finally {
    child.kill();
    await ended;
  }
});

it('gives up on a program that is no browser', async () => {
  const child = spawn('true', { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  expect(await leadOn(child, server.waitingUrl, server.url)).toBe(false);
});
