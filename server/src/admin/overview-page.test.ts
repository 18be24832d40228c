// The admin page over a whole hub: who sees it, what goes on, ending a visit, and blocking where it comes from.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type AdminStage,
  BRUNO,
  HUB,
  readable,
  SHOP,
  startAdminStage,
  TOKEN,
  tokenOf,
} from '../testing/admin-stage.ts';
import { MAIL } from '../testing/hub.ts';
import { clockOf } from './overview-page.ts';

let stage: AdminStage;
beforeAll(async () => {
  stage = await startAdminStage();
  await stage.putDestination();
});
afterAll(() => stage.world.close());

const PAGES = ['/admin', '/admin/blocks', '/admin/destinations', '/admin/destinations/edit', '/admin/check'];
const FORMS = [
  'visits/end',
  'origins/allow',
  'blocks',
  'blocks/lift',
  'destinations/opening',
  'destinations/remove',
  'check',
];

describe('who may', () => {
  test.each(PAGES)('A1 %s is shown to an administrator, after the identity provider', async (path) => {
    const first = await stage.world.browser().request(`${HUB}${path}?lang=pt`);
    expect(first.response.status).toBe(302);
    const page = await stage.open(`${path}?lang=pt`);
    expect([page.response.status, page.url.pathname]).toEqual([200, path]);
    expect(page.text).toContain('<html lang="pt">');
    expect(page.response.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(page.response.headers.get('Cache-Control')).toBe('no-store');
  });

  test.each(PAGES)('A1 %s tells anybody else that it is not for them', async (path) => {
    const page = await stage.openAs(BRUNO, path);
    expect(page.response.status).toBe(403);
    expect(readable(page)).toContain('This page is for administrators');
    expect(page.text).not.toContain('name="token"');
  });

  test.each(FORMS)('A1 the form %s counts only from the page itself, with its token', async (form) => {
    const page = await stage.open('/admin/blocks');
    expect(tokenOf(page)).not.toBe('');
    const send = (fields: Record<string, string>, headers = {}) =>
      stage.send(page, `/admin/${form}`, fields, headers).then(({ response }) => response.status);
    expect(await send({ token: '' })).toBe(403);
    expect(await send({ token: 'x'.repeat(43) })).toBe(403);
    expect(await send({}, { Origin: MAIL, 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await send({}, { Origin: SHOP })).toBe(403);
    const nobody = await stage.world.browser().request(`${HUB}/admin/${form}`, {
      method: 'POST',
      headers: { Origin: HUB, 'Sec-Fetch-Site': 'same-origin' },
      body: new URLSearchParams({ token: tokenOf(page) }),
    });
    expect(nobody.response.status).toBe(401);
    const bruno = stage.world.browser();
    stage.world.issuer.signInAs(BRUNO);
    await bruno.navigate(`${HUB}/admin`);
    const other = await bruno.request(`${HUB}/admin/${form}`, {
      method: 'POST',
      headers: { Origin: HUB, 'Sec-Fetch-Site': 'same-origin' },
      body: new URLSearchParams({ token: tokenOf(page) }),
    });
    expect(other.response.status).toBe(403);
  });
});

test.each(['constructor', '__proto__', '<b>', 'ended\u0000'])(
  'what the address says was done is not taken at its word: %s',
  async (done) => {
    for (const path of PAGES) {
      const page = await stage.open(`${path}?done=${encodeURIComponent(done)}`);
      expect(page.response.status).toBe(200);
      expect(page.text).not.toContain('role="status"');
    }
  },
);

describe('what goes on', () => {
  const titled = { url: `${SHOP}/boots?utm_source=mail`, title: '<b>Boots</b>' };

  test('a visit is shown with where it comes from, and ends at a press', async () => {
    const visitId = await stage.visit('sales', titled);
    stage.world.clock.advance(5_000);
    const page = await stage.open('/admin');
    const text = readable(page);
    expect(text).toContain('1 visitor');
    expect(text).toContain('Talk to sales Waiting · 0:05');
    expect(text).toContain('127.0.0.1');
    expect(text).toContain(titled.url);
    expect(page.text).not.toContain('<b>Boots</b>');
    const ended = await stage.send(page, '/admin/visits/end', { visit: visitId });
    expect(ended.response.status).toBe(303);
    const after = readable(await stage.follow(ended));
    expect(after).toContain('The visit has ended.');
    expect(after).toContain('Nobody is visiting now.');
    expect((await stage.world.api('/api/admin/visits', { bearer: TOKEN })).body).toEqual({ visits: [] });
    const again = await stage.follow(await stage.send(page, '/admin/visits/end', { visit: visitId }));
    expect(readable(again)).toContain('That visit was over already.');
  });

  test('refusals are counted by their reason, and a jump of them is not to be overlooked', async () => {
    expect((await stage.open('/admin')).text).not.toContain('class="odd" role="alert">Far more');
    for (let index = 0; index < 60; index += 1) {
      await stage.world.api('/api/public/destinations/nowhere', { origin: SHOP });
    }
    const page = await stage.open('/admin');
    expect(page.text).toContain('class="odd" role="alert">Far more visitors are being refused');
    for (const path of PAGES) {
      expect((await stage.open(path)).text).toContain('<strong class="flag">Warning</strong>');
    }
    expect(readable(page)).toContain('10 min 1 h');
    expect(readable(page)).toMatch(/(not listed ORIGIN_NOT_ALLOWED|not exist NOT_FOUND) 60 60/);
    stage.world.clock.advance(20 * 60_000);
    stage.alice.clearCookies();
    const later = readable(await stage.open('/admin'));
    expect(later).toMatch(/(not listed ORIGIN_NOT_ALLOWED|not exist NOT_FOUND) 0 60/);
    stage.world.clock.advance(60 * 60_000);
    stage.alice.clearCookies();
    const calm = await stage.open('/admin');
    expect(readable(calm)).toContain('Nobody was refused in the last hour.');
    expect(calm.text).not.toContain('<strong class="flag">');
  });
});

describe('a page that is not listed', () => {
  const NEW = 'https://new.example';
  beforeEach(() => {
    // Whoever has looked for a quarter of an hour is asked again.
    stage.alice.clearCookies();
  });
  const card = (origin: string, to = 'sales') =>
    stage.world.api(`/api/public/destinations/${to}`, { origin });
  const allow = async (fields: object) => {
    // Any page with a form has what a form needs.
    const page = await stage.open('/admin/blocks');
    const sent = await stage.send(page, '/admin/origins/allow', { ...fields });
    return readable(await stage.follow(sent));
  };

  test('is told by its origin, and listed at one press', async () => {
    expect(readable(await stage.open('/admin'))).not.toContain('Pages that are not listed');
    const refused = await card(NEW);
    expect(refused.body).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED', detail: `${NEW} is not listed.` });
    await card(NEW);
    const page = await stage.open('/admin');
    expect(readable(page)).toContain(`Pages that are not listed`);
    expect(readable(page)).toContain(`${NEW} Talk to sales, 2 times · now`);
    expect((await stage.world.api('/api/admin/refused-origins', { bearer: TOKEN })).body).toEqual({
      origins: [{ origin: NEW, destinationId: 'sales', count: 2, agoMs: 0 }],
      others: 0,
    });
    const after = await allow({ origin: NEW, destination: 'sales' });
    expect(after).toContain('The page is listed now.');
    expect(after).not.toContain('Pages that are not listed');
    expect((await card(NEW)).status).toBe(200);
    const { body } = await stage.world.api('/api/admin/destinations', { bearer: TOKEN });
    expect(body.destinations[0].destination.origins).toEqual([SHOP, NEW]);
    await stage.putDestination();
  });

  test('that another destination lists is told as well, and so is a ticket’s', async () => {
    await stage.putDestination({ id: 'annex', origins: [NEW] });
    const wish = { to: 'sales', intent: 'chat', context: {} };
    const ticket = await stage.world.api('/api/public/tickets', { origin: NEW, body: wish });
    expect(ticket.body).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED', detail: `${NEW} is not listed.` });
    expect(readable(await stage.open('/admin'))).toContain(`${NEW} Talk to sales, once`);
    await allow({ origin: NEW, destination: 'sales' });
    await stage.putDestination();
    await stage.world.api('/api/admin/destinations/annex', { method: 'DELETE', bearer: TOKEN });
  });

  test('without https is told, and cannot be listed', async () => {
    await card('http://plain.example');
    const page = await stage.open('/admin');
    expect(readable(page)).toContain('http://plain.example Talk to sales, once · now It cannot be listed');
    expect(page.text).not.toContain('action="/admin/origins/allow"');
    expect(await allow({ origin: 'http://plain.example', destination: 'sales' })).toContain(
      'could not be listed',
    );
  });

  test.each([
    ['is none', { origin: '<b>', destination: 'sales' }],
    ['has a path', { origin: `${NEW}/path`, destination: 'sales' }],
    ['is for no destination', { origin: NEW, destination: 'nowhere' }],
    ['is not said', {}],
  ])('that %s changes nothing', async (_, fields) => {
    expect(await allow(fields)).toContain('The page could not be listed.');
    const { body } = await stage.world.api('/api/admin/destinations', { bearer: TOKEN });
    expect(
      body.destinations.map(({ destination }: { destination: { origins: string[] } }) => destination.origins),
    ).toEqual([[SHOP]]);
  });

  test('is shown with nothing that it sent but its origin, and no more than twenty', async () => {
    for (const origin of ['"><script>alert(1)</script>', 'https://evil.example/<b>', 'null'])
      await stage.world.api('/api/public/destinations/sales', { origin });
    for (let n = 0; n < 30; n += 1) await card(`https://flood-${n}.example`);
    const page = await stage.open('/admin');
    expect(page.text).not.toMatch(/alert\(1\)|evil|>null</);
    expect(page.text.match(/id="unlisted-/g)?.length).toBeLessThanOrEqual(20);
    expect(readable(page)).toMatch(/\d+ more requests came from other pages/);
  });
});

describe('blocks', () => {
  beforeEach(() => {
    // Whoever has looked for a quarter of an hour is asked again.
    stage.alice.clearCookies();
  });

  test('P10 a visit’s network is blocked from its line, for a reason and a time, and lifted again', async () => {
    await stage.visit();
    const overview = await stage.open('/admin');
    expect(overview.text).toContain('href="/admin/blocks?network=127.0.0.1"');
    const form = await stage.open('/admin/blocks?network=127.0.0.1');
    expect(form.text).toMatch(/name="network"[^>]* value="127\.0\.0\.1"/);
    const fields = { network: '127.0.0.1', reason: '<i>floods</i>', for: 'hour' };
    const sent = await stage.send(form, '/admin/blocks', fields);
    const page = await stage.follow(sent);
    expect(readable(page)).toContain('It is blocked.');
    expect(readable(page)).toContain('127.0.0.1 <i>floods</i> By alice@example.org Since now Ends in 1 hour');
    const card = () => stage.world.api('/api/public/destinations/sales', { origin: SHOP });
    expect((await card()).body.code).toBe('ADDRESS_BLOCKED');
    const [, block = ''] = /name="block" value="([^"]+)"/.exec(page.text) ?? [];
    const lifted = await stage.follow(await stage.send(page, '/admin/blocks/lift', { block }));
    expect(readable(lifted)).toContain('It is no longer blocked.');
    expect((await card()).status).toBe(200);
  });

  test('P10 whoever is inside already goes with the block, and others stay', async () => {
    const inside = await stage.visit();
    const form = await stage.open('/admin/blocks');
    const block = (network: string) =>
      stage.send(form, '/admin/blocks', { network, reason: 'floods', for: 'hour' });
    const live = async () =>
      (await stage.world.api('/api/admin/visits', { bearer: TOKEN })).body.visits.map(
        ({ id }: { id: string }) => id,
      );
    await block('192.0.2.0/24');
    expect(await live()).toEqual([inside]);
    await block('127.0.0.0/8');
    await expect.poll(live).toEqual([]);
    const page = await stage.open('/admin/blocks');
    for (const [, id = ''] of page.text.matchAll(/name="block" value="([^"]+)"/g)) {
      await stage.send(page, '/admin/blocks/lift', { block: id });
    }
  });

  test('what is no network is said beside its field, and nothing that was typed is lost', async () => {
    const form = await stage.open('/admin/blocks');
    const wrong = await stage.send(form, '/admin/blocks', {
      ...{ network: '"everybody"', reason: 'too many', for: 'week' },
    });
    expect(wrong.response.status).toBe(400);
    expect(readable(wrong)).toContain('This is neither an address nor a network.');
    expect(wrong.text).toMatch(/value="&#34;everybody&#34;"[^>]*aria-invalid="true"/);
    expect(wrong.text).toContain('value="too many"');
    expect(wrong.text).toContain('<option value="week" selected>');
    expect(readable(await stage.open('/admin/blocks'))).toContain('Nothing is blocked.');
  });

  test('who would block nearly everybody is asked again, in words', async () => {
    const form = await stage.open('/admin/blocks');
    for (const network of ['0.0.0.0/0', '::/0', '2.0.0.0/7']) {
      const wrong = await stage.send(form, '/admin/blocks', { network, reason: '', for: 'always' });
      expect(wrong.response.status).toBe(400);
      expect(readable(wrong)).toContain('This is too wide: block a /8 of IPv4');
      expect(wrong.text).toContain(`value="${network}"`);
    }
    expect(readable(await stage.open('/admin/blocks'))).toContain('Nothing is blocked.');
  });
});

test.each([
  [0, '0:00'],
  [65_000, '1:05'],
  [3_729_000, '1:02:09'],
])('%i ms are %s on the clock', (ms, text) => {
  expect(clockOf(ms)).toBe(text);
});
