// GET and POST /admin/check.
import type { HttpFetch } from '../platform/http-fetch.ts';
import { renderedPage } from '../platform/own-page.ts';
import type { Destinations } from '../public-calls/ports.ts';
import { checkPage } from './check-page.ts';
import { judge, needsOf, readPolicies } from './csp-policy.ts';
import { fetchListedPage } from './listed-page.ts';
import type { PageDesk } from './page-desk.ts';

export interface CheckOptions {
  readonly destinations: Pick<Destinations, 'all' | 'knowsOrigin'>;
  readonly ownOrigin: string;
  readonly gateUrl: string | undefined;
  readonly fetch: HttpFetch;
}

export function addCheck(desk: PageDesk, { destinations, ownOrigin, gateUrl, fetch }: CheckOptions): void {
  const origins = () => [...new Set(destinations.all().flatMap((each) => each.origins))];
  const needs = needsOf(ownOrigin, gateUrl);

  desk.page('/admin/check', (look) => checkPage(look, { origins: origins() }));

  desk.form('/admin/check', async (look, c) => {
    const { knowsOrigin } = destinations;
    const page = await fetchListedPage(look.sent.address ?? '', { knowsOrigin, fetch });
    const findings = page.ok ? judge(readPolicies(page.policies), needs, page.url) : [];
    if (!page.ok) c.set('refusal', 'INVALID_INPUT');
    return renderedPage(
      c,
      checkPage(look, { origins: origins(), result: { page, findings } }),
      page.ok ? 200 : 400,
    );
  });
}
