// The pop-out: a window on the hub's own origin with nothing but the phone in it. It brings no rights of its own; the
// widget signs in there, or is handed on to by the page that opened the window. No Cross-Origin-Opener-Policy (see
// `platform/page.ts`): without its opener there is nobody to be handed on by.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { createRouter, type EdgeEnv } from '../platform/edge.ts';
import { renderedPage } from '../platform/own-page.ts';
import { html } from '../platform/page.ts';
import { languageFor } from './texts.ts';

export interface PhoneRoutesOptions {
  readonly ownOrigin: string;
  /** Where browsers open SIP's WebSocket; absent without a telephone exchange. */
  readonly gateUrl?: string;
  /** Origins of people's photos that are not https, such as those of an identity provider on localhost. */
  readonly photoOrigins: readonly string[];
}

const phone = createRoute({
  method: 'get',
  path: '/phone',
  tags: ['pages'],
  summary: 'The phone in a window of its own',
  request: { query: z.object({ lang: z.string().max(100).optional() }) },
  responses: { 200: { description: 'The page', content: { 'text/html': { schema: z.string() } } } },
});

/** GET /phone. */
export function phoneRoutes(options: PhoneRoutesOptions): OpenAPIHono<EdgeEnv> {
  const router = createRouter();
  const ownSocket = options.ownOrigin.replace(/^http/, 'ws');
  const gate = options.gateUrl === undefined ? [] : [new URL(options.gateUrl).origin];

  router.openapi(phone, (c) => {
    const asked = c.req.valid('query').lang ?? c.req.header('Accept-Language');
    const { texts, locale } = languageFor(asked);
    return renderedPage(c, {
      lang: locale,
      title: texts.phoneTitle,
      layout: 'window',
      body: html`<ringtag-phone></ringtag-phone>`,
      module: {
        path: '/ringtag.js',
        // `'self'` does not cover WebSockets in every browser (CSP 3 §6.7.2.8 does, level 2 did not).
        connects: [...new Set([ownSocket, ...gate])],
        images: ["'self'", 'https:', ...options.photoOrigins],
        policyName: 'ringtag',
      },
    });
  });
  return router;
}
