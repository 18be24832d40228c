// "Your devices" from the outside: who sees what, what ends, and what an attacker tries.
import { limits } from '@ringtag/server/protocol';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestBrowser, TestDevice, Visit } from '../testing/browser.ts';
import { ALICE, BRUNO, HUB, INTRANET, MAIL, startTestHub, type TestHub } from '../testing/hub.ts';
import { VISIT_MS } from './visits.ts';

const DEVICES = `${HUB}/devices`;
const MINUTE_MS = 60_000;

let world: TestHub;
let browser: TestBrowser;
let here: TestDevice;
let elsewhere: TestDevice;

beforeAll(async () => {
  world = await startTestHub();
});
afterAll(() => world.close());
beforeEach(async () => {
  browser = world.browser();
  here = await world.signIn(ALICE, { browser });
  elsewhere = await world.signIn(ALICE, { origin: INTRANET });
});
/** Nobody's devices are left for the next test. */
afterEach(async () => {
  for (const device of [here, elsewhere]) {
    const bearer = await world.renew(device);
    if (bearer) await signOut({ ...device, grant: { ...device.grant, bearer } });
  }
});

const signOut = ({ origin, grant: { bearer } }: TestDevice) =>
  world.api('/api/sessions/current', { method: 'DELETE', origin, bearer });

/** Opens the page as Alice, or in whosever name the provider answers. */
function open(in_ = browser, account = ALICE, address = DEVICES): Promise<Visit> {
  world.issuer.signInAs(account);
  return in_.navigate(address);
}

const isLive = async ({ origin, grant: { bearer } }: TestDevice): Promise<boolean> =>
  (await world.api('/api/me', { origin, bearer })).status === 200;

const tokenOf = (page: Visit): string => /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';

interface Sent {
  readonly fields?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly from?: TestBrowser;
  readonly action?: string;
}

function send(page: Visit, { fields = {}, headers = {}, from = browser, action = 'end' }: Sent) {
  return from.request(`${DEVICES}/${action}`, {
    method: 'POST',
    headers: { Origin: HUB, 'Sec-Fetch-Site': 'same-origin', ...headers },
    body: new URLSearchParams({ token: tokenOf(page), ...fields }),
  });
}

