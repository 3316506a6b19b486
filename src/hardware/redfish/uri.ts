import { BringupError, EXIT } from '../../contract/errors.ts';

/** Where a client sends its requests. `name` is the base without a default port, as people see it. */
export interface Origin {
  readonly url: URL;
  /** Without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly name: string;
}

/** The path of the service root on the wire: DSP0266 fixes it with its slash. */
export const ROOT = '/redfish/v1/';

/** Reads a base URL. Throws REDFISH_ADDRESS (exit 2), or REDFISH_PLAIN_HTTP for http to another machine. */
export function parseOrigin(base: string, tunnelled: boolean): Origin {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(base) ? base : `https://${bracketed(base)}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    throw new BringupError({
      code: 'REDFISH_ADDRESS',
      message: `${JSON.stringify(base)} is not the address of a BMC.`,
      hint: 'Write it as https://10.20.1.11, with :port where it is not 443.',
      exit: EXIT.invalid,
    });
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'https:';
  if (!secure && (tunnelled || !isLoopback(host))) {
    throw new BringupError({
      code: 'REDFISH_PLAIN_HTTP',
      message: `${url.origin} would send the password unencrypted; plain http is only allowed to this machine's loopback.`,
      hint: `Use https://${url.host}.`,
      exit: EXIT.invalid,
    });
  }
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { url: new URL('/', url), host, port, secure, name: url.origin };
}

/** Whether the host is this machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function bracketed(host: string): string {
  return host.includes('::') && !host.startsWith('[') ? `[${host}]` : host;
}

/** A link as it goes over the wire, and the part of the resource it points into, where it has a fragment. */
export interface Link {
  readonly path: string;
  readonly pointer?: string;
}

/**
 * Resolves an `@odata.id`, a nextLink or a Location. Absolute URLs must name the same host, whatever the port: a BMC
 * behind a tunnel does not know how it is dialled. Throws REDFISH_FOREIGN_ADDRESS for another host.
 */
export function resolveLink(origin: Origin, link: string): Link {
  const url = parsed(link, origin.url);
  if (url?.hostname !== origin.url.hostname) {
    throw new BringupError({
      code: 'REDFISH_FOREIGN_ADDRESS',
      message: `${origin.name} points to ${JSON.stringify(link.slice(0, 200))}, which is not on this BMC; it is not followed.`,
      hint: 'Update the firmware of the BMC; a link to another machine is a fault of its Redfish service.',
      exit: EXIT.connection,
    });
  }
  const path = url.pathname + url.search;
  return url.hash === '' ? { path } : { path, pointer: url.hash.slice(1) };
}

function parsed(link: string, base: URL): URL | undefined {
  try {
    return new URL(link, base);
  } catch {
    return undefined;
  }
}

/** The name under which a resource is kept: no trailing slash, no query. */
export function canonical(path: string): string {
  return path.replace(/[?#].*$/, '').replace(/(?<=.)\/+$/, '');
}

/** The same for two spellings of one link: BMCs differ in case and trailing slash between links and resources. */
export function keyOf(link: string): string {
  const tail = /[?#].*$/.exec(link)?.[0] ?? '';
  return canonical(link).toLowerCase() + tail;
}
