import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../main/cli/bin.mjs', import.meta.url));

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-keychain-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** What `bringup` prints on both streams, line by line; `session` runs it on a D-Bus of its own. */
async function printed(lines: string, session: boolean): Promise<string[]> {
  const script = `bringup() { node "${BIN}" "$@" 2>&1; }\n${lines}`;
  const [command = '', ...args] = [...(session ? ['dbus-run-session', '--'] : []), 'bash', '-c', script];
  const done = await execa(command, args, {
    env: {
      HOME: home,
      XDG_DATA_HOME: home,
      XDG_RUNTIME_DIR: home,
      BRINGUP_HOME: home,
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
      DBUS_SESSION_BUS_ADDRESS: session ? '' : 'unix:path=/nowhere/bus',
    },
    reject: false,
    timeout: 60_000,
  });
  return done.stdout.split('\n');
}

/** Unlocks a keyring, and waits until the daemon has its name on the bus: who asks earlier starts a second, locked one. */
const UNLOCK = `echo -n unlock-me | gnome-keyring-daemon --unlock --components=secrets >/dev/null
asked='dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus /org/freedesktop/DBus'
until $asked org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; do sleep 0.1; done
`;

describe('a real gnome-keyring', () => {
  it('keeps, lists and deletes a credential; the value never shows', async () => {
    const lines = await printed(
      `${UNLOCK}
      echo 'kept-in-the-keyring-1' | bringup credentials set kvm-host --username installer --stdin
      bringup credentials list
      bringup credentials delete kvm-host
      bringup credentials list`,
      true,
    );
    expect(lines).toEqual([
      'Stored the credential kvm-host.',
      'kvm-host  password of installer, in the keychain',
      'Deleted the credential kvm-host.',
      'No credential is stored in the keychain.',
      'Store one with: bringup credentials set NAME',
    ]);
  });

  it('that cannot be reached gives one clear error with the way out', async () => {
    const text = (await printed('bringup credentials list; echo "exit $?"', false)).join(' ');
    expect(text).toMatch(/The keychain of this machine cannot be used/);
    expect(text).toMatch(/bringup credentials store file/);
    expect(text).toMatch(/exit 1$/);
  });
});
