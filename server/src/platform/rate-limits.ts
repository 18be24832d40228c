// Which requests are limited, and how far: those that cost the hub work before it knows who asks, by address; those
// that ring, search or write, by person. People never meet these numbers, an office behind one address included.
import { refuse } from '@ringtag/server/protocol';
import type { MiddlewareHandler } from 'hono';
import { type EdgeEnv, sendRefusal } from './edge.ts';
import { createRateLimiter, type Rate, type RateLimiter } from './rate-limiter.ts';

/** Each route's rates by `METHOD path`, as OpenAPI writes paths; what stands for `{id}` makes no other route of it. */
export interface RateLimits {
  readonly byAddress: Readonly<Record<string, Rate>>;
  readonly byPerson: Readonly<Record<string, Rate>>;
}

const perMinute = (requests: number): Rate => ({ requests, windowMs: 60_000 });

const PAGES = /^\/(?:admin|auth|devices)(?:\/|$)/;

export const RATE_LIMITS: RateLimits = {
  byAddress: {
    'GET /auth/start': perMinute(300),
    'GET /devices': perMinute(300),
    'POST /devices/end': perMinute(120),
    'POST /devices/end-elsewhere': perMinute(60),
    'POST /auth/number': perMinute(120),
    // The page comes again every five seconds, in each window that shows it.
    'GET /admin': perMinute(300),
    'POST /admin/visits/end': perMinute(120),
    'GET /admin/destinations': perMinute(120),
    'GET /admin/destinations/edit': perMinute(120),
    'GET /admin/destinations/test': perMinute(120),
    'POST /admin/destinations/save': perMinute(60),
    'POST /admin/destinations/remove': perMinute(60),
    'POST /admin/destinations/opening': perMinute(60),
    'GET /admin/check': perMinute(120),
    // Each asks a page of somebody's.
    'POST /admin/check': perMinute(20),
    'GET /admin/blocks': perMinute(120),
    'POST /admin/blocks': perMinute(60),
    'POST /admin/blocks/lift': perMinute(120),
    // A pane asks every two seconds while its popup is open.
    'POST /api/sign-in/pickup': perMinute(1_200),
    'POST /api/sessions': perMinute(300),
    // Once a page load: hundreds of colleagues who open their mail at nine.
    'POST /api/sessions/challenge': perMinute(1_200),
    'POST /api/sessions/token': perMinute(1_200),
  },
  byPerson: {
    'POST /api/calls': perMinute(120),
    'POST /api/calls/{id}/accept': perMinute(120),
    'POST /api/calls/{id}/decline': perMinute(120),
    // Said again until the hub has heard it, by whichever tab is left.
    'POST /api/calls/{id}/end': perMinute(300),
    'POST /api/calls/{id}/transfer': perMinute(60),
    // At worst every few seconds from each of a handful of calls.
    'POST /api/calls/{id}/quality': perMinute(300),
    'POST /api/moves': perMinute(60),
    'POST /api/moves/{id}/take': perMinute(60),
    'POST /api/moves/{id}/return': perMinute(60),
    'PUT /api/me/availability': perMinute(60),
    'POST /api/visits/{id}/messages': perMinute(300),
    'POST /api/visits/{id}/end': perMinute(120),
    'PUT /api/visits/left/{id}': perMinute(120),
    'GET /api/visits/left/{id}/voice': perMinute(120),
    // A key a fifth of a second, without a pause.
    'GET /api/people': perMinute(300),
    'GET /api/people/{id}/reach': perMinute(300),
    // At worst a request a mail, and hundreds of mails scrolled past.
    'POST /api/people/resolve': perMinute(600),
    // Once a page load.
    'POST /api/pbx/account': perMinute(120),
    // Each may become a session; a person opens one window.
    'POST /api/sessions/handoff': perMinute(20),
  },
};

/**
 * Refuses as `RATE_LIMITED` with `Retry-After`. Limits by address are applied here; those by person wait in the
 * context for `requireCaller`, which is the first to know who asks; the hub's own pages refuse by a page.
 */
export function rateLimits({ byAddress, byPerson }: RateLimits = RATE_LIMITS): MiddlewareHandler<EdgeEnv> {
  const addresses = limiters(byAddress);
  const people = limiters(byPerson);
  return async (c, next) => {
    // Hono answers HEAD by the route of GET.
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
    const route = `${method} ${c.req.path}`;
    const network = c.get('client')?.network;
    const retryAfterMs = network === undefined ? undefined : await addresses(route)?.take(network);
    const isPage = PAGES.test(c.req.path);
    if (isPage) c.set('pageLimitedMs', retryAfterMs);
    else if (retryAfterMs !== undefined) return sendRefusal(c, refuse('RATE_LIMITED', { retryAfterMs }));
    c.set('personLimiter', people(route));
    await next();
    return undefined;
  };
}

/** Finds the one limiter that all requests of a route share. */
function limiters(rates: Readonly<Record<string, Rate>>): (route: string) => RateLimiter | undefined {
  const entries = Object.entries(rates).map(([route, rate]) => [route, createRateLimiter(rate)] as const);
  const literal = new Map(entries);
  const patterns = entries
    .filter(([route]) => route.includes('{'))
    .map(([route, limiter]) => ({ pattern: patternOf(route), limiter }));
  return (route) => literal.get(route) ?? patterns.find(({ pattern }) => pattern.test(route))?.limiter;
}

function patternOf(route: string): RegExp {
  const parts = route.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()[\]\\|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}