/** Each device as one line of text. */
function shown({ text }: Visit): string[] {
  const items = [...text.matchAll(/<li>(.*?)<\/li>/gs)].map(([, item = '']) => item);
  return items.map((item) =>
    item
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

describe('S10', () => {
  test('S10 shows each device, where it is, and which is in this browser', async () => {
    const page = await open();
    expect(page.response.status).toBe(200);
    expect(page.url.href).toBe(DEVICES);
    expect(page.text).toContain('Alice Almeida is signed in on these');
    expect(shown(page)).toEqual([
      'Firefox on Linux mail.localhost:4001 This browser Last seen now Signed in now Signs out by itself in 30 days Sign out',
      'Firefox on Linux intranet.localhost:4002 Last seen now Signed in now Signs out by itself in 30 days Sign out',
    ]);
  });

  test('sites that share a browser share its mark', async () => {
    const third = await world.signIn(ALICE, { browser, origin: INTRANET });
    const lines = shown(await open());
    expect(lines.filter((line) => line.includes('This browser'))).toHaveLength(2);
    await signOut(third);
  });

  test('says when a device was last there', async () => {
    const socket = io(world.hub.url, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false },
      extraHeaders: { Origin: INTRANET },
      auth: { bearer: elsewhere.grant.bearer, protocol: limits.PROTOCOL_VERSION },
    });
    await new Promise((resolve) => socket.once('snapshot', resolve));
    world.clock.advance(11 * MINUTE_MS);
    expect(shown(await open())[1]).toContain('Last seen now Signed in 11 minutes ago');
    socket.disconnect();
    await expect
      .poll(async () => {
        world.clock.advance(2 * MINUTE_MS);
        return shown(await open())[1];
      })
      .toMatch(/Last seen [1-9]\d? minutes ago/);
  });

  test('runs no script, cannot be framed or cached, and sends forms only home', async () => {
    const { response, text } = await open();
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    for (const part of [
      "default-src 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      expect(policy).toContain(part);
    expect(text).not.toContain('<script');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });

  test('speaks the browser’s language, or the one that was asked for, also after the way to the provider', async () => {
    const page = await open(browser, ALICE, `${DEVICES}?lang=pt-BR`);
    expect(page.url.search).toBe('?lang=pt-BR');
    expect(page.text).toContain('<html lang="pt-BR">');
    expect(page.text).toContain('Os seus dispositivos');
    expect(page.text).toContain('em 30 dias');
    const ended = await send(page, { fields: { session: elsewhere.grant.sessionId, lang: 'pt-BR' } });
    expect(ended.response.headers.get('Location')).toBe('/devices?done=ended&lang=pt-BR');
    expect((await browser.request(`${DEVICES}?done=ended&lang=fr`)).text).toContain('Appareil déconnecté.');
    const odd = await browser.request(`${DEVICES}?lang=${encodeURIComponent('en"><b>')}`);
    expect(odd.text).toContain('<html lang="en">');
  });

  test('S10 asks the provider who is there, and takes no bearer for an answer', async () => {
    const stranger = world.browser();
    const { response } = await stranger.request(DEVICES, {
      headers: { Authorization: `Bearer ${here.grant.bearer}`, Origin: MAIL },
    });
    expect(response.status).toBe(302);
    expect(response.headers.get('Location')).toContain(world.issuer.url);
    world.issuer.signInAs(undefined);
    const refused = await stranger.navigate(DEVICES);
    expect(refused.text).toContain('data-code="SIGN_IN_REFUSED"');
    expect(refused.text).toContain(`href="${DEVICES}"`);
  });

  test('S10 a visit is worth nothing at the API', async () => {
    await open();
    const me = await browser.request(`${HUB}/api/me`, { headers: { Origin: HUB } });
    expect(me.response.status).toBe(401);
  });
});

describe('S6', () => {
  test('S6 a device that is ended from the page is out at once', async () => {
    const page = await open();
    const ended = await send(page, { fields: { session: elsewhere.grant.sessionId } });
    expect(ended.response.status).toBe(303);
    expect(await isLive(elsewhere)).toBe(false);
    expect(await isLive(here)).toBe(true);
    const after = await browser.navigate(new URL(ended.response.headers.get('Location') ?? '', HUB));
    expect(after.text).toContain('Signed out. Any call on it has ended.');
    expect(shown(after)).toHaveLength(1);
    const again = await send(page, { fields: { session: elsewhere.grant.sessionId } });
    expect(again.response.status).toBe(404);
    expect(again.text).toContain('That device was signed out already.');
  });

  test('S6 "everywhere else" leaves this browser alone signed in', async () => {
    const second = await world.signIn(ALICE, { browser, origin: INTRANET });
    const ended = await send(await open(), { action: 'end-elsewhere' });
    expect(ended.response.status).toBe(303);
    expect(await Promise.all([here, second, elsewhere].map(isLive))).toEqual([true, true, false]);
    const after = await browser.request(DEVICES);
    expect(after.text).not.toContain('Sign out everywhere else');
    await signOut(second);
  });

  test('S6 a person without any session is told so', async () => {
    await signOut(here);
    await signOut(elsewhere);
    expect((await open()).text).toContain('You are signed in nowhere.');
  });
});

describe('S10 nobody else', () => {
  test('sees or ends a device of another person', async () => {
    const stranger = world.browser();
    const own = await world.signIn(BRUNO, { browser: stranger });
    const page = await open(stranger, BRUNO);
    expect(shown(page)).toHaveLength(1);
    expect(page.text).not.toMatch(new RegExp(`Alice|${here.grant.sessionId}|${elsewhere.grant.sessionId}`));
    const ofAlice = tokenOf(await open());
    const asked = { from: stranger, fields: { session: here.grant.sessionId } };
    expect((await send(page, asked)).response.status).toBe(404);
    const stolen = { ...asked, fields: { ...asked.fields, token: ofAlice } };
    expect((await send(page, stolen)).response.status).toBe(403);
    await send(page, { from: stranger, action: 'end-elsewhere' });
    expect(await Promise.all([here, elsewhere, own].map(isLive))).toEqual([true, true, true]);
    await signOut(own);
  });

  test.each<[string, Sent]>([
    ['no token', { fields: { token: '' } }],
    ['a token of another page', { fields: { token: 'x'.repeat(43) } }],
    ['the origin of a site', { headers: { Origin: MAIL, 'Sec-Fetch-Site': 'same-site' } }],
    ['no origin that can be told', { headers: { Origin: 'null' } }],
    ['a browser that says it comes from elsewhere', { headers: { 'Sec-Fetch-Site': 'cross-site' } }],
  ])('ends a device with a form that has %s', async (_what, sent) => {
    const page = await open();
    for (const action of ['end', 'end-elsewhere']) {
      const fields = { session: elsewhere.grant.sessionId, ...sent.fields };
      const answer = await send(page, { ...sent, action, fields });
      expect(answer.response.status).toBe(403);
    }
    expect(await isLive(elsewhere)).toBe(true);
  });

  test('ends a device without the cookie of the visit, even with its token', async () => {
    const page = await open();
    const answer = await send(page, {
      from: world.browser(),
      fields: { session: elsewhere.grant.sessionId },
    });
    expect(answer.response.status).toBe(401);
    expect(answer.text).toContain('This page was open for too long');
    expect(await isLive(elsewhere)).toBe(true);
  });
});

test('S5 S10 a visit is over after a quarter of an hour, however much it was used', async () => {
  const page = await open();
  for (let used = 0; used < VISIT_MS - MINUTE_MS; used += MINUTE_MS) {
    world.clock.advance(MINUTE_MS);
    expect((await browser.request(DEVICES)).response.status).toBe(200);
  }
  world.clock.advance(MINUTE_MS);
  expect((await browser.request(DEVICES)).response.status).toBe(302);
  const late = await send(page, { fields: { session: elsewhere.grant.sessionId } });
  expect(late.response.status).toBe(401);
  expect(late.text).toContain('href="/devices"');
});

test('who comes too often is told so in a page', async () => {
  const rateLimits = {
    byAddress: { 'GET /devices': { requests: 1, windowMs: 60_000 } },
    byPerson: {},
  };
  const small = await startTestHub({ rateLimits });
  try {
    const visitor = small.browser();
    expect((await visitor.request(DEVICES)).response.status).toBe(302);
    const refused = await visitor.request(DEVICES);
    expect(refused.response.status).toBe(429);
    expect(refused.response.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(refused.text).toContain('<main data-code="RATE_LIMITED">');
  } finally {
    await small.close();
  }
});
