import { createHash, timingSafeEqual } from 'node:crypto';

/** What the guard looks at; header values as they came. */
export interface GuardedRequest {
  readonly method: string;
  readonly upgrade: boolean;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  readonly session: string | undefined;
}

export interface GuardRules {
  /** Token of the printed link; also accepted as `Authorization: Bearer` from scripts. */
  readonly token: string;
  /** Value of the cookie that the link is exchanged for. */
  readonly session: string;
  /** `host:port` values under which this server may be addressed. */
  readonly hosts: readonly string[];
}

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
  const origins = rules.hosts.map((host) => `http://${host}`);
  if (request.origin !== undefined && !origins.includes(request.origin)) {
    return { status: 403, code: 'ORIGIN_REFUSED', message: 'Requests from other pages are refused.' };
  }
  return null;
}

/** Refuses everything that carries neither the cookie nor the token; a cookie alone never changes state without an Origin. */
export function refuseUnknown(request: GuardedRequest, rules: GuardRules): Refusal | null {
  const bearer = /^Bearer (.+)$/.exec(request.authorization ?? '')?.[1];
  if (bearer !== undefined && sameSecret(bearer, rules.token)) return null;
  const known = request.session !== undefined && sameSecret(request.session, rules.session);
  const safe = request.method === 'GET' && !request.upgrade;
  if (known && (safe || request.origin !== undefined)) return null;
  const message = 'Open the link that `bringup serve` printed; it carries the token this page needs.';
  return { status: 401, code: 'TOKEN_REQUIRED', message };
}
