// What all admin pages share: who looks, in which language, and whether a form is one of ours. Everybody comes by way
// of the identity provider; whoever is no administrator is told so and sees nothing else.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { ERROR_STATUS, type ErrorCode } from '@ringtag/server/protocol';
import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { refusedPage } from '../auth/pages.ts';
import { ProviderUnreachable } from '../auth/providers/port.ts';
import type { SignIn } from '../auth/sign-in.ts';
import { languageFor } from '../auth/texts.ts';
import { isFormOf, VISIT_COOKIE, type Visit, type Visits } from '../auth/visits.ts';
import { createRouter, type EdgeEnv, refusals } from '../platform/edge.ts';
import type { Logger } from '../platform/logger.ts';
import { BROWSER_COOKIE, BROWSER_COOKIE_MS, ownCookie } from '../platform/own-cookie.ts';
import { isFromOwnPage, renderedPage, tooOftenMs } from '../platform/own-page.ts';
import { html, type Markup, type Page } from '../platform/page.ts';
import type { AdmissionWatch } from '../public-calls/admission-watch.ts';
import { notForYouPage, overPage, signedOutPage } from './page-shell.ts';
import { type AdminTexts, adminTexts } from './page-texts.ts';

/** Fields of a form, or of an address, by name; the last value of each. */
export type Sent = Readonly<Record<string, string>>;

/** An administrator looks at a page. */
export interface Look {
  readonly texts: AdminTexts;
  /** BCP 47 tag for times and numbers. */
  readonly locale: string;
  /** What is recorded as who did something. */
  readonly who: string;
  /** The address's query, or the form. */
  readonly sent: Sent;
  /** A path of these pages, in the language that was asked for. */
  href(path: string, query?: Sent): string;
  /** What every form carries. */
  readonly hidden: Markup;
  /** Far more of the public are refused than usual. */
  readonly isOdd: boolean;
}

export interface PageDesk {
  readonly router: OpenAPIHono<EdgeEnv>;
  /** Shows a page to administrators. */
  page(path: string, show: (look: Look, c: Context) => Page | Promise<Page>): void;
  /** Does what a form of such a page asks. A form that is none of ours changes nothing. */
  form(path: string, act: (look: Look, c: Context) => Response | Promise<Response>, late?: LateForm): void;
  /** After a form: a page of these, with what has just happened in `done`. */
  go(look: Look, c: Context, path: string, query?: Sent): Response;
}

/** What becomes of a form that came from ours, but too late: shows again what was typed. */
export interface LateForm {
  /** The visit is over. */
  readonly over: (texts: AdminTexts, sent: Sent, again: string) => Page;
  /** Another visit has begun. */
  readonly again: (look: Look) => Page;
}

export interface PageDeskOptions {
  readonly visits: Pick<Visits, 'of'>;
  readonly signIn: Pick<SignIn, 'startVisit'>;
  readonly watch: Pick<AdmissionWatch, 'summary'>;
  readonly ownOrigin: string;
  readonly logger: Logger;
}

