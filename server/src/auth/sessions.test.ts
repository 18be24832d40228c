// Sessions over the wire: what a bearer is good for, where, and how long.
import { limits } from '@ringtag/server/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDeviceKey, signChallenge, type TestDevice } from '../testing/browser.ts';
import { ALICE, HUB, INTRANET, MAIL, startTestHub, type TestHub } from '../testing/hub.ts';

let world: TestHub;
let device: TestDevice;

beforeAll(async () => {
  world = await startTestHub();
});
afterAll(() => world.close());
beforeEach(async () => {
  device = await world.signIn(ALICE);
});

const me = (bearer: string, origin: string | undefined = MAIL) =>
  world.api('/api/me', { bearer, ...(origin === undefined ? {} : { origin }) });

async function ask(sessionId = device.grant.sessionId, origin = MAIL) {
  return world.api('/api/sessions/challenge', { origin, body: { sessionId } });
}

interface Proof {
  challenge?: string;
  sessionId?: string;
  key?: TestDevice['key'];
  signedOrigin?: string;
  origin?: string;
}

async function renew(proof: Proof = {}) {
  const { sessionId = device.grant.sessionId, key = device.key, origin = MAIL } = proof;
  const challenge = proof.challenge ?? (await ask()).body.challenge;
  const signature = await signChallenge(key, { challenge, sessionId, origin: proof.signedOrigin ?? MAIL });
  return world.api('/api/sessions/token', { origin, body: { sessionId, challenge, signature } });
}

describe('S3', () => {
  test('S3 a signed challenge gives a fresh bearer of the same session', async () => {
    const answer = await renew();
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ sessionId: device.grant.sessionId, me: { name: 'Alice Almeida' } });
    expect(answer.body.bearer).not.toBe(device.grant.bearer);
    expect((await me(answer.body.bearer)).status).toBe(200);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
  });

  test('S3 a challenge is good once', async () => {
    const { challenge } = (await ask()).body;
    expect((await renew({ challenge })).status).toBe(200);
    expect((await renew({ challenge })).body.code).toBe('SIGN_IN_REFUSED');
  });

  test('S3 a wrong signature is refused, and spends the challenge', async () => {
    const { challenge } = (await ask()).body;
    const key = await createDeviceKey();
    expect((await renew({ challenge, key })).body.code).toBe('SIGN_IN_REFUSED');
    expect((await renew({ challenge })).body.code).toBe('SIGN_IN_REFUSED');
  });

  test('S3 after 60 s it is refused', async () => {
    const { challenge } = (await ask()).body;
    world.clock.advance(limits.CHALLENGE_MS);
    expect((await renew({ challenge })).body.code).toBe('SIGN_IN_REFUSED');
  });

  test('S3 the challenge of one session does not serve another', async () => {
    const other = await world.signIn(ALICE);
    const { challenge } = (await ask(other.grant.sessionId)).body;
    expect((await renew({ challenge })).body.code).toBe('SIGN_IN_REFUSED');
  });

  test('S3 a signature made for another origin is refused', async () => {
    expect((await renew({ signedOrigin: INTRANET })).body.code).toBe('SIGN_IN_REFUSED');
  });

  test('S3 another origin, allowed or not, gets neither challenge nor bearer', async () => {
    expect((await ask(device.grant.sessionId, INTRANET)).body.code).toBe('ORIGIN_NOT_ALLOWED');
    const fromElsewhere = await renew({ origin: INTRANET, signedOrigin: INTRANET });
    expect(fromElsewhere.body.code).toBe('ORIGIN_NOT_ALLOWED');
    expect((await ask(device.grant.sessionId, 'https://evil.example')).body.code).toBe('ORIGIN_NOT_ALLOWED');
  });

  test('S3 an unknown session is signed out', async () => {
    expect((await ask('s-0000000000000000')).body.code).toBe('SIGNED_OUT');
  });
});

