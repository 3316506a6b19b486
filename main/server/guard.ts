import { createHash, timingSafeEqual } from 'node:crypto';

/** What the guard looks at; header values as they came. */
export interface GuardedRequest {
  readonly method: string;
  readonly upgrade: boolean;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  /** Cookie of somebody who may act. */
  readonly session: string | undefined;
  /** Cookie of somebody who may watch one run. */
  readonly watching: string | undefined;
}

export interface GuardRules {
  /** Token of the printed link; also accepted as `Authorization: Bearer` from scripts. */
  readonly token: string;
  /** Value of the cookie that the link is exchanged for. */
  readonly session: string;
  /** `host:port` values under which this server may be addressed. */
  readonly hosts: readonly string[];
  readonly scheme: 'http' | 'https';
  /** The run that the bearer of this cookie may watch. */
  readonly sharedWith: (watching: string) => string | undefined;
}

/** What a request may do: everything, or look at one run. */
export type Access = { readonly may: 'act' } | { readonly may: 'watch'; readonly run: string };

export interface Refusal {
  readonly status: 401 | 403;
  readonly code: 'HOST_REFUSED' | 'ORIGIN_REFUSED' | 'TOKEN_REQUIRED';
  readonly message: string;
}

/** Compares two secrets in a time that tells nothing about them, whatever their lengths. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Refuses a foreign Host (DNS rebinding) or Origin (another page in the same browser); null when both are ours. */
export function refuseForeign(request: GuardedRequest, rules: GuardRules): Refusal | null {
  if (!rules.hosts.includes(request.host ?? '')) {
    const message = `This server answers to ${rules.hosts.join(' or ')} only.`;
    return { status: 403, code: 'HOST_REFUSED', message };
  }
  const origins = rules.hosts.map((host) => `${rules.scheme}://${host}`);
  if (request.origin !== undefined && !origins.includes(request.origin)) {
    return { status: 403, code: 'ORIGIN_REFUSED', message: 'Requests from other pages are refused.' };
  }
  return null;
}

/**
 * What the bearer of the cookie or the token may do; a refusal where there is neither. A cookie alone never changes
 * state without an Origin. Who may act acts, also where the same browser opened a link for watching.
 */
export function accessOf(request: GuardedRequest, rules: GuardRules): Access | Refusal {
  const bearer = /^Bearer (.+)$/.exec(request.authorization ?? '')?.[1];
  if (bearer !== undefined && sameSecret(bearer, rules.token)) return { may: 'act' };
  const safe = request.method === 'GET' && !request.upgrade;
  if (safe || request.origin !== undefined) {
    if (request.session !== undefined && sameSecret(request.session, rules.session)) return { may: 'act' };
    const run = request.watching === undefined ? undefined : rules.sharedWith(request.watching);
    if (run !== undefined) return { may: 'watch', run };
  }
  const message = 'Open the link that `bringup serve` printed; it carries the token this page needs.';
  return { status: 401, code: 'TOKEN_REQUIRED', message };
}