export function createPageDesk({ visits, signIn, watch, ownOrigin, logger }: PageDeskOptions): PageDesk {
  const router = createRouter();
  const browserCookie = ownCookie(BROWSER_COOKIE, ownOrigin);
  const visitCookie = ownCookie(VISIT_COOKIE, ownOrigin);
  const languageOf = (c: Context, asked?: string) => languageFor(asked ?? c.req.header('Accept-Language'));

  function refusePage(c: Context, code: ErrorCode, shown?: Page): Response {
    c.set('refusal', code);
    const { texts } = languageOf(c, c.req.query('lang'));
    const status = ERROR_STATUS[code] as ContentfulStatusCode;
    return renderedPage(c, shown ?? refusedPage(texts, code, undefined), status);
  }

  const guard: MiddlewareHandler<EdgeEnv> = async (c, next) => {
    if (tooOftenMs(c) !== undefined) return refusePage(c, 'RATE_LIMITED');
    if (c.req.method === 'POST' && !isFromOwnPage(c, ownOrigin)) return refusePage(c, 'FORBIDDEN');
    await next();
    return undefined;
  };
  router.use('/admin', guard);
  router.use('/admin/*', guard);
  router.onError((err, c) => {
    if (!(err instanceof ProviderUnreachable)) throw err;
    logger.error({ err }, 'the identity provider does not answer');
    return refusePage(c, 'INTERNAL');
  });

  function lookOf(c: Context, { person, formToken }: Visit, sent: Sent): Look {
    const { lang } = sent;
    const { locale } = languageOf(c, lang);
    return {
      ...{ texts: adminTexts(locale), locale, sent, who: person.email ?? person.name },
      isOdd: watch.summary().isOdd,
      href: (path, query = {}) => address(path, { ...query, ...(lang === undefined ? {} : { lang }) }),
      hidden: html`<input type="hidden" name="token" value="${formToken}"><input type="hidden" name="lang" value="${locale}">`,
    };
  }

  function notForYou(c: Context, sent: Sent): Response {
    const { locale } = languageOf(c, sent.lang);
    return refusePage(c, 'FORBIDDEN', notForYouPage(adminTexts(locale), locale));
  }

  const desk: PageDesk = {
    router,
    page(path, show) {
      router.openapi(pageRoute(path), async (c) => {
        const sent = c.req.query();
        const visit = await visits.of(visitCookie.read(c));
        if (visit?.isAdministrator) return renderedPage(c, await show(lookOf(c, visit, sent), c));
        if (visit) return notForYou(c, sent);
        const { locale } = languageOf(c, sent.lang);
        const begun = await signIn.startVisit(
          { path: address(c.req.path, sent), lang: locale },
          browserCookie.read(c),
        );
        browserCookie.write(c, begun.browser, BROWSER_COOKIE_MS);
        c.header('Cache-Control', 'no-store');
        return c.redirect(begun.redirect.href, 302);
      });
    },
    form(path, act, late) {
      router.openapi(formRoute(path), async (c) => {
        const sent = await fieldsOf(c);
        const visit = await visits.of(visitCookie.read(c));
        if (!visit) {
          const { locale } = languageOf(c, sent.lang);
          const texts = adminTexts(locale);
          const again = address('/admin', sent.lang === undefined ? {} : { lang: sent.lang });
          const shown = late?.over(texts, sent, again) ?? overPage(texts, { locale, again });
          return refusePage(c, 'SIGNED_OUT', shown);
        }
        if (!visit.isAdministrator) return notForYou(c, sent);
        const look = lookOf(c, visit, sent);
        if (isFormOf(visit, sent.token ?? '')) return act(look, c);
        return refusePage(c, 'FORBIDDEN', late?.again(look));
      });
    },
    go: ({ href }, c, path, query) => c.redirect(href(path, query), 303),
  };
  desk.form('/admin/sign-out', (look, c) => {
    // Nobody else knows the secret, which is good for a quarter of an hour.
    visitCookie.write(c, '', 0);
    return renderedPage(c, signedOutPage(look));
  });
  return desk;
}

const tags = ['administration'];
const shown = { description: 'The page', content: { 'text/html': { schema: z.string() } } };

/** Addresses and forms are read by the pages themselves: what is wrong in them is said beside its field. */
const pageRoute = (path: string) =>
  createRoute({
    ...{ method: 'get', path, tags, summary: 'A page for administrators' },
    responses: {
      ...{ 200: shown, 302: { description: 'To the identity provider' } },
      ...refusals('FORBIDDEN', 'INTERNAL', 'RATE_LIMITED'),
    },
  });

const formRoute = (path: string) =>
  createRoute({
    ...{ method: 'post', path, tags, summary: 'A form of such a page' },
    responses: {
      ...{ 200: shown, 303: { description: 'It is done' } },
      ...refusals('INVALID_INPUT', 'SIGNED_OUT', 'FORBIDDEN', 'RATE_LIMITED'),
    },
  });

async function fieldsOf(c: Context): Promise<Sent> {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(c.req.header('Content-Type') ?? '');
  return isForm ? Object.fromEntries(new URLSearchParams(await c.req.text())) : {};
}

function address(path: string, query: Sent): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}
