import type { FastifyInstance, FastifyReply } from 'fastify';
import { BringupError, toErrorData } from '../../src/contract/errors.ts';
import { sameSecret, type GuardRules } from './guard.ts';
import type { Shares } from './shares.ts';

/** Where a window waits to be led on. */
export const WAITING = '/waiting';

/** The pages that need no cookie: two that give one in exchange for the token of a link, and the one to wait on. */
export function isEntrance(method: string, url: string): boolean {
  return method === 'GET' && (url === WAITING || url.startsWith('/open?') || url.startsWith('/watch?'));
}

/** Names of the two cookies. Cookies are shared by all ports of a host, so each server names its own. */
export function cookieNames(rules: Pick<GuardRules, 'hosts'>): {
  readonly session: string;
  readonly watching: string;
} {
  const port = rules.hosts[0]?.split(':').at(-1) ?? '';
  return { session: `bringup_${port}`, watching: `bringup_watch_${port}` };
}

/** Adds the two entrances, each of which exchanges the token of its link for a cookie. */
export function addEntrances(app: FastifyInstance, rules: GuardRules, shares: Shares): void {
  const enter = (reply: FastifyReply, name: string, value: string, page: string): FastifyReply =>
    reply
      .setCookie(name, value, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
        secure: rules.scheme === 'https',
      })
      .type('text/html; charset=utf-8')
      .send(leadOn(page));
  app.get(WAITING, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .send('<!doctype html><title>Bringup</title>If this page stays, open the link that Bringup printed.'),
  );
  app.get<{ Querystring: { token?: string } }>('/open', async (request, reply) => {
    if (!sameSecret(String(request.query.token ?? ''), rules.token))
      return refuse(reply, 'Open the link that `bringup serve` printed last.');
    return enter(reply, cookieNames(rules).session, rules.session, '/');
  });
  app.get<{ Querystring: { token?: string } }>('/watch', async (request, reply) => {
    const share = shares.ofToken(String(request.query.token ?? ''));
    if (share === undefined) return refuse(reply, 'Ask the engineer who shared the run for a new link.');
    const page = `/#/runs/${encodeURIComponent(share.run)}`;
    return enter(reply, cookieNames(rules).watching, share.session, page);
  });
}

function refuse(reply: FastifyReply, hint: string): FastifyReply {
  const message = `This link is not of the server that runs now, or was ended. ${hint}`;
  return reply.code(401).send(toErrorData(new BringupError({ code: 'TOKEN_WRONG', message })));
}

/**
 * Leads on by a refresh of our own page rather than by a redirect: a browser sends a SameSite=Strict cookie only along
 * navigation that began on the site itself. The refresh also takes the token out of the address and the history.
 */
function leadOn(page: string): string {
  const safe = page.replace(/[^A-Za-z0-9/#%._~-]/g, '');
  return `<!doctype html><meta http-equiv="refresh" content="0;url=${safe}"><title>Bringup</title>`;
}
