// The popup's pages over HTTP, and the cookie that binds an attempt to its browser (S8). Forms are accepted from the
// hub's own pages only: same-site cookie, the attempt's secret, and the browser's word about where they come from.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { ERROR_STATUS, type ErrorCode, SignInStart } from '@ringtag/server/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { createRouter, type EdgeEnv, refusals } from '../platform/edge.ts';
import type { Logger } from '../platform/logger.ts';
import { BROWSER_COOKIE, BROWSER_COOKIE_MS, ownCookie } from '../platform/own-cookie.ts';
import { isFromOwnPage, renderedPage, tooOftenMs } from '../platform/own-page.ts';
import { consentPage, donePage, handOffPage, numbersPage, refusedPage } from './pages.ts';
import { ProviderUnreachable } from './providers/port.ts';
import type { SignInAttempt } from './session.ts';
import type { SignIn, Step } from './sign-in.ts';
import { type PageTexts, textsFor } from './texts.ts';
import { VISIT_COOKIE, VISIT_MS } from './visits.ts';

export interface PageRoutesOptions {
  readonly signIn: SignIn;
  readonly ownOrigin: string;
  readonly logger: Logger;
}

const tags = ['sign-in'];
const page = (description: string) => ({ description, content: { 'text/html': { schema: z.string() } } });
const form = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/x-www-form-urlencoded': { schema } } },
});

const attemptField = z.string().regex(/^[\w-]{43}$/);

const start = createRoute({
  method: 'get',
  path: '/auth/start',
  tags,
  summary: 'Begin to sign in; opened in a popup, or in the tab itself',
  request: { query: SignInStart },
  responses: {
    302: { description: 'To the identity provider' },
    ...refusals('INVALID_INPUT', 'ORIGIN_NOT_ALLOWED', 'INTERNAL'),
  },
});

const callback = createRoute({
  method: 'get',
  path: '/auth/callback',
  tags,
  summary: 'Where the identity provider sends the browser back to',
  request: {
    query: z.object({
      state: z.string().max(256).default(''),
      code: z.string().min(1).max(4_096).optional(),
      error: z.string().max(256).optional(),
      iss: z.string().max(2_048).optional(),
    }),
  },
  responses: { 200: page('The next page'), ...refusals('SIGN_IN_REFUSED', 'NOT_ADMITTED', 'INTERNAL') },
});

const proceed = createRoute({
  method: 'post',
  path: '/auth/continue',
  tags,
  summary: 'Agree, or not, to sign in on an origin for the first time',
  request: form(z.object({ attempt: attemptField, answer: z.enum(['continue', 'cancel']) })),
  responses: { 200: page('The next page'), ...refusals('INVALID_INPUT', 'SIGN_IN_REFUSED', 'FORBIDDEN') },
});

const release = createRoute({
  method: 'post',
  path: '/auth/release',
  tags,
  summary: 'The code, for the window that opened the popup',
  request: form(z.object({ attempt: attemptField })),
  responses: {
    200: {
      description: 'To be posted to the opener',
      content: { 'application/json': { schema: z.object({ code: z.string() }) } },
    },
    ...refusals('INVALID_INPUT', 'SIGN_IN_REFUSED', 'FORBIDDEN'),
  },
});

const number = createRoute({
  method: 'post',
  path: '/auth/number',
  tags,
  summary: 'Show three numbers, or pick one of them (0: none)',
  request: form(z.object({ attempt: attemptField, pick: z.coerce.number().int().min(0).max(99).optional() })),
  responses: { 200: page('The next page'), ...refusals('INVALID_INPUT', 'SIGN_IN_REFUSED', 'FORBIDDEN') },
});

