// What every HTTP route shares: a router that refuses bad input in one way, refusals as problem+json, and the
// question "who is this?". Domain code never imports this; only the `http.ts` beside it does.
import { OpenAPIHono } from '@hono/zod-openapi';
import {
  type AnyErrorCode,
  ERROR_STATUS,
  type Problem,
  PUBLIC_ERROR_STATUS,
  type Refusal,
  refuse,
} from '@ringtag/server/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Authenticate, Caller } from '../auth/authenticate.ts';
import type { Client } from './client-address.ts';
import { foreignDetail } from './cross-origin.ts';
import type { RateLimiter } from './rate-limiter.ts';

const STATUS = { ...ERROR_STATUS, ...PUBLIC_ERROR_STATUS };

export interface EdgeEnv {
  Variables: {
    caller: Caller;
    /** Who administers: an e-mail address, a name, or `token`; set by `admin/rights-routes.ts`. */
    administrator?: string | undefined;
    /** Who asks, as far as the network tells; set by `app.ts`. */
    client?: Client | undefined;
    /** Origin of the page that asks; set by `app.ts`, which knows the hub's own (same-origin GETs carry none). */
    pageOrigin?: string | undefined;
    /** Counts this route's requests of one person, where they are limited; set by `rate-limits.ts`. */
    personLimiter?: RateLimiter | undefined;
    /** A person navigated here too often: the page's router says so in a page. Milliseconds to wait. */
    pageLimitedMs?: number | undefined;
    /** Why the request was refused, if it was; for log and metrics. */
    refusal?: AnyErrorCode | undefined;
  };
}

/** A path leads through names of the sender's, of whatever length. */
const FIELD_CHARS = 200;

/** A router whose validation failures are `INVALID_INPUT` with the first offending field. */
export function createRouter(): OpenAPIHono<EdgeEnv> {
  return new OpenAPIHono<EdgeEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const field = (result.error.issues[0]?.path.join('.') ?? '').slice(0, FIELD_CHARS);
      return sendRefusal(c, refuse('INVALID_INPUT', { field }));
    },
  });
}

/** RFC 9457 body with our `code`; extra members (such as `ways`) go along. */
export function sendRefusal(
  c: Context,
  refusal: Refusal<AnyErrorCode>,
  extra: Record<string, unknown> = {},
): Response {
  const { ok: _, code, retryAfterMs, ...rest } = refusal;
  const status = STATUS[code];
  c.set('refusal', code);
  const problem: Problem<AnyErrorCode> = {
    type: 'about:blank',
    title: code,
    status,
    code,
    ...(code === 'ORIGIN_NOT_ALLOWED' ? { detail: foreignDetail(pageOrigin(c)) } : {}),
    ...rest,
    ...extra,
  };
  if (retryAfterMs !== undefined) c.header('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
  return c.json(problem, status as ContentfulStatusCode, { 'Content-Type': 'application/problem+json' });
}

/** Origin of the page that asks, also where the browser left the header out. */
export function pageOrigin(c: Context<EdgeEnv>): string | undefined {
  return c.var.pageOrigin ?? c.req.header('Origin');
}

/** The refusals of a route in its OpenAPI description: each code under its status. */
export function refusals<C extends AnyErrorCode>(
  ...codes: readonly C[]
): { [Status in (typeof STATUS)[C]]: { description: string } } {
  const described: Record<number, { description: string }> = {};
  for (const code of codes) {
    const status = STATUS[code];
    const before = described[status];
    described[status] = { description: before ? `${before.description}, ${code}` : code };
  }
  return described as ReturnType<typeof refusals<C>>;
}

/** Lets only signed-in callers through, as often as the route's limit allows one person; the caller is then `c.var.caller`. */
export function requireCaller(authenticate: Authenticate): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const bearer = /^Bearer ([\w-]+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
    const caller = await authenticate(bearer, pageOrigin(c));
    if (!caller.ok) return sendRefusal(c, caller);
    const retryAfterMs = await c.var.personLimiter?.take(caller.person.id);
    if (retryAfterMs !== undefined) return sendRefusal(c, refuse('RATE_LIMITED', { retryAfterMs }));
    c.set('caller', caller);
    await next();
    return undefined;
  };
}
