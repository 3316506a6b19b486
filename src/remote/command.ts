import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { BringupError } from '../contract/errors.ts';
import { cancelled, linkLost, nameOf, throwIfAborted } from './errors.ts';
import type { ExecOptions, ExecResult, RemoteTarget } from './types.ts';

/** An SSH client with its target; `lost` says why the link ended, once it has. */
export interface Link {
  readonly client: Client;
  /** What the client writes to: a socket or a tunnel. */
  readonly stream: Duplex;
  readonly target: RemoteTarget;
  lost(): BringupError | undefined;
}

export interface CommandOptions {
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutSeconds?: number | undefined;
}

/** How a command ended, as the server reports it. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal?: string;
}

/** A command on its way; `fail` ends it early and rejects `done` with that error. */
export interface RunningCommand {
  readonly channel: ClientChannel;
  readonly done: Promise<CommandEnd>;
  fail(error: BringupError): void;
}

/** Starts a command on a channel of its own. `done` rejects with SSH_CLOSED, CANCELLED or REMOTE_TIMEOUT. */
export function startCommand(link: Link, command: string, options: CommandOptions): Promise<RunningCommand> {
  return new Promise((resolve, reject) => {
    throwIfAborted(options.signal, `a command on ${link.target.label}`);
    const lost = link.lost();
    if (lost !== undefined) throw lost;
    link.client.exec(command, (error, channel) => {
      // Listeners are added before this returns: the end of a short command may be in the same packet.
      if (error === undefined) resolve(follow(link, channel, options));
      else reject(link.lost() ?? channelRefused(link.target, error));
    });
  });
}

function follow(link: Link, channel: ClientChannel, options: CommandOptions): RunningCommand {
  let fail: (error: BringupError) => void = () => undefined;
  const done = new Promise<CommandEnd>((resolve, reject) => {
    let end: CommandEnd | undefined;
    let ended = false;
    const finish = (settle: () => void): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      settle();
    };
    fail = (error) =>
      finish(() => {
        stop(channel);
        reject(error);
      });
    const onAbort = (): void => fail(cancelled(`a command on ${link.target.label}`));
    const { timeoutSeconds } = options;
    const timer =
      timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => fail(timedOut(link.target, timeoutSeconds)), timeoutSeconds * 1000);
    options.signal?.addEventListener('abort', onAbort);
    channel.on('data', (chunk: Buffer) => ended || options.onStdout(chunk));
    channel.stderr.on('data', (chunk: Buffer) => ended || options.onStderr(chunk));
    channel.on('error', () => undefined);
    channel.on('exit', (code: number | null, signal?: string) => {
      end = { code, ...(signal === undefined ? {} : { signal }) };
    });
    channel.on('close', () =>
      finish(() => {
        if (end !== undefined) resolve(end);
        else reject(link.lost() ?? linkLost(link.target, 'the server ended the session'));
      }),
    );
    if (options.signal?.aborted === true) onAbort();
  });
  // A caller may be busy feeding the command while `done` rejects already.
  done.catch(() => undefined);
  return { channel, done, fail };
}

/** Runs a command to its end; `start` lets sudo put its own dialogue before the command's input. */
export async function execute(
  options: ExecOptions,
  start: (collect: CommandOptions) => Promise<RunningCommand>,
): Promise<ExecResult> {
  const keep = options.capture !== false;
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const running = await start({
    onStdout: (chunk) => {
      if (keep) stdout.push(chunk);
      options.onStdout?.(chunk);
    },
    onStderr: (chunk) => {
      if (keep) stderr.push(chunk);
      options.onStderr?.(chunk);
    },
    signal: options.signal,
    timeoutSeconds: options.timeoutSeconds,
  });
  const end = await running.done;
  return { ...end, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

function stop(channel: ClientChannel): void {
  try {
    channel.signal('TERM');
  } catch {
    // The channel is closed already.
  }
  channel.close();
}

function channelRefused(target: RemoteTarget, error: Error): BringupError {
  if (/no response|not connected/i.test(error.message)) return linkLost(target, error.message);
  return new BringupError({
    code: 'REMOTE_CHANNEL_REFUSED',
    message: `${nameOf(target)} starts no further command over this connection.`,
    hint: 'Check MaxSessions and ForceCommand in its sshd_config, and that the user has a login shell.',
    evidence: [{ source: 'sshd', text: error.message }],
    cause: error,
  });
}

function timedOut(target: RemoteTarget, seconds: number): BringupError {
  return new BringupError({
    code: 'REMOTE_TIMEOUT',
    message: `A command on ${nameOf(target)} was still running after ${seconds} s and was given up.`,
    hint: 'Check the load of that machine (uptime, top), then apply again.',
  });
}
