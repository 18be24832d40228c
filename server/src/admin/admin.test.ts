// Administration from the outside, over a whole hub: who may, who may not, and what each change does to the public.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestBrowser } from '../testing/browser.ts';
import { ALICE, type ApiAnswer, BRUNO, HUB, MAIL, startTestHub, type TestHub } from '../testing/hub.ts';

const TOKEN = 'only-for-tests-0123456789-0123456789';
const SHOP = 'http://shop.localhost:4003';
/** By the operator's list. */
const LISTED = { ...ALICE, email: 'Alice@Example.org' };
/** By the provider's word. */
const ROLED = { ...BRUNO, sub: 'roled', email: 'roled@example.org', roles: ['staff', 'ringtag-admin'] };

let world: TestHub;
beforeAll(async () => {
  world = await startTestHub({
    env: { ADMINS: 'alice@example.org', ADMIN_CLAIM: 'roles=ringtag-admin', ADMIN_TOKEN: TOKEN },
  });
});
afterAll(() => world.close());

/** The hub's own page, opened in a browser by that person. */
interface OpenPage {
  readonly browser: TestBrowser;
  readonly token: string;
}

async function openPage(account: typeof ALICE, browser = world.browser()): Promise<OpenPage> {
  // The page of devices has a form, and with it the token, where there is a device.
  await world.signIn(account, { browser });
  world.issuer.signInAs(account);
  const page = await browser.navigate(`${HUB}/devices`);
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(page.text) ?? [];
  expect(token).not.toBe('');
  return { browser, token };
}

interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** As the admin page asks. */
async function ask({ browser, token }: OpenPage, path: string, { method = 'GET', body, headers }: Ask = {}) {
  const visit = await browser.request(`${HUB}/api/admin/${path}`, {
    method,
    headers: {
      ...{ Origin: HUB, 'Sec-Fetch-Site': 'same-origin', 'Ringtag-Page-Token': token },
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { status } = visit.response;
  return { status, body: visit.text === '' ? undefined : JSON.parse(visit.text) };
}

/** As a program asks. */
const byToken = (path: string, { method, body, headers }: Ask = {}): Promise<ApiAnswer> =>
  world.api(`/api/admin/${path}`, {
    bearer: TOKEN,
    ...(method === undefined ? {} : { method }),
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers }),
  });

const destination = (over: object = {}) => ({
  id: 'sales',
  texts: { en: { label: 'Talk to sales' } },
  ring: { people: ['alice@example.org'] },
  origins: [SHOP],
  ...over,
});

describe('who may', () => {
  /** Every route there is, as OpenAPI tells, so that a new one is tried as well. */
  async function routes(): Promise<{ method: string; path: string }[]> {
    const { body } = await world.api('/openapi.json', {});
    return Object.entries(body.paths as Record<string, object>)
      .filter(([path]) => path.startsWith('/api/admin/'))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => ({
          method: method.toUpperCase(),
          path: path.replace('/api/admin/', '').replace('{id}', 'x'),
        })),
      );
  }

  test('A1 nobody else gets anything of any route, by whatever they bring', async () => {
    const admin = await openPage(LISTED);
    const bruno = await openPage(BRUNO);
    const unverified = await openPage({ ...LISTED, sub: 'unverified', email_verified: false });
    const { bearer } = (await world.signIn(LISTED)).grant;
    const nobody = { browser: world.browser(), token: '' };
    const all = await routes();
    expect(all.length).toBeGreaterThan(9);
    const tries: Record<string, (path: string, init: Ask) => Promise<{ status: number }>> = {
      'without anything': (path, init) => ask(nobody, path, init),
      'another person\u2019s visit': (path, init) => ask(bruno, path, init),
      'an address that nobody verified': (path, init) => ask(unverified, path, init),
      'without the page\u2019s token': (path, init) => ask({ ...admin, token: '' }, path, init),
      'with another page\u2019s token': (path, init) => ask({ ...admin, token: bruno.token }, path, init),
      'from another site': (path, init) =>
        ask(admin, path, { ...init, headers: { Origin: MAIL, 'Sec-Fetch-Site': 'cross-site' } }),
      'from a page of the public': (path, init) => ask(admin, path, { ...init, headers: { Origin: SHOP } }),
      'from nowhere': (path, init) => ask(admin, path, { ...init, headers: { 'Sec-Fetch-Site': 'none' } }),
      'a bearer of the phone': (path, init) =>
        world.api(`/api/admin/${path}`, { ...init, method: init.method ?? 'GET', bearer, origin: MAIL }),
      'the operator\u2019s token from a page': (path, init) =>
        byToken(path, { ...init, headers: { Origin: HUB } }),
    };
    for (const [how, attempt] of Object.entries(tries)) {
      for (const { method, path } of all) {
        const { status } = await attempt(path, { method });
        expect([401, 403], `${how}: ${method} ${path}`).toContain(status);
      }
    }
    // The same routes, for whom they are: nothing of this was a mistake in the path.
    for (const { method, path } of all) {
      const { status } = await ask(admin, path, { method });
      expect([200, 204, 400, 404], `${method} ${path}`).toContain(status);
    }
  }, 30_000);

  test('A1 whoever the provider calls one is one, and programs with the operator\u2019s token', async () => {
    expect((await ask(await openPage(ROLED), 'destinations')).status).toBe(200);
    expect((await byToken('destinations')).status).toBe(200);
  });

  test('tokens are not to be guessed: after some wrong ones the network waits', async () => {
    const wrong = (bearer: string) => world.api('/api/admin/destinations', { bearer });
    const answers: string[] = [];
    for (let index = 0; index < 35; index += 1) answers.push((await wrong(`${TOKEN}${index}`)).body.code);
    expect(answers.at(-1)).toBe('RATE_LIMITED');
    expect(new Set(answers)).toEqual(new Set(['SIGNED_OUT', 'RATE_LIMITED']));
    expect((await byToken('destinations')).status).toBe(200);
  });
});

