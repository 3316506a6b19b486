import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { BringupError, EXIT } from '../../src/contract/errors.ts';

/** Certificate chain and key of the server in PEM. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Refuses to send tokens over a network in the clear (LISTEN_NEEDS_TLS), and a certificate that could not be used
 * (TLS_UNUSABLE) before anything listens.
 */
export function checkListen(host: string, tls: ServerTls | undefined): void {
  if (tls === undefined) {
    if (isLoopback(host)) return;
    throw new BringupError({
      code: 'LISTEN_NEEDS_TLS',
      exit: EXIT.invalid,
      message: `On ${host} everybody on the network could read along: the link, and with it the right to act, would go over it in the clear.`,
      hint: 'Leave --listen out and reach it through SSH (ssh -L 8417:127.0.0.1:8417 THIS-MACHINE), or give --tls-cert and --tls-key.',
    });
  }
  try {
    createSecureContext(tls);
    const isItsKey = new X509Certificate(tls.cert).checkPrivateKey(createPrivateKey(tls.key));
    if (!isItsKey) throw new Error('the key is not that of the first certificate');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BringupError({
      code: 'TLS_UNUSABLE',
      exit: EXIT.invalid,
      message: 'The certificate and the key cannot be used.',
      hint: 'Both are PEM files, and the key must be that of the first certificate.',
      evidence: [{ source: 'tls', text: reason }],
      cause,
    });
  }
}

/**
 * Names under which the server may be addressed: where it listens, loopback by name, and with TLS the names of the
 * certificate, since a browser accepts no others. Addresses of IPv6 are in brackets, as in a Host header.
 */
export function hostNames(host: string, tls: ServerTls | undefined): string[] {
  const isAny = host === '0.0.0.0' || host === '::';
  const names = [...(isAny ? [] : [host]), ...(tls === undefined ? [] : namesOf(tls)), 'localhost'];
  return [...new Set(names.map((name) => (name.includes(':') ? `[${name}]` : name)))];
}

function namesOf(tls: ServerTls): string[] {
  const names = new X509Certificate(tls.cert).subjectAltName ?? '';
  return names
    .split(', ')
    .map((entry) => /^(?:DNS|IP Address):([^*]+)$/.exec(entry)?.[1]?.toLowerCase())
    .filter((name) => name !== undefined);
}
