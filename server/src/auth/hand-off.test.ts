// From a site to the hub's own window: what the code of a hand-off is good for, for whom, and how long what comes of
// it lives.
import { limits } from '@ringtag/server/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDeviceKey, createPaneSecrets, type TestBrowser, type TestDevice } from '../testing/browser.ts';
import { ALICE, BRUNO, HUB, INTRANET, MAIL, startTestHub, type TestHub } from '../testing/hub.ts';

let world: TestHub;
let browser: TestBrowser;
let device: TestDevice;
let secrets: ReturnType<typeof createPaneSecrets>;

beforeAll(async () => {
  world = await startTestHub();
});
afterAll(() => world.close());
beforeEach(async () => {
  browser = world.browser();
  device = await world.signIn(ALICE, { browser });
  secrets = createPaneSecrets();
});

async function handOff(from: TestDevice = device): Promise<string> {
  const body = { challenge: secrets.challenge };
  const answer = await world.api('/api/sessions/handoff', {
    ...{ origin: from.origin, bearer: from.grant.bearer, body },
  });
  expect(answer).toMatchObject({ status: 200, body: { code: expect.any(String) } });
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  return answer.body.code;
}

interface Spending {
  readonly in?: TestBrowser;
  readonly origin?: string;
  readonly verifier?: string;
}

/** As the window on the hub's own origin would, unless told otherwise. */
async function spend(code: string, { in: where = browser, origin = HUB, verifier }: Spending = {}) {
  const key = await createDeviceKey();
  const visit = await where.request(new URL('/api/sessions', HUB), {
    method: 'POST',
    headers: { Origin: origin, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      ...{ code, publicKey: key.publicKey, deviceName: 'Firefox on Linux' },
      verifier: verifier ?? secrets.verifier,
    }),
  });
  return { status: visit.response.status, body: JSON.parse(visit.text), key };
}

const REFUSED = { status: 401, body: { code: 'SIGN_IN_REFUSED' } };

test('S9 the window becomes a device of its own of the same person', async () => {
  const { status, body } = await spend(await handOff());
  expect(status).toBe(201);
  expect(body.me.name).toBe('Alice Almeida');
  expect(body.sessionId).not.toBe(device.grant.sessionId);
  const me = (bearer: string, origin: string) => world.api('/api/me', { bearer, origin });
  expect((await me(body.bearer, HUB)).status).toBe(200);
  expect((await me(body.bearer, MAIL)).body.code).toBe('ORIGIN_NOT_ALLOWED');
  await world.api('/api/sessions/current', {
    ...{ method: 'DELETE', bearer: device.grant.bearer, origin: MAIL },
  });
  expect((await me(body.bearer, HUB)).status).toBe(200);
});

describe('S9', () => {
  test('S9 a hand-off is good once', async () => {
    const code = await handOff();
    expect((await spend(code)).status).toBe(201);
    expect(await spend(code)).toMatchObject(REFUSED);
  });

  test.each([
    ['another site', { origin: INTRANET }],
    ['the site that asked for it', { origin: MAIL }],
    ['a wrong verifier', { verifier: createPaneSecrets().verifier }],
  ])('S9 from %s it is refused, and spent', async (_what, spending: Spending) => {
    const code = await handOff();
    expect(await spend(code, spending)).toMatchObject(REFUSED);
    expect(await spend(code)).toMatchObject(REFUSED);
  });

  test('S9 after 60 s it is refused', async () => {
    const code = await handOff();
    world.clock.advance(limits.SIGN_IN_CODE_MS);
    expect(await spend(code)).toMatchObject(REFUSED);
  });

  test('S9 a page that carries the code away from its browser gains nothing by it', async () => {
    const stranger = world.browser();
    expect(await spend(await handOff(), { in: stranger })).toMatchObject(REFUSED);
    await world.signIn(BRUNO, { browser: stranger });
    expect(await spend(await handOff(), { in: stranger })).toMatchObject(REFUSED);
  });

  test('S9 a hand-off of a session that has ended meanwhile is refused', async () => {
    const code = await handOff();
    await world.api('/api/sessions/current', {
      ...{ method: 'DELETE', bearer: device.grant.bearer, origin: MAIL },
    });
    expect(await spend(code)).toMatchObject(REFUSED);
  });

  test('without a bearer, or with a challenge that is none, there is no hand-off', async () => {
    const { challenge } = secrets;
    const ask = (body: object, bearer?: string) =>
      world.api('/api/sessions/handoff', { origin: MAIL, body, ...(bearer === undefined ? {} : { bearer }) });
    expect((await ask({ challenge })).body.code).toBe('SIGNED_OUT');
    expect((await ask({ challenge: 'short' }, device.grant.bearer)).body).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'challenge',
    });
  });
});

test('a window that was closed without a word is gone once the next one is opened, and no other device', async () => {
  const site = await world.signIn(ALICE, { browser, origin: INTRANET });
  const left = (await spend(await handOff())).body;
  world.clock.advance(30_000);
  const reloading = (await spend(await handOff())).body;
  const status = async (bearer: string, origin: string) =>
    (await world.api('/api/me', { bearer, origin })).status;
  expect(await status(left.bearer, HUB)).toBe(200);
  world.clock.advance(31_000);
  const { bearer } = (await spend(await handOff())).body;
  expect(await status(left.bearer, HUB)).toBe(401);
  for (const [live, origin] of [
    [reloading.bearer, HUB],
    [bearer, HUB],
    [site.grant.bearer, INTRANET],
    [device.grant.bearer, MAIL],
  ] as const)
    expect(await status(live, origin)).toBe(200);
});

test('S5 S9 a chain of hand-offs ends when the first session would have ended', async () => {
  const began = world.clock.now();
  let last = device;
  for (let days = 10; days < 30; days += 10) {
    world.clock.leap(10 * 86_400_000);
    const bearer = await world.renew(last);
    const { body, key, status } = await spend(await handOff({ ...last, grant: { ...last.grant, bearer } }));
    expect(status).toBe(201);
    expect(body.sessionForMs).toBe(limits.SESSION_MS - days * 86_400_000);
    last = { origin: HUB, key, grant: body };
  }
  world.clock.leap(began + limits.SESSION_MS - world.clock.now());
  const challenge = await world.api('/api/sessions/challenge', {
    ...{ origin: HUB, body: { sessionId: last.grant.sessionId } },
  });
  expect(challenge.body.code).toBe('SIGNED_OUT');
});
