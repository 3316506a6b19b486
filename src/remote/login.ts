import type { Duplex } from 'node:stream';
import { Client, type AuthenticationType, type ConnectConfig } from 'ssh2';
import type { BringupError } from '../contract/errors.ts';
import { createAuthentication } from './authentication.ts';
import { cancelled, linkError, linkLost, nameOf, socketError } from './errors.ts';
import { fingerprintOf, judgeHostKey } from './host-key.ts';
import type { RemotePorts, RemoteTarget } from './types.ts';

/** Fast AEAD ciphers first: the laptop's CPU is what an upload waits for. */
const CIPHERS = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
] as const;

/** Does the SSH handshake on an open stream, checks the host key and logs in. The client is closed again on failure. */
export function logIn(
  target: RemoteTarget,
  ports: RemotePorts,
  stream: Duplex,
  timeoutSeconds: number,
  hostKeyTypes: ConnectConfig['algorithms'] = {},
): Promise<Client> {
  const authentication = createAuthentication(target);
  const client = new Client();
  return new Promise((resolve, reject) => {
    let refusal: BringupError | undefined;
    const finish = (error?: BringupError): void => {
      ports.signal?.removeEventListener('abort', onAbort);
      client.removeListener('error', onError);
      client.removeListener('close', onClose);
      client.on('error', () => undefined);
      if (error === undefined) return resolve(client);
      client.destroy();
      stream.destroy();
      reject(error);
    };
    const onAbort = (): void => finish(cancelled(`logging in to ${nameOf(target)}`));
    const onError = (error: SshError): void =>
      finish(refusal ?? loginError(target, error, authentication.offered()));
    const onClose = (): void => finish(refusal ?? linkLost(target, 'the server hung up during the login'));
    client.on('error', onError).on('close', onClose);
    client.once('ready', () => finish());
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) => {
      answer(prompts.map(() => target.credential.password ?? ''));
    });
    ports.signal?.addEventListener('abort', onAbort);
    try {
      client.connect({
        sock: stream,
        username: target.username,
        readyTimeout: timeoutSeconds * 1000,
        // Pings keep answers coming; the connection itself decides when silence means that the link is dead.
        keepaliveInterval: 5000,
        keepaliveCountMax: Number.POSITIVE_INFINITY,
        algorithms: { cipher: [...CIPHERS], ...hostKeyTypes },
        tryKeyboard: true,
        ...authentication.config,
        hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => {
          const seen = fingerprintOf(key);
          judgeHostKey(target, ports.hostKeys, seen)
            .then(async (verdict) => {
              if (!verdict.trusted) refusal = verdict.error;
              else if (verdict.pin !== undefined) {
                await ports.hostKeys.set(`${target.host}:${target.port}`, verdict.pin);
              }
              verify(verdict.trusted);
            })
            .catch((error: unknown) => {
              refusal = error as BringupError;
              verify(false);
            });
        },
      });
    } catch (error) {
      finish(loginError(target, error as SshError, []));
    }
  });
}

interface SshError extends Error {
  readonly level?: string;
  readonly code?: string | number;
}

function loginError(
  target: RemoteTarget,
  error: SshError,
  offered: readonly AuthenticationType[],
): BringupError {
  const name = nameOf(target);
  const more = { evidence: [{ source: 'SSH', text: error.message }], cause: error };
  if (/privateKey|private key/i.test(error.message)) {
    return linkError(
      'SSH_AUTH_FAILED',
      `The private key stored for ${target.username} on ${name} cannot be used.`,
      'Store an OpenSSH or PEM private key without a passphrase under the credential the site file names.',
      more,
    );
  }
  if (error.level === 'client-authentication') return refused(target, offered, more);
  if (error.level === 'client-timeout') {
    return linkError(
      'SSH_TIMEOUT',
      `${name} took the connection but did not finish the SSH handshake in time.`,
      'Check that it is an SSH server that listens on that port and that the machine is not overloaded.',
      more,
    );
  }
  if (/no matching/i.test(error.message)) {
    return linkError(
      'SSH_ALGORITHM_MISMATCH',
      `${name} and Bringup share no algorithm for the SSH connection (${error.message.trim()}).`,
      'Update the SSH server there, or have its administrator allow a current algorithm (sshd -T shows those in use).',
      more,
    );
  }
  if (error.level === 'client-socket') {
    return socketError(
      target,
      typeof error.code === 'string' ? error.code : 'ECONNRESET',
      target.via?.label,
      error,
    );
  }
  if (/lost before handshake|ended|closed/i.test(error.message)) {
    return socketError(target, 'ECONNRESET', target.via?.label, error);
  }
  return linkError(
    'SSH_PROTOCOL',
    `${name} answers, but not as an SSH server should: ${error.message}.`,
    'Check the address and the port in the site file.',
    more,
  );
}

function refused(
  target: RemoteTarget,
  offered: readonly AuthenticationType[],
  more: { evidence: { source: string; text: string }[]; cause: Error },
): BringupError {
  const { password, privateKey } = target.credential;
  const held = [
    ...(privateKey === undefined ? [] : ['a private key']),
    ...(password === undefined ? [] : ['a password']),
  ];
  const takes = offered.length === 0 ? 'does not say what it takes' : `takes: ${offered.join(', ')}`;
  return linkError(
    'SSH_AUTH_FAILED',
    `${nameOf(target)} does not let ${target.username} in with ${held.join(' or ') || 'an empty credential'}; it ${takes}.`,
    'Check the user in the site file and store the right password or key: bringup credentials set NAME',
    more,
  );
}
