import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeProfile } from '../../main/adapters/browser-profile.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-profile-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

it('gives two windows a profile each, and the first one again when it is free', async () => {
  const first = await takeProfile(home);
  const second = await takeProfile(home);
  expect([first.folder, second.folder]).toEqual([path.join(home, 'window'), path.join(home, 'window-2')]);
  await first.release();
  expect((await takeProfile(home)).folder).toBe(path.join(home, 'window'));
});

it('takes over the profile of a Bringup that was killed, and not of one that lives', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const holder = { host: hostname(), since: new Date().toISOString(), run: '1', started: null };
  const lock = path.join(home, 'window.lock');
  await writeFile(lock, JSON.stringify({ ...holder, pid: process.ppid }));
  expect((await takeProfile(home)).folder).toBe(path.join(home, 'window-2'));
  await writeFile(lock, JSON.stringify({ ...holder, pid }));
  expect((await takeProfile(home)).folder).toBe(path.join(home, 'window'));
});
