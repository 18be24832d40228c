// Limits over the wire of a whole hub, with numbers small enough to meet.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPaneSecrets } from '../testing/browser.ts';
import { ALICE, type ApiAnswer, BRUNO, INTRANET, MAIL, startTestHub, type TestHub } from '../testing/hub.ts';
import { RATE_LIMITS, type RateLimits } from './rate-limits.ts';

let world: TestHub;
afterEach(() => world.close());

const rate = { requests: 2, windowMs: 60_000 };

function expectLimited({ status, headers, body }: ApiAnswer): void {
  expect([status, body.code]).toEqual([429, 'RATE_LIMITED']);
  expect(headers.get('Content-Type')).toBe('application/problem+json');
  const waitS = Number(headers.get('Retry-After'));
  expect(waitS).toBeGreaterThan(50);
  expect(waitS).toBeLessThanOrEqual(60);
}

describe('by address', () => {
  const limited = ['POST /api/sign-in/pickup', 'POST /api/sessions/challenge', 'GET /auth/start'];
  const byAddress = Object.fromEntries(limited.map((route) => [route, rate]));
  const pickup = (origin = MAIL) => {
    const { nonce, verifier } = createPaneSecrets();
    return world.api('/api/sign-in/pickup', { origin, body: { nonce, verifier } });
  };
  beforeEach(async () => {
    world = await startTestHub({ rateLimits: { byAddress, byPerson: {} } });
  });

  test('the request after the last one allowed is refused, and its page may read why and for how long', async () => {
    expect((await pickup()).body).toEqual({ state: 'waiting' });
    expect((await pickup(INTRANET)).body).toEqual({ state: 'waiting' });
    const refused = await pickup();
    expectLimited(refused);
    expect(refused.headers.get('Access-Control-Allow-Origin')).toBe(MAIL);
    expect(refused.headers.get('Access-Control-Expose-Headers')).toContain('Retry-After');
  });

  test('each route is counted for itself, whatever the answer was', async () => {
    for (let index = 0; index < 3; index += 1) await pickup();
    const challenge = () =>
      world.api('/api/sessions/challenge', { origin: MAIL, body: { sessionId: 's-nobody' } });
    expect((await challenge()).body.code).toBe('SIGNED_OUT');
    expect((await challenge()).body.code).toBe('SIGNED_OUT');
    expectLimited(await challenge());
    expect((await world.api('/healthz', {})).status).toBe(200);
  });

  test('no forwarding header makes another client of it, nor does another spelling of the request', async () => {
    const start = (init: object, path = '/auth/start') => world.api(path, init);
    await start({ headers: { 'X-Forwarded-For': '203.0.113.1' } });
    await start({ headers: { Forwarded: 'for=203.0.113.2' } });
    const refused = await start({ headers: { 'X-Forwarded-For': '203.0.113.3' } });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(50);
    // What people see is a page.
    expect(refused.body).toContain('Wait a minute');
    expect((await start({ method: 'HEAD' })).status).toBe(429);
    expect((await start({}, '/auth/%73tart')).status).toBe(429);
  });
});

describe('by address, behind a proxy', () => {
  test('P12 each client is counted for itself, and none is whom it says it is', async () => {
    world = await startTestHub({
      env: { TRUSTED_PROXIES: 'loopback' },
      rateLimits: { byAddress: { 'GET /auth/start': rate }, byPerson: {} },
    });
    const status = async (said: string) =>
      (await world.api('/auth/start', { headers: { 'X-Forwarded-For': said } })).status;
    for (const _ of ['one', 'two']) expect(await status('203.0.113.1')).not.toBe(429);
    expect(await status('198.51.100.1, 203.0.113.1')).toBe(429);
    expect(await status('203.0.113.2')).not.toBe(429);
  });
});

