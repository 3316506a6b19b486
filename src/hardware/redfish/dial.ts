import { connect as connectSocket, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { certificateFacts, judgeCertificate } from './certificate.ts';
import { cancelled, linkError } from './errors.ts';
import { handshakeError } from './tls-errors.ts';
import type { CertificateFacts, Dial, Trust } from './types.ts';
import type { Origin } from './uri.ts';

/** How a connection to one BMC is made. */
export interface DialOptions {
  readonly origin: Origin;
  readonly name: string;
  /** Undefined for a look without a login: any certificate will do, since nothing secret is sent. */
  readonly trust: Trust | undefined;
  readonly dial: Dial | undefined;
  readonly seconds: number;
  readonly signal: AbortSignal | undefined;
  readonly onCertificate: (facts: CertificateFacts) => void;
}

/** Opens a connection that is ready for HTTP. Its certificate has been judged before a byte of HTTP is sent. */
export async function openConnection(options: DialOptions): Promise<Duplex> {
  const { origin, name, signal, seconds } = options;
  if (signal?.aborted === true) throw cancelled(`connecting to ${name}`);
  let giveUp: (error: Error) => void = () => undefined;
  const gaveUp = new Promise<never>((_, reject) => (giveUp = reject));
  const onAbort = (): void => giveUp(cancelled(`connecting to ${name}`));
  const timer = setTimeout(
    () =>
      giveUp(linkError(name, Object.assign(new Error(`no answer in ${seconds} s`), { code: 'ETIMEDOUT' }))),
    seconds * 1000,
  );
  signal?.addEventListener('abort', onAbort);
  const attempt: Attempt = { stream: undefined, over: false };
  const opening = (async () => {
    attempt.stream = await openStream(options);
    if (attempt.over) attempt.stream.destroy();
    return origin.secure ? await secure(options, attempt.stream) : attempt.stream;
  })();
  try {
    return await Promise.race([opening, gaveUp]);
  } catch (thrown) {
    attempt.over = true;
    attempt.stream?.destroy();
    opening.catch(() => undefined);
    throw thrown;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

interface Attempt {
  stream: Duplex | undefined;
  over: boolean;
}

async function openStream({ origin, dial, name }: DialOptions): Promise<Duplex> {
  try {
    if (dial !== undefined) return await dial(origin.host, origin.port);
    return await new Promise<Duplex>((resolve, reject) => {
      const socket = connectSocket({ host: origin.host, port: origin.port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(socket);
      });
    });
  } catch (thrown) {
    throw linkError(name, thrown);
  }
}

function secure(options: DialOptions, stream: Duplex): Promise<TLSSocket> {
  const { origin, name, trust } = options;
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      socket: stream,
      host: origin.host,
      servername: isIP(origin.host) === 0 ? origin.host : '',
      // The verdict is reached below, before anything is sent: a pin is to be enough without a CA.
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      secureContext: contextFor(trust?.ca),
    });
    const onError = (error: Error): void => {
      socket.destroy();
      stream.destroy();
      reject(handshakeError(name, error));
    };
    const onClose = (): void =>
      onError(Object.assign(new Error('closed during the handshake'), { code: 'ECONNRESET' }));
    socket.once('error', onError);
    socket.once('close', onClose);
    // An error below TLS does not always come up through it.
    stream.once('error', onError);
    socket.once('secureConnect', () => {
      socket.removeListener('error', onError);
      socket.removeListener('close', onClose);
      stream.removeListener('error', onError);
      stream.on('error', () => socket.destroy());
      const facts = certificateFacts(socket.getPeerCertificate());
      if (facts !== undefined) options.onCertificate(facts);
      const wrong = socket.authorized ? undefined : reasonOf(socket);
      const refused = trust === undefined ? undefined : judgeCertificate(name, trust, facts, wrong);
      if (refused === undefined) return resolve(socket);
      socket.on('error', () => undefined);
      socket.destroy();
      stream.destroy();
      reject(refused);
    });
  });
}

/** Made once for all connections: it holds every CA certificate of the system. */
const contexts = new Map<string, SecureContext>();

function contextFor(ca: string | undefined): SecureContext {
  const context = contexts.get(ca ?? '') ?? createSecureContext(ca === undefined ? {} : { ca });
  contexts.set(ca ?? '', context);
  return context;
}

/** Node types it as an Error, but hands over the code as text. */
function reasonOf(socket: TLSSocket): string {
  const reason: unknown = socket.authorizationError;
  if (typeof reason === 'string') return reason;
  return reason instanceof Error
    ? ((reason as NodeJS.ErrnoException).code ?? reason.message)
    : 'not authorized';
}