describe('destinations', () => {
  const card = (id = 'sales') => world.api(`/api/public/destinations/${id}`, { origin: SHOP });

  test('A2 one is made, changed, closed and opened by hand, and taken away', async () => {
    expect((await card()).status).toBe(403);
    const put = (body: object) => byToken('destinations/sales', { method: 'PUT', body });
    expect((await put(destination())).status).toBe(204);
    expect((await card()).body).toMatchObject({ label: 'Talk to sales' });
    expect((await put(destination({ texts: { en: { label: 'Ask sales' } } }))).status).toBe(204);
    expect((await card()).body).toMatchObject({ label: 'Ask sales' });
    const open = (opening: string) =>
      byToken('destinations/sales/opening', { method: 'PUT', body: { opening } });
    expect((await open('closed')).status).toBe(204);
    expect((await card()).body).toMatchObject({ state: 'closed' });
    expect((await byToken('destinations')).body.destinations).toEqual([
      expect.objectContaining({ from: 'api', opening: 'closed', isOpen: false }),
    ]);
    expect((await open('by-hours')).status).toBe(204);
    expect((await card()).body).not.toMatchObject({ state: 'closed' });
    const remove = () => byToken('destinations/sales', { method: 'DELETE' });
    expect((await remove()).status).toBe(204);
    expect((await remove()).body.code).toBe('NOT_FOUND');
    expect((await card()).status).toBe(403);
  });

  test.each([
    ['an operator', { texts: { $ne: 1 } }, 'texts.$ne'],
    ['another id', { id: 'support' }, 'id'],
    ['a page that gets no microphone', { origins: ['http://shop.example'] }, 'origins.0'],
    ['a destination that is not there', { closed: { to: 'nowhere' } }, 'closed.to'],
    ['the destination itself', { busy: { to: 'sales' } }, 'busy.to'],
    ['a time zone that is none', { hours: { timeZone: 'Moon/Sea', weekly: [] } }, 'hours.timeZone'],
  ])('%s is INVALID_INPUT, with its field', async (_, over, field) => {
    const { body } = await byToken('destinations/sales', { method: 'PUT', body: destination(over) });
    expect(body).toMatchObject({ code: 'INVALID_INPUT', field });
  });

  test('one that another sends visitors to stays', async () => {
    await byToken('destinations/support', { method: 'PUT', body: destination({ id: 'support' }) });
    const sales = destination({ unanswered: { to: 'support' } });
    expect((await byToken('destinations/sales', { method: 'PUT', body: sales })).status).toBe(204);
    const removed = await byToken('destinations/support', { method: 'DELETE' });
    expect(removed.body).toMatchObject({ code: 'CONFLICT', state: 'named' });
    for (const id of ['sales', 'support']) await byToken(`destinations/${id}`, { method: 'DELETE' });
  });
});

describe('blocks and refusals', () => {
  test('P10 a blocked network gets nothing of the public part, and employees there go on', async () => {
    await byToken('destinations/sales', { method: 'PUT', body: destination() });
    const card = () => world.api('/api/public/destinations/sales', { origin: SHOP });
    expect((await card()).status).toBe(200);
    const block = await byToken('blocks', {
      body: { network: '127.0.0.0/8', reason: 'tests', forMs: 60_000 },
    });
    expect(block).toMatchObject({ status: 201, body: { by: 'token', endsInMs: 60_000 } });
    expect((await card()).body.code).toBe('ADDRESS_BLOCKED');
    expect((await world.api('/api/me', { origin: MAIL })).status).toBe(401);
    expect((await byToken('blocks')).body.blocks).toEqual([block.body]);
    expect((await byToken('refusals')).body).toMatchObject({ byCode: { ADDRESS_BLOCKED: 1 }, isOdd: false });
    expect((await byToken(`blocks/${block.body.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await byToken(`blocks/${block.body.id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await card()).status).toBe(200);
  });

  test('a block ends by itself', async () => {
    await byToken('destinations/sales', { method: 'PUT', body: destination() });
    await byToken('blocks', { body: { network: '::ffff:127.0.0.1', forMs: 60_000 } });
    const card = () => world.api('/api/public/destinations/sales', { origin: SHOP });
    expect((await card()).body.code).toBe('ADDRESS_BLOCKED');
    const laterCard = async () => {
      world.clock.advance(10_000);
      return (await card()).status;
    };
    await expect.poll(laterCard).toBe(200);
  });

  test('a block is listed as what it is, however it was typed', async () => {
    const add = async (network: string) => (await byToken('blocks', { body: { network } })).body.network;
    expect([await add('192.0.2.7/8'), await add('2001:DB8:0:0:9::1/48')]).toEqual([
      '192.0.0.0/8',
      '2001:db8::/48',
    ]);
  });

  test('what is no network is INVALID_INPUT', async () => {
    // Nearly everybody is none either.
    for (const network of [
      'everybody',
      '1.2.3.4/33',
      '',
      { $ne: '' },
      5,
      '0.0.0.0/0',
      '10.0.0.0/7',
      '::/0',
    ]) {
      const { body } = await byToken('blocks', { body: { network } });
      expect(body).toMatchObject({ code: 'INVALID_INPUT', field: 'network' });
    }
  });
});

test('an empty house has no visits, and ending one that is not there is NOT_FOUND', async () => {
  expect((await byToken('visits')).body).toEqual({ visits: [] });
  expect((await byToken('visits/v-1/end', { method: 'POST' })).body.code).toBe('NOT_FOUND');
});