/** GET /auth/start, GET /auth/callback, POST /auth/continue, POST /auth/release, POST /auth/number. */
export function pageRoutes({ signIn, ownOrigin, logger }: PageRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();
  const cookie = ownCookie(BROWSER_COOKIE, ownOrigin);
  const visitCookie = ownCookie(VISIT_COOKIE, ownOrigin);

  /** The language of the page that the person comes from; the browser's where no page has said its own. */
  function textsOf(c: Context, lang: string | undefined): PageTexts {
    return textsFor(lang ?? c.req.header('Accept-Language'));
  }

  function showRefusal(c: Context, code: ErrorCode, attempt?: SignInAttempt): Response {
    const t = textsOf(c, attempt ? attempt.lang : c.req.query('lang'));
    c.set('refusal', code);
    return renderedPage(c, refusedPage(t, code, attempt), ERROR_STATUS[code] as ContentfulStatusCode);
  }

  function showStep(c: Context, step: Step, state: string): Response {
    const t = textsOf(c, 'attempt' in step ? step.attempt?.lang : undefined);
    switch (step.kind) {
      case 'consent':
        return renderedPage(c, consentPage(t, step.attempt, { state, name: step.name }));
      case 'hand-off':
        return renderedPage(c, handOffPage(t, step.attempt, state));
      case 'numbers':
        return renderedPage(c, numbersPage(t, step.attempt, { state, numbers: step.numbers }));
      case 'done':
        return renderedPage(c, donePage(t));
      case 'return':
        c.header('Cache-Control', 'no-store');
        c.header('Referrer-Policy', 'no-referrer');
        return c.redirect(step.to, 303);
      case 'visit':
        visitCookie.write(c, step.visit, VISIT_MS);
        c.header('Cache-Control', 'no-store');
        return c.redirect(step.to, 303);
      case 'refused':
        return showRefusal(c, step.code, step.attempt);
    }
  }

  const notTooOften: MiddlewareHandler<EdgeEnv> = async (c, next) => {
    if (tooOftenMs(c) === undefined) return next();
    return showRefusal(c, 'RATE_LIMITED');
  };
  router.use('/auth/*', notTooOften);

  const fromOwnPage: MiddlewareHandler<EdgeEnv> = async (c, next) => {
    if (!isFromOwnPage(c, ownOrigin)) return showRefusal(c, 'FORBIDDEN');
    await next();
    return undefined;
  };
  router.post('/auth/*', fromOwnPage);

  router.onError((err, c) => {
    if (!(err instanceof ProviderUnreachable)) throw err;
    logger.error({ err }, 'the identity provider does not answer');
    return showRefusal(c, 'INTERNAL');
  });

  router.openapi(start, async (c) => {
    const begun = await signIn.start(c.req.valid('query'), cookie.read(c));
    if (!begun.ok) return showRefusal(c, begun.code);
    cookie.write(c, begun.browser, BROWSER_COOKIE_MS);
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    return c.redirect(begun.redirect.href, 302);
  });

  router.openapi(callback, async (c) => {
    const { state, code, error, iss } = c.req.valid('query');
    const proof = { state, browser: cookie.read(c) };
    const step = await signIn.callback(proof, { code: error === undefined ? code : undefined, iss });
    return showStep(c, step, state);
  });

  router.openapi(proceed, async (c) => {
    const { attempt: state, answer } = c.req.valid('form');
    const step = await signIn.consent({ state, browser: cookie.read(c) }, answer === 'continue');
    return showStep(c, step, state);
  });

  router.openapi(release, async (c) => {
    const { attempt: state } = c.req.valid('form');
    const released = await signIn.release({ state, browser: cookie.read(c) });
    c.header('Cache-Control', 'no-store');
    if (!released.ok) c.set('refusal', released.code);
    if (!released.ok) return c.json({ error: released.code }, ERROR_STATUS[released.code] as 401);
    return c.json({ code: released.code }, 200);
  });

  router.openapi(number, async (c) => {
    const { attempt: state, pick } = c.req.valid('form');
    const step = await signIn.number({ state, browser: cookie.read(c) }, pick);
    return showStep(c, step, state);
  });

  return router;
}
