import { BringupError, EXIT, type Evidence } from '../contract/errors.ts';
import { kindOfSocketCode } from '../contract/socket-codes.ts';

/** A machine as error sentences name it. */
export interface Named {
  readonly label: string;
  readonly host: string;
  readonly port: number;
}

/** `KVM host (10.20.0.5:22)`; IPv6 in brackets. */
export function nameOf({ label, host, port }: Named): string {
  return `${label} (${host.includes(':') ? `[${host}]` : host}:${port})`;
}

/** An error of the link or the login: exit 3. */
export function linkError(
  code: `SSH_${string}` | `SUDO_${string}` | 'TUNNEL_REFUSED',
  message: string,
  hint: string,
  more: { readonly evidence?: readonly Evidence[]; readonly cause?: unknown } = {},
): BringupError {
  return new BringupError({ code, message, hint, exit: EXIT.connection, ...more });
}

/** The engineer (or the run) gave the work up. */
export function cancelled(what: string): BringupError {
  return new BringupError({ code: 'CANCELLED', message: `Cancelled: ${what}.`, exit: EXIT.cancelled });
}

/** Throws CANCELLED when the signal has already fired. */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted === true) throw cancelled(what);
}

/** A link that broke after it was made. */
export function linkLost(target: Named, reason: string): BringupError {
  return linkError(
    'SSH_CLOSED',
    `The SSH connection to ${nameOf(target)} was lost: ${reason}.`,
    'Check the cable and that the machine is up, then apply again: finished work is kept and uploads go on where they stopped.',
  );
}

const SOCKET_ERRORS: Readonly<
  Record<string, (name: string, via: string) => [`SSH_${string}`, string, string]>
> = {
  ECONNREFUSED: (name, via) => [
    'SSH_REFUSED',
    `${name} refuses connections${via}: no SSH server listens on that port, or a firewall rejects it.`,
    'Check that sshd runs there (systemctl status ssh) and that the port in the site file is the right one.',
  ],
  ETIMEDOUT: (name, via) => [
    'SSH_TIMEOUT',
    `${name} does not answer${via}: the connection timed out.`,
    'Check that the machine is switched on and cabled, the address is right, and no firewall drops the port.',
  ],
  ENOTFOUND: (name, via) => [
    'SSH_DNS',
    `The name of ${name} cannot be resolved${via}.`,
    'Put the address instead of the name into the site file, or correct the DNS server in use.',
  ],
  EHOSTUNREACH: (name, via) => [
    'SSH_UNREACHABLE',
    `There is no way to ${name}${via}: no route, or nobody has that address.`,
    'Check the cable, the address and netmask of this laptop, and the address in the site file.',
  ],
  ECONNRESET: (name, via) => [
    'SSH_CLOSED',
    `${name} closed the connection${via} before the login.`,
    'The SSH server may be overloaded or block this laptop (MaxStartups, fail2ban): wait a minute and try again.',
  ],
};

/** Turns a socket error (by its system code) into its sentence; `via` names the machine that tried, when not the laptop. */
export function socketError(
  target: Named,
  code: string | undefined,
  via?: string,
  cause?: unknown,
): BringupError {
  const make = SOCKET_ERRORS[kindOfSocketCode(code ?? '')];
  const name = nameOf(target);
  const text = cause instanceof Error ? cause.message : (code ?? 'unknown');
  const evidence = [{ source: via ?? 'this machine', text }];
  if (make === undefined) {
    return linkError('SSH_UNREACHABLE', `${name} cannot be reached: ${text}.`, 'Check the network between.', {
      evidence,
      cause,
    });
  }
  const [kind, message, hint] = make(name, via === undefined ? '' : ` (tried from ${via})`);
  return linkError(kind, message, hint, { evidence, cause });
}
