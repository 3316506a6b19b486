import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { BringupError } from '../contract/errors.ts';
import { execute, startCommand, type Link } from './command.ts';
import { linkError, linkLost, nameOf } from './errors.ts';
import { readRemoteFile, writeRemoteFile } from './files.ts';
import { startAsRoot } from './sudo.ts';
import { uploadFile } from './upload.ts';
import type { RemoteConnection, RemoteTarget } from './types.ts';

const DEAD_AFTER_SECONDS = 20;
const TICKS = 4;
/** SSH_OPEN_ADMINISTRATIVELY_PROHIBITED of RFC 4254, 5.1. */
const PROHIBITED = 1;

/** Wraps a logged-in client. Silence of `deadAfterSeconds` counts as a lost link: ssh2 pings every few seconds. */
export function createConnection(
  client: Client,
  stream: Duplex,
  target: RemoteTarget,
  deadAfterSeconds = DEAD_AFTER_SECONDS,
): RemoteConnection {
  const listeners: ((error: Error | undefined) => void)[] = [];
  let ended = false;
  let lost: BringupError | undefined;
  let silentTicks = 0;

  const end = (reason: string | undefined): void => {
    if (ended) return;
    ended = true;
    clearInterval(watch);
    if (reason !== undefined) lost = linkLost(target, reason);
    for (const listener of listeners) listener(lost);
  };
  // Ticks, not a clock: a laptop that wakes from sleep gets the full time to hear from its peer again.
  const watch = setInterval(
    () => {
      silentTicks += 1;
      if (silentTicks < TICKS) return;
      end(`nothing was heard from it for ${deadAfterSeconds} s`);
      stream.destroy();
      client.destroy();
    },
    (deadAfterSeconds * 1000) / TICKS,
  );
  stream.on('data', () => {
    silentTicks = 0;
  });
  client.on('error', (error) => end(error.message));
  client.on('close', () => end('the connection was closed'));

  const link: Link = {
    client,
    stream,
    target,
    lost: () => (ended ? (lost ?? linkLost(target, 'it was closed here')) : undefined),
  };
  const connection: RemoteConnection = {
    label: target.label,
    exec: (command, options = {}) =>
      execute(options, async (collect) => {
        const running = await startCommand(link, command, collect);
        running.channel.end(options.stdin);
        return running;
      }),
    sudo: (command, options = {}) =>
      execute(options, (collect) => startAsRoot(link, command, options.stdin, collect)),
    upload: (local, remote, options = {}) => uploadFile(link, local, remote, options),
    readFile: (path, options) => readRemoteFile(connection, path, options?.sudo === true),
    writeFile: (path, content, options = {}) => writeRemoteFile(connection, path, content, options),
    tunnel: (host, port) => openTunnel(link, host, port),
    onClose: (listener) => {
      if (ended) listener(lost);
      else listeners.push(listener);
    },
    close: () => {
      end(undefined);
      client.end();
    },
  };
  return connection;
}

function openTunnel(link: Link, host: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const gone = link.lost();
    if (gone !== undefined) return reject(gone);
    link.client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
      if (error === undefined) return resolve(channel);
      reject(link.lost() ?? tunnelRefused(link.target, host, port, error));
    });
  });
}

function tunnelRefused(target: RemoteTarget, host: string, port: number, error: Error): BringupError {
  const forbidden = (error as Error & { reason?: number | string }).reason === PROHIBITED;
  return linkError(
    'TUNNEL_REFUSED',
    forbidden
      ? `The SSH server of ${nameOf(target)} forbids forwarding, so ${host}:${port} cannot be reached through it.`
      : `${nameOf(target)} opens no connection to ${host}:${port}.`,
    forbidden
      ? 'Set AllowTcpForwarding yes in its sshd_config and reload sshd: everything behind it is reached through it.'
      : 'Check that the other machine is up and listens on that port.',
    {
      evidence: [
        {
          source: `sshd on ${target.label}`,
          text: forbidden ? 'administratively prohibited' : error.message,
        },
      ],
      cause: error,
    },
  );
}
