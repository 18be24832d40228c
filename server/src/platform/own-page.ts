// What the routes of the hub's own pages share: sending a page, and telling a form of ours from anybody else's.
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type EdgeEnv, pageOrigin } from './edge.ts';
import { type Page, renderPage } from './page.ts';

export function renderedPage(c: Context, page: Page, status: ContentfulStatusCode = 200): Response {
  const { body, headers } = renderPage(page);
  return c.body(body, status, headers);
}

/** Whether the browser says that the request comes from a page of the hub itself. */
export function isFromOwnPage(c: Context<EdgeEnv>, ownOrigin: string): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  return pageOrigin(c) === ownOrigin && (site === undefined || site === 'same-origin');
}

/** Where somebody came too often, how long they have to wait, in milliseconds; `Retry-After` then says so. */
export function tooOftenMs(c: Context<EdgeEnv>): number | undefined {
  const { pageLimitedMs } = c.var;
  if (pageLimitedMs !== undefined) c.header('Retry-After', String(Math.ceil(pageLimitedMs / 1_000)));
  return pageLimitedMs;
}
