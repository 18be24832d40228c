// "Your devices" over HTTP: for whoever the identity provider names, on the hub's own origin. Forms count only with the
// visit's cookie, the token that its pages carry, and the browser's word that they come from the hub itself.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { ERROR_STATUS, type ErrorCode } from '@ringtag/server/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { createRouter, type EdgeEnv, refusals } from '../platform/edge.ts';
import { hashSecret } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { BROWSER_COOKIE, BROWSER_COOKIE_MS, ownCookie } from '../platform/own-cookie.ts';
import { isFromOwnPage, renderedPage, tooOftenMs } from '../platform/own-page.ts';
import type { Page } from '../platform/page.ts';
import type { Devices, Looker } from './devices.ts';
import { devicesPage, visitOverPage } from './devices-page.ts';
import { refusedPage } from './pages.ts';
import { ProviderUnreachable } from './providers/port.ts';
import type { SignIn } from './sign-in.ts';
import { languageFor } from './texts.ts';
import { isFormOf, VISIT_COOKIE, type Visit, type Visits } from './visits.ts';

export interface DevicesRoutesOptions {
  readonly devices: Devices;
  readonly visits: Visits;
  readonly signIn: Pick<SignIn, 'startVisit'>;
  readonly ownOrigin: string;
  readonly logger: Logger;
}

const tags = ['devices'];
const page = (description: string) => ({ description, content: { 'text/html': { schema: z.string() } } });
const form = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/x-www-form-urlencoded': { schema } } },
});
/** A language that is none counts as not given. */
const lang = z.string().max(100).optional();
const token = z.string().max(64);

const list = createRoute({
  method: 'get',
  path: '/devices',
  tags,
  summary: 'The devices of whoever looks; by way of the identity provider where that is not known',
  request: { query: z.object({ lang, done: z.string().max(20).optional() }) },
  responses: {
    200: page('Their devices'),
    302: { description: 'To the identity provider' },
    ...refusals('INTERNAL', 'RATE_LIMITED'),
  },
});

const end = createRoute({
  method: 'post',
  path: '/devices/end',
  tags,
  summary: 'End one of them',
  request: form(z.object({ token, session: z.string().max(64), lang })),
  responses: {
    303: { description: 'Ended' },
    ...refusals('INVALID_INPUT', 'FORBIDDEN', 'SIGNED_OUT', 'NOT_FOUND'),
  },
});

const endElsewhere = createRoute({
  method: 'post',
  path: '/devices/end-elsewhere',
  tags,
  summary: 'End all that are not in this browser',
  request: form(z.object({ token, lang })),
  responses: { 303: { description: 'Ended' }, ...refusals('INVALID_INPUT', 'FORBIDDEN', 'SIGNED_OUT') },
});

/** GET /devices, POST /devices/end, POST /devices/end-elsewhere. */
export function devicesRoutes(options: DevicesRoutesOptions): OpenAPIHono<EdgeEnv> {
  const { devices, visits, signIn, ownOrigin, logger } = options;
  const router = createRouter();
  const browserCookie = ownCookie(BROWSER_COOKIE, ownOrigin);
  const visitCookie = ownCookie(VISIT_COOKIE, ownOrigin);

  const languageOf = (c: Context, asked?: string) => languageFor(asked ?? c.req.header('Accept-Language'));
  const addressOf = (asked: string | undefined, more: Record<string, string> = {}): string => {
    const query = new URLSearchParams({
      ...more,
      ...(asked === undefined ? {} : { lang: asked }),
    }).toString();
    return query === '' ? '/devices' : `/devices?${query}`;
  };

  function lookerOf(c: Context, { person }: Visit): Looker {
    const browser = browserCookie.read(c);
    return { personId: person.id, browserId: browser === undefined ? undefined : hashSecret(browser) };
  }

  function refusePage(c: Context, code: ErrorCode, shown?: Page): Response {
    c.set('refusal', code);
    const { texts } = languageOf(c);
    const status = ERROR_STATUS[code] as ContentfulStatusCode;
    return renderedPage(c, shown ?? refusedPage(texts, code, undefined), status);
  }

  async function showList(c: Context, visit: Visit, { asked, notice }: { asked?: string; notice?: string }) {
    const { texts, locale } = languageOf(c, asked);
    return devicesPage(texts, {
      personName: visit.person.name,
      devices: await devices.list(lookerOf(c, visit)),
      ...{ formToken: visit.formToken, ownOrigin, locale },
      ...(notice === undefined ? {} : { notice }),
    });
  }

  /** The visit that a form belongs to, or the answer to one that belongs to none. */
  async function visitOf(
    c: Context,
    sent: { token: string; lang?: string | undefined },
  ): Promise<Visit | Response> {
    const visit = await visits.of(visitCookie.read(c));
    if (!visit) {
      const { texts } = languageOf(c, sent.lang);
      return refusePage(c, 'SIGNED_OUT', visitOverPage(texts, addressOf(sent.lang)));
    }
    return isFormOf(visit, sent.token) ? visit : refusePage(c, 'FORBIDDEN');
  }

  const guard: MiddlewareHandler<EdgeEnv> = async (c, next) => {
    if (tooOftenMs(c) !== undefined) return refusePage(c, 'RATE_LIMITED');
    if (c.req.method === 'POST' && !isFromOwnPage(c, ownOrigin)) return refusePage(c, 'FORBIDDEN');
    await next();
    return undefined;
  };
  router.use('/devices', guard);
  router.use('/devices/*', guard);

  router.onError((err, c) => {
    if (!(err instanceof ProviderUnreachable)) throw err;
    logger.error({ err }, 'the identity provider does not answer');
    return refusePage(c, 'INTERNAL');
  });

  router.openapi(list, async (c) => {
    const { lang: asked, done } = c.req.valid('query');
    const { texts, locale } = languageOf(c, asked);
    const visit = await visits.of(visitCookie.read(c));
    if (!visit) {
      const begun = await signIn.startVisit({ path: addressOf(asked), lang: locale }, browserCookie.read(c));
      browserCookie.write(c, begun.browser, BROWSER_COOKIE_MS);
      c.header('Cache-Control', 'no-store');
      return c.redirect(begun.redirect.href, 302);
    }
    const notice = done === 'ended' ? { notice: texts.signedOut } : {};
    return renderedPage(
      c,
      await showList(c, visit, { ...(asked === undefined ? {} : { asked }), ...notice }),
    );
  });

  router.openapi(end, async (c) => {
    const sent = c.req.valid('form');
    const visit = await visitOf(c, sent);
    if (visit instanceof Response) return visit;
    if (await devices.end(lookerOf(c, visit), sent.session))
      return c.redirect(addressOf(sent.lang, { done: 'ended' }), 303);
    const { texts, locale } = languageOf(c, sent.lang);
    return refusePage(
      c,
      'NOT_FOUND',
      await showList(c, visit, { asked: locale, notice: texts.signedOutBefore }),
    );
  });

  router.openapi(endElsewhere, async (c) => {
    const sent = c.req.valid('form');
    const visit = await visitOf(c, sent);
    if (visit instanceof Response) return visit;
    await devices.endElsewhere(lookerOf(c, visit));
    return c.redirect(addressOf(sent.lang, { done: 'ended' }), 303);
  });

  return router;
}
