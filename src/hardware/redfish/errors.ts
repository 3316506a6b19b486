import { BringupError, EXIT, type Evidence } from '../../contract/errors.ts';
import { kindOfSocketCode } from '../../contract/socket-codes.ts';

/** Details that go with an error of the link or the BMC. */
export interface ErrorDetails {
  readonly evidence?: readonly Evidence[];
  readonly cause?: unknown;
}

/** An error of the link to a BMC, its login or its answers: exit 3. */
export function redfishError(
  code: `REDFISH_${string}`,
  message: string,
  hint: string,
  details: ErrorDetails = {},
): BringupError {
  return new BringupError({ code, message, hint, exit: EXIT.connection, ...details });
}

/** The engineer gave the work up: CANCELLED, exit 4. */
export function cancelled(what: string): BringupError {
  return new BringupError({ code: 'CANCELLED', message: `Cancelled: ${what}.`, exit: EXIT.cancelled });
}

/** Codes that say the BMC cannot be talked to at all, so that asking it more is useless. */
export const LINK_ERRORS: ReadonlySet<string> = new Set([
  'REDFISH_UNREACHABLE',
  'REDFISH_REFUSED',
  'REDFISH_TIMEOUT',
  'REDFISH_DNS',
  'REDFISH_CLOSED',
]);

type Sentence = readonly [code: `REDFISH_${string}`, message: string, hint: string];

const SENTENCES: Readonly<Record<string, (name: string) => Sentence>> = {
  ECONNREFUSED: (name) => [
    'REDFISH_REFUSED',
    `${name} refuses connections: nothing listens on that port.`,
    'Check that the address is that of a BMC, that its web server and Redfish are enabled, and the port.',
  ],
  ETIMEDOUT: (name) => [
    'REDFISH_TIMEOUT',
    `${name} does not answer: the connection timed out.`,
    'Check that the server has power, the cable of its management port, the address, and that no firewall drops the port.',
  ],
  ENOTFOUND: (name) => [
    'REDFISH_DNS',
    `The name of ${name} cannot be resolved.`,
    'Use the address instead of the name, or correct the DNS server in use.',
  ],
  EHOSTUNREACH: (name) => [
    'REDFISH_UNREACHABLE',
    `There is no way to ${name}: no route, or nobody has that address.`,
    'Check the address and the cable of the management port; if only the KVM host sees that network, go through it (discovery.via: kvm-host).',
  ],
  ECONNRESET: (name) => [
    'REDFISH_CLOSED',
    `${name} closed the connection in the middle of a request.`,
    'BMCs do so when overloaded or restarting: wait two minutes and try again; if it stays, reset the BMC.',
  ],
};

/** Turns what a socket threw into its sentence; `name` is the BMC as sentences name it. */
export function linkError(name: string, thrown: unknown): BringupError {
  if (thrown instanceof BringupError)
    return thrown.code === 'TUNNEL_REFUSED' ? tunnelError(name, thrown) : thrown;
  const code = codeOf(thrown);
  const text = thrown instanceof Error ? thrown.message || code : String(thrown);
  const details = { evidence: [{ source: 'this machine', text }], cause: thrown };
  const make = SENTENCES[kindOfSocketCode(code)];
  if (make !== undefined) {
    const [kind, message, hint] = make(name);
    return redfishError(kind, message, hint, details);
  }
  if (code.startsWith('HPE_')) {
    return redfishError(
      'REDFISH_NOT_REDFISH',
      `${name} does not speak HTTP: ${text}.`,
      'Check the address and the port: something else than a BMC answers there.',
      details,
    );
  }
  return redfishError(
    'REDFISH_UNREACHABLE',
    `${name} cannot be reached: ${text}.`,
    'Check the network between.',
    details,
  );
}

const TUNNEL_REASONS: readonly (readonly [RegExp, string])[] = [
  [/connection refused/i, 'ECONNREFUSED'],
  [/timed out/i, 'ETIMEDOUT'],
  [/no route|unreachable/i, 'EHOSTUNREACH'],
  [/name or service|resolv/i, 'ENOTFOUND'],
];

/** A tunnel tells in words what the other end of it met; where the SSH server forbids tunnels, that stays the error. */
function tunnelError(name: string, thrown: BringupError): BringupError {
  const text = thrown.evidence[0]?.text ?? '';
  const code = TUNNEL_REASONS.find(([pattern]) => pattern.test(text))?.[1];
  const make = code === undefined ? undefined : SENTENCES[code];
  if (make === undefined) return thrown;
  const [kind, message, hint] = make(`${name}, tried through the SSH tunnel,`);
  return redfishError(kind, message, hint, { evidence: thrown.evidence, cause: thrown });
}

/** Node tries every address of a name and reports an AggregateError; the first cause says most. */
export function codeOf(thrown: unknown): string {
  const first: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  const code = (first as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** A request that took longer than it may; `what` is what was asked. */
export function tooSlow(name: string, what: string, seconds: number): BringupError {
  return redfishError(
    'REDFISH_TIMEOUT',
    `${name} did not answer ${what} within ${seconds} s.`,
    'BMCs do so when busy with an update or stuck: wait for its jobs to end, otherwise reset the BMC (not the server).',
  );
}

/** An answer bigger than is kept in memory. */
export function tooLarge(name: string, what: string, bytes: number): BringupError {
  return redfishError(
    'REDFISH_TOO_LARGE',
    `${name} answers ${what} with more than ${Math.round(bytes / 2 ** 20)} MiB; it is not read further.`,
    'No Redfish resource is that large: check that the address is that of a BMC, and update its firmware.',
  );
}
