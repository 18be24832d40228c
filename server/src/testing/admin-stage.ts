// For tests: a hub with an exchange that stands in, an administrator in a browser, and visitors of a shop.
import type { VisitGrant } from '@ringtag/server/protocol';
import { expect } from 'vitest';
import type { TestBrowser, Visit } from './browser.ts';
import { createFakeLine } from './fake-line.ts';
import { ALICE, BRUNO, HUB, startTestHub, type TestHub, type TestHubOptions } from './hub.ts';

export const SHOP = 'http://shop.localhost:4003';
export const TOKEN = 'only-for-tests-0123456789-0123456789';

export interface AdminStage {
  readonly world: TestHub;
  readonly line: ReturnType<typeof createFakeLine>;
  /** Alice administers; Bruno does not. */
  readonly alice: TestBrowser;
  open(path: string, browser?: TestBrowser): Promise<Visit>;
  /** Sends a form of that page, with its token, as a browser does. */
  send(page: Visit, action: string, fields: Record<string, string>, headers?: object): Promise<Visit>;
  /** Where a form led to. */
  follow(answer: Visit, browser?: TestBrowser): Promise<Visit>;
  openAs(account: typeof ALICE, path: string): Promise<Visit>;
  putDestination(over?: object): Promise<void>;
  /** A stranger presses the button of `to`. */
  visit(to?: string, context?: object): Promise<string>;
  /** The same with what opens it. */
  begin(to?: string, context?: object): Promise<VisitGrant>;
}

export async function startAdminStage(options: TestHubOptions = {}): Promise<AdminStage> {
  const line = createFakeLine();
  const world = await startTestHub({
    ...{ guestLine: line, ...options },
    env: { ADMINS: 'alice@example.org', ADMIN_TOKEN: TOKEN, ...options.env },
  });
  const alice = world.browser();
  const open = async (path: string, browser = alice): Promise<Visit> => {
    if (browser === alice) world.issuer.signInAs(ALICE);
    return browser.navigate(`${HUB}${path}`);
  };
  return {
    ...{ world, line, alice, open },
    openAs(account, path) {
      world.issuer.signInAs(account);
      return world.browser().navigate(`${HUB}${path}`);
    },
    send: (page, action, fields, headers = {}) =>
      alice.request(new URL(action, HUB), {
        method: 'POST',
        headers: { Origin: HUB, 'Sec-Fetch-Site': 'same-origin', ...headers },
        body: new URLSearchParams({ token: tokenOf(page), ...fields }),
      }),
    follow: (answer, browser = alice) =>
      browser.navigate(new URL(answer.response.headers.get('Location') ?? '', HUB)),
    async putDestination(over = {}) {
      const body = {
        id: 'sales',
        texts: { en: { label: 'Talk to sales' } },
        ring: { extension: '700' },
        origins: [SHOP],
        ...over,
      };
      const put = { method: 'PUT', bearer: TOKEN, body };
      expect((await world.api(`/api/admin/destinations/${body.id}`, put)).status).toBe(204);
    },
    visit: async (to, context) => (await begin(world, to, context)).visitId,
    begin: (to, context) => begin(world, to, context),
  };
}

async function begin(world: TestHub, to = 'sales', context: object = {}): Promise<VisitGrant> {
  const wish = { to, intent: 'call', context };
  const ticket = await world.api('/api/public/tickets', { origin: SHOP, body: wish });
  expect(ticket.body.code).toBeUndefined();
  const body = { ticket: ticket.body.ticket };
  return (await world.api('/api/public/visits', { origin: SHOP, body })).body;
}

/** Of the page's forms. */
export function tokenOf(page: Visit): string {
  return /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
}

/** What a person reads, without markup; entities as characters. */
export function readable({ text }: Visit): string {
  return text
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ');
}

export { ALICE, BRUNO, HUB };
