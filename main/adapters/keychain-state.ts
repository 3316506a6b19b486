import { execa } from 'execa';

/** Whether the keychain gives its values out: `none` where the service runs and has no keyring to keep anything in. */
export type KeychainState = 'open' | 'locked' | 'none' | 'unknown';

const SERVICE = 'org.freedesktop.secrets';
const KEYRING = '/org/freedesktop/secrets/aliases/default';
const INTERFACE = 'org.freedesktop.Secret.Collection';
const ASK_MS = 5000;

/** Programs that can ask a D-Bus service for a property; a desktop has at least one of them. */
const ASKERS: readonly (readonly [command: string, args: readonly string[]])[] = [
  ['busctl', ['--user', 'get-property', SERVICE, KEYRING, INTERFACE, 'Locked']],
  [
    'gdbus',
    [
      ...['call', '--session', '--dest', SERVICE, '--object-path', KEYRING],
      ...['--method', 'org.freedesktop.DBus.Properties.Get', INTERFACE, 'Locked'],
    ],
  ],
  [
    'dbus-send',
    [
      ...['--session', '--print-reply=literal', `--dest=${SERVICE}`, KEYRING],
      ...['org.freedesktop.DBus.Properties.Get', `string:${INTERFACE}`, 'string:Locked'],
    ],
  ],
];

/**
 * Asks the Secret Service whether its default keyring is locked. keytar does not tell: on a locked one it finds nothing,
 * and listing ends the whole process. `unknown` on other systems and where it cannot be asked. Never rejects.
 */
export async function keychainState(platform: string = process.platform): Promise<KeychainState> {
  if (platform !== 'linux') return 'unknown';
  for (const [command, args] of ASKERS) {
    const asked = await execa(command, args, { reject: false, timeout: ASK_MS, env: { LC_ALL: 'C' } });
    if (asked.code === 'ENOENT') continue;
    if (/\btrue\b/.test(asked.stdout)) return 'locked';
    if (/\bfalse\b/.test(asked.stdout)) return 'open';
    return /does not exist at path/i.test(asked.stderr) ? 'none' : 'unknown';
  }
  return 'unknown';
}