describe('by person', () => {
  const byPerson = { 'GET /api/people': rate, 'POST /api/calls': rate };
  const search = (bearer: string) => world.api('/api/people?q=a', { origin: MAIL, bearer });
  beforeEach(async () => {
    world = await startTestHub({ rateLimits: { byAddress: {}, byPerson } });
  });

  test('one person is refused on all her devices, and another one at the same address is not', async () => {
    const [first, second] = [await world.signIn(ALICE), await world.signIn(ALICE)];
    expect((await search(first.grant.bearer)).status).toBe(200);
    expect((await search(second.grant.bearer)).status).toBe(200);
    expectLimited(await search(first.grant.bearer));
    expectLimited(await search(second.grant.bearer));
    const bruno = await world.signIn(BRUNO);
    expect((await search(bruno.grant.bearer)).status).toBe(200);
  });

  test('who has no bearer uses up nobody\u2019s share, and is SIGNED_OUT however often', async () => {
    for (let index = 0; index < 4; index += 1) expect((await search('nonsense')).status).toBe(401);
    const { bearer } = (await world.signIn(ALICE)).grant;
    for (let index = 0; index < 2; index += 1) {
      const answer = await world.api('/api/calls', { origin: MAIL, bearer, body: {} });
      expect(answer.body.code).toBe('INVALID_INPUT');
    }
    expectLimited(await world.api('/api/calls', { origin: MAIL, bearer, body: {} }));
    expect((await search(bearer)).status).toBe(200);
  });
});

describe('by person, on routes with parameters', () => {
  const limited = ['POST /api/calls/{id}/end', 'POST /api/calls/{id}/accept', 'POST /api/moves/{id}/take'];
  beforeEach(async () => {
    const byPerson = Object.fromEntries(limited.map((route) => [route, rate]));
    world = await startTestHub({ rateLimits: { byAddress: {}, byPerson } });
  });

  test('another id is the same route, another route is counted for itself, and so is another person', async () => {
    const [alice, bruno] = [await world.signIn(ALICE), await world.signIn(BRUNO)];
    const ask = (path: string, { grant: { bearer } } = alice) =>
      world.api(path, { origin: MAIL, bearer, body: {} });
    for (const id of ['c-1', 'c-2']) expect((await ask(`/api/calls/${id}/end`)).status).toBe(404);
    expectLimited(await ask('/api/calls/c-3/end'));
    expectLimited(await ask('/api/calls/c-3/%65nd'));
    for (const path of ['/api/calls/c-3/accept', '/api/moves/m-1/take', '/api/calls/c-3/decline']) {
      for (const _ of ['once', 'twice']) expect((await ask(path)).status, path).toBe(404);
    }
    expectLimited(await ask('/api/moves/m-2/take'));
    expect((await ask('/api/calls/c-3/decline')).status).toBe(404);
    expect((await ask('/api/calls/c-3/end', bruno)).status).toBe(404);
  });
});

describe('the numbers', () => {
  beforeEach(async () => {
    world = await startTestHub();
  });

  test('every limited route is one that the hub has', async () => {
    const { body } = await world.api('/openapi.json', {});
    const has = (route: string): boolean => {
      const [method = '', path = ''] = route.split(' ');
      return body.paths[path]?.[method.toLowerCase()] !== undefined;
    };
    const { byAddress, byPerson }: RateLimits = RATE_LIMITS;
    const named = [...Object.keys(byAddress), ...Object.keys(byPerson)];
    expect(named).toHaveLength(41);
    expect(named.filter((route) => !has(route))).toEqual([]);
  });

  test('every route by which a person rings or writes is limited, those with parameters too', async () => {
    const { body } = await world.api('/openapi.json', {});
    const paths: [string, object][] = Object.entries(body.paths);
    const routes = paths.flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const writes = routes.filter((route) =>
      /^(?!GET ).* \/api\/(?!sessions|sign-in|public|admin)/.test(route),
    );
    const named = new Set(Object.keys(RATE_LIMITS.byPerson));
    expect(writes.length).toBeGreaterThan(9);
    expect(writes.filter((route) => !named.has(route))).toEqual([]);
  });

  test('a person who types, navigates and scrolls never meets them', async () => {
    const { bearer, sessionId } = (await world.signIn(ALICE)).grant;
    const ask = async (path: string, times: number, body?: object) => {
      const answers: number[] = [];
      for (let index = 0; index < times; index += 1) {
        const init = { origin: MAIL, bearer, ...(body === undefined ? {} : { body }) };
        answers.push((await world.api(path, init)).status);
      }
      return new Set(answers);
    };
    expect(await ask('/api/people?q=an', 60)).toEqual(new Set([200]));
    expect(await ask('/api/people/resolve', 100, { items: [{ email: 'x@example.org' }] })).toEqual(
      new Set([200]),
    );
    expect(await ask('/api/sessions/challenge', 40, { sessionId })).toEqual(new Set([200]));
  });
});
