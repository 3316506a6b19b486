import { connect as connectSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BringupError } from '../contract/errors.ts';
import { cancelled, nameOf, socketError, throwIfAborted } from './errors.ts';
import type { RemoteTarget } from './types.ts';

/** Opens the byte stream to the SSH port: a socket of this laptop, or a tunnel through `via`. */
export async function dial(
  target: RemoteTarget,
  timeoutSeconds: number,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  throwIfAborted(signal, `connecting to ${nameOf(target)}`);
  return target.via === undefined
    ? dialDirectly(target, timeoutSeconds, signal)
    : dialThrough(target.via, target, timeoutSeconds, signal);
}

function dialDirectly(
  target: RemoteTarget,
  timeoutSeconds: number,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host: target.host, port: target.port, noDelay: true });
    const finish = (error?: BringupError): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      if (error === undefined) return resolve(socket);
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => finish(cancelled(`connecting to ${nameOf(target)}`));
    const onError = (error: NodeJS.ErrnoException): void =>
      finish(socketError(target, codeOf(error), undefined, error));
    const timer = setTimeout(() => finish(socketError(target, 'ETIMEDOUT')), timeoutSeconds * 1000);
    signal?.addEventListener('abort', onAbort);
    socket.once('connect', () => finish());
    socket.on('error', onError);
  });
}

/** Node tries every address of a name and reports an AggregateError; the first cause says most. */
function codeOf(error: NodeJS.ErrnoException): string | undefined {
  if (error instanceof AggregateError) return (error.errors[0] as NodeJS.ErrnoException | undefined)?.code;
  return error.code;
}

async function dialThrough(
  via: NonNullable<RemoteTarget['via']>,
  target: RemoteTarget,
  timeoutSeconds: number,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const gaveUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(socketError(target, 'ETIMEDOUT', via.label)), timeoutSeconds * 1000);
    onAbort = (): void => reject(cancelled(`connecting to ${nameOf(target)}`));
    signal?.addEventListener('abort', onAbort);
  });
  const opening = via.tunnel(target.host, target.port);
  try {
    return await Promise.race([opening, gaveUp]);
  } catch (thrown) {
    // A tunnel that opens after all must not stay open unused.
    opening.then(
      (late) => late.destroy(),
      () => undefined,
    );
    throw refusedBy(via.label, target, thrown);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

function refusedBy(via: string, target: RemoteTarget, thrown: unknown): unknown {
  if (!(thrown instanceof BringupError) || thrown.code !== 'TUNNEL_REFUSED') return thrown;
  const text = thrown.evidence[0]?.text ?? '';
  const code = TUNNEL_REASONS.find(([pattern]) => pattern.test(text))?.[1];
  return code === undefined ? thrown : socketError(target, code, via, new Error(text));
}

const TUNNEL_REASONS: readonly (readonly [RegExp, string])[] = [
  [/connection refused/i, 'ECONNREFUSED'],
  [/timed out/i, 'ETIMEDOUT'],
  [/no route|unreachable/i, 'EHOSTUNREACH'],
  [/name or service|resolv/i, 'ENOTFOUND'],
];
