import { execa } from 'execa';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeychainStore } from '../../main/adapters/credentials-keychain.ts';
import { keychainState } from '../../main/adapters/keychain-state.ts';

// One D-Bus session with a real gnome-keyring for the whole file: libsecret keeps to the first bus it meets.
let home: string;
let bus: ChildProcess;
const before = { ...process.env };
const limitMs = 700;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'bringup-keyring-'));
  const services = path.join(home, 'dbus-1', 'services');
  mkdirSync(services, { recursive: true });
  // What stands in for the desktop's unlock window: while the flag is there nobody answers it, otherwise it is closed.
  const prompter = path.join(home, 'prompter');
  writeFileSync(prompter, `#!/bin/sh\nwhile [ -e ${home}/nobody-answers ]; do sleep 0.1; done\nexit 1\n`);
  chmodSync(prompter, 0o700);
  writeFileSync(
    path.join(services, 'org.gnome.keyring.SystemPrompter.service'),
    `[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec=${prompter}\n`,
  );
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY']) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, { HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home });
  bus = spawn('dbus-daemon', ['--session', '--print-address', '--nofork'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await new Promise<string>((resolve) => {
    bus.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  process.env['DBUS_SESSION_BUS_ADDRESS'] = address;
});
afterAll(async () => {
  rmSync(path.join(home, 'nobody-answers'), { force: true });
  const ended = once(bus, 'exit');
  bus.kill();
  await ended;
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
  rmSync(home, { recursive: true, force: true });
});

async function lockKeyring(): Promise<void> {
  const [service, login] = ['/org/freedesktop/secrets', '/org/freedesktop/secrets/collection/login'];
  const method = 'org.freedesktop.Secret.Service.Lock';
  await execa('gdbus', [
    ...['call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', service],
    ...['--method', method, `['${login}']`],
  ]);
}

describe('a real gnome-keyring', () => {
  const store = createKeychainStore(undefined, { limitMs });

  it('that has no keyring yet is told as such, and nothing is stored', async () => {
    expect(await keychainState()).toBe('none');
    const asked = createKeychainStore();
    await expect(asked.set('idrac', { password: 'x' })).rejects.toMatchObject({
      code: 'CREDENTIALS_NO_KEYRING',
    });
  });

  it('that is locked is told as locked: it neither looks empty nor ends the process', async () => {
    // A keyring is made by the password that unlocks it; the one that runs is told so, and keeps its place on the bus.
    await execa('gnome-keyring-daemon', ['--unlock', '--replace', '--components=secrets'], {
      input: 'unlock-me',
    });
    expect(await keychainState()).toBe('open');
    const open = createKeychainStore();
    await open.set('idrac', { username: 'root', password: 'kept-in-the-keyring-2' });
    expect(await open.get('idrac')).toEqual({ username: 'root', password: 'kept-in-the-keyring-2' });
    expect(await open.list()).toEqual(['idrac']);

    await lockKeyring();
    expect(await keychainState()).toBe('locked');
    for (const work of [
      () => open.get('idrac'),
      () => open.list(),
      () => open.delete('idrac'),
      () => open.set('other', { password: 'x' }),
    ]) {
      await expect(work()).rejects.toMatchObject({
        code: 'CREDENTIALS_LOCKED',
        hint: expect.stringContaining('Unlock it') as string,
      });
    }
  });

  it('whose unlock window nobody answers is given up after the limit', async () => {
    writeFileSync(path.join(home, 'nobody-answers'), '');
    await expect(store.get('idrac')).rejects.toMatchObject({ code: 'CREDENTIALS_NO_ANSWER' });
    await expect(store.list()).rejects.toMatchObject({ code: 'CREDENTIALS_NO_ANSWER' });
  });
});
