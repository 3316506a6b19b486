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

/** Runs shell lines in a D-Bus session of their own, with a home of their own, `bringup` being the built command line. */
async function inSession(
  lines: string,
): Promise<{ stdout: string; stderr: string; exitCode?: number | undefined }> {
  const script = `bringup() { node "${BIN}" "$@"; }\n${lines}`;
  return execa('dbus-run-session', ['--', 'bash', '-c', script], {
    env: {
      HOME: home,
      XDG_DATA_HOME: home,
      XDG_RUNTIME_DIR: home,
      BRINGUP_HOME: home,
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
    },
    reject: false,
    timeout: 60_000,
  });
}

const UNLOCK = 'echo -n unlock-me | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n';

describe('a real gnome-keyring', () => {
  it('keeps, lists and deletes a credential; the value never shows', async () => {
    const done = await inSession(
      `${UNLOCK}
      echo 'kept-in-the-keyring-1' | bringup credentials set kvm-host --username installer --stdin
      bringup credentials list
      bringup credentials delete kvm-host
      bringup credentials list`,
    );
    expect(done.stderr).toBe('');
    expect(done.stdout.split('\n')).toEqual([
      'Stored the credential kvm-host.',
      'kvm-host',
      'Deleted the credential kvm-host.',
      'No credential is stored.',
    ]);
  });

  it('that is not running gives one clear error with the way out', async () => {
    const done = await inSession('bringup credentials list; echo "exit $?"');
    expect(done.stderr).toMatch(/The keychain of this machine cannot be used/);
    expect(done.stderr).toMatch(/--credential-store file/);
    expect(done.stdout).toBe('exit 1');
  });
});