describe('S4', () => {
  test('S4 a bearer works for 15 minutes', async () => {
    world.clock.advance(limits.BEARER_MS - 1);
    expect((await me(device.grant.bearer)).status).toBe(200);
    world.clock.advance(1);
    expect((await me(device.grant.bearer)).body.code).toBe('SIGNED_OUT');
  });

  test('S4 it works from its origin alone', async () => {
    const { bearer } = device.grant;
    expect((await me(bearer, INTRANET)).body.code).toBe('ORIGIN_NOT_ALLOWED');
    expect((await me(bearer, HUB)).body.code).toBe('ORIGIN_NOT_ALLOWED');
    const withoutOrigin = await world.api('/api/me', { bearer });
    expect(withoutOrigin.body.code).toBe('ORIGIN_NOT_ALLOWED');
  });

  test('S4 a page of the hub itself needs no Origin header on its GETs', async () => {
    const own = await world.signIn(ALICE, HUB);
    const headers = { 'Sec-Fetch-Site': 'same-origin' };
    expect((await world.api('/api/me', { bearer: own.grant.bearer, headers })).status).toBe(200);
    const crossSite = { 'Sec-Fetch-Site': 'cross-site' };
    const answer = await world.api('/api/me', { bearer: own.grant.bearer, headers: crossSite });
    expect(answer.body.code).toBe('ORIGIN_NOT_ALLOWED');
  });

  test('S4 it works across a restart of the hub, and so does the device key', async () => {
    const { challenge } = (await ask()).body;
    await world.restart();
    expect((await me(device.grant.bearer)).status).toBe(200);
    expect((await renew({ challenge })).status).toBe(200);
  });

  test('S4 nonsense and absence are signed out', async () => {
    for (const bearer of ['', 'x', "' OR 1=1 --", '$gt', device.grant.bearer.slice(1)]) {
      expect((await me(bearer)).body.code).toBe('SIGNED_OUT');
    }
    expect((await world.api('/api/me', { origin: MAIL })).body.code).toBe('SIGNED_OUT');
  });
});

describe('S5', () => {
  test('S5 the end never moves, and the last bearer ends with it', async () => {
    world.clock.leap(limits.SESSION_MS - limits.BEARER_MS);
    const next = await renew();
    expect(next.body.sessionForMs).toBe(limits.BEARER_MS);
    world.clock.advance(limits.BEARER_MS - 1);
    const last = await renew();
    expect(last.body).toMatchObject({ sessionForMs: 1, bearerForMs: 1 });
    world.clock.advance(1);
    expect((await me(last.body.bearer)).body.code).toBe('SIGNED_OUT');
    expect((await ask()).body.code).toBe('SIGNED_OUT');
  });
});

describe('S6', () => {
  test('S6 signing out refuses every bearer of the session, and no other session', async () => {
    const other = await world.signIn(ALICE);
    const second = (await renew()).body.bearer;
    const { bearer } = device.grant;
    const ended = await world.api('/api/sessions/current', { method: 'DELETE', origin: MAIL, bearer });
    expect(ended.status).toBe(204);
    expect((await me(bearer)).body.code).toBe('SIGNED_OUT');
    expect((await me(second)).body.code).toBe('SIGNED_OUT');
    expect((await ask()).body.code).toBe('SIGNED_OUT');
    expect((await me(other.grant.bearer)).status).toBe(200);
  });
});

describe('bad input', () => {
  test.each([
    ['/api/sessions', { code: 1 }],
    ['/api/sessions', {}],
    ['/api/sessions/challenge', { sessionId: { $gt: '' } }],
    ['/api/sessions/challenge', { sessionId: 's-1', extra: true }],
    ['/api/sessions/token', { sessionId: 's-1', challenge: 'x'.repeat(43), signature: 'short' }],
    ['/api/sign-in/pickup', { nonce: 'n' }],
    ['/api/sign-in/pickup', []],
    ['/api/sign-in/pickup', '{not json'],
    ['/api/sign-in/pickup', 'null'],
  ])('%s refuses %j', async (path, body) => {
    const answer = await world.api(path, { origin: MAIL, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
  });

  test('a body over 64 KiB is refused unread', async () => {
    const answer = await world.api('/api/sessions', { origin: MAIL, body: { code: 'x'.repeat(70_000) } });
    expect(answer).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
  });
});
