import type { ConnectConfig } from 'ssh2';
import { BringupError } from '../contract/errors.ts';
import { createConnection } from './connection.ts';
import { dial } from './dial.ts';
import { logIn } from './login.ts';
import type { RemoteConnection, RemotePorts, RemoteTarget } from './types.ts';

const CONNECT_SECONDS = 15;
const LOGIN_SECONDS = 30;

/** Host key types to ask for when the machine's preferred key is not the one whose fingerprint is known. */
const OTHER_KEY_TYPES: readonly NonNullable<ConnectConfig['algorithms']>[] = [
  { serverHostKey: ['ssh-ed25519'] },
  { serverHostKey: ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'] },
  { serverHostKey: ['rsa-sha2-512', 'rsa-sha2-256'] },
];

/**
 * Logs in to a machine. Rejects with BringupError (exit 3): SSH_UNREACHABLE, SSH_REFUSED, SSH_TIMEOUT, SSH_DNS,
 * SSH_CLOSED, SSH_PROTOCOL, SSH_ALGORITHM_MISMATCH, SSH_HOST_KEY_UNKNOWN, SSH_HOST_KEY_CHANGED, SSH_AUTH_FAILED,
 * TUNNEL_REFUSED; CANCELLED (exit 4) after the signal.
 */
export async function connect(target: RemoteTarget, ports: RemotePorts): Promise<RemoteConnection> {
  try {
    return await attempt(target, ports);
  } catch (thrown) {
    if (!(thrown instanceof BringupError) || thrown.code !== 'SSH_HOST_KEY_CHANGED') throw thrown;
    return attemptOtherKeys(target, ports, thrown);
  }
}

async function attempt(
  target: RemoteTarget,
  ports: RemotePorts,
  hostKeyTypes?: ConnectConfig['algorithms'],
): Promise<RemoteConnection> {
  const seconds = ports.connectTimeoutSeconds;
  const stream = await dial(target, seconds ?? CONNECT_SECONDS, ports.signal);
  const client = await logIn(target, ports, stream, seconds ?? LOGIN_SECONDS, hostKeyTypes);
  return createConnection(client, stream, target, ports.deadAfterSeconds);
}

/** A machine has several host keys, and a fingerprint does not say of which type it is. */
async function attemptOtherKeys(
  target: RemoteTarget,
  ports: RemotePorts,
  changed: BringupError,
): Promise<RemoteConnection> {
  for (const types of OTHER_KEY_TYPES) {
    try {
      return await attempt(target, ports, types);
    } catch (thrown) {
      const code = thrown instanceof BringupError ? thrown.code : '';
      if (code !== 'SSH_HOST_KEY_CHANGED' && code !== 'SSH_ALGORITHM_MISMATCH') throw thrown;
    }
  }
  throw changed;
}
