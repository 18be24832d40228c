// Who may ask at `/api/admin/`: an administrator by the admin page's own visit, or a program by the operator's token.
// A bearer of the phone means nothing here, nor does anything that comes from a page of another origin.
import { PAGE_TOKEN_HEADER, type Refusal, refuse } from '@ringtag/server/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import { isSame } from '../auth/secrets.ts';
import { isFormOf, VISIT_COOKIE, type Visits } from '../auth/visits.ts';
import { type EdgeEnv, sendRefusal } from '../platform/edge.ts';
import { hashSecret } from '../platform/ids.ts';
import { ownCookie } from '../platform/own-cookie.ts';
import { isFromOwnPage } from '../platform/own-page.ts';
import { createRateLimiter } from '../platform/rate-limiter.ts';

export interface AdminRightsOptions {
  readonly visits: Pick<Visits, 'of'>;
  readonly ownOrigin: string;
  /** The operator's. Without it no program is let in. */
  readonly token: string | undefined;
}

/** Wrong tokens of one network. */
const WRONG = { requests: 30, windowMs: 60_000 };

/** Lets administrators through; the others are `SIGNED_OUT` or `FORBIDDEN`. */
export function requireAdministrator(options: AdminRightsOptions): MiddlewareHandler<EdgeEnv> {
  const { visits, ownOrigin, token } = options;
  const cookie = ownCookie(VISIT_COOKIE, ownOrigin);
  const wrong = createRateLimiter(WRONG);
  const tokenHash = token === undefined ? undefined : hashSecret(token);

  /** A program: no browser sends an `Origin` for it, and no page has the token. */
  async function byToken(c: Context<EdgeEnv>, bearer: string): Promise<string | Refusal> {
    if (c.req.header('Origin') !== undefined) return refuse('FORBIDDEN');
    if (tokenHash !== undefined && isSame(hashSecret(bearer), tokenHash)) return 'token';
    const retryAfterMs = await wrong.take(c.var.client?.network ?? '');
    return retryAfterMs === undefined ? refuse('SIGNED_OUT') : refuse('RATE_LIMITED', { retryAfterMs });
  }

  /** The admin page: its visit, its own origin, and its token, which no other site's page can know. */
  async function byVisit(c: Context<EdgeEnv>): Promise<string | Refusal> {
    if (!isFromOwnPage(c, ownOrigin)) return refuse('FORBIDDEN');
    const visit = await visits.of(cookie.read(c));
    if (!visit) return refuse('SIGNED_OUT');
    const sent = c.req.header(PAGE_TOKEN_HEADER) ?? '';
    if (!visit.isAdministrator || !isFormOf(visit, sent)) return refuse('FORBIDDEN');
    return visit.person.email ?? visit.person.name;
  }

  return async (c, next) => {
    const bearer = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
    const who = bearer === undefined ? await byVisit(c) : await byToken(c, bearer);
    if (typeof who !== 'string') return sendRefusal(c, who);
    c.set('administrator', who);
    await next();
    return undefined;
  };
}
