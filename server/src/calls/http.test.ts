import { limits, refuse } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Authenticate, Caller } from '../auth/authenticate.ts';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { callRoutes } from './http.ts';
import { moveRoutes } from './move-routes.ts';
import { openStage, type Stage, type StageDevice } from './stage.ts';

const ORIGIN = 'https://mail.example.test';

let storage: Storage;
let stage: Stage;
let app: ReturnType<typeof callRoutes>;
let alice: StageDevice;
let bruno: StageDevice;
let brunoMobile: StageDevice;
let carla: StageDevice;
let bearers: Map<string, Caller>;

/** Stands in for `auth/sessions.ts`. */
const authenticate: Authenticate = async (bearer, origin) => {
  const caller = bearers.get(bearer ?? '');
  if (!caller) return refuse('SIGNED_OUT');
  return origin === ORIGIN ? caller : refuse('ORIGIN_NOT_ALLOWED');
};

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openStage(storage);
  app = callRoutes({ calls: stage.calls, authenticate });
  app.route('/', moveRoutes({ calls: stage.calls, authenticate }));
  alice = stage.device('alice', 'alice');
  bruno = stage.device('bruno', 'bruno');
  brunoMobile = stage.device('bruno', 'bruno-mobile');
  carla = stage.device('carla', 'carla');
  const all = [alice, bruno, brunoMobile, carla];
  for (const device of all) device.connect();
  bearers = new Map(all.map((device) => [device.device.sessionId, device.caller]));
});
afterEach(async () => {
  await stage.calls.stop();
  await storage.close();
});

async function post(
  path: string,
  { as, body, origin = ORIGIN }: { as?: StageDevice; body?: unknown; origin?: string },
) {
  const headers: Record<string, string> = { Origin: origin };
  if (as) headers.Authorization = `Bearer ${as.device.sessionId}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await app.request(path, { method: 'POST', headers, ...init });
  const parsed = (await response.json()) as { callId: string; code?: string; field?: string };
  return { status: response.status, type: response.headers.get('content-type'), body: parsed };
}

const order = (key: string, more: object = {}) => stage.order({ personId: stage.person(key).id }, more);

async function placeFrom(device: StageDevice, key: string): Promise<string> {
  const { body } = await post('/api/calls', { as: device, body: order(key) });
  return body.callId;
}

describe('POST /api/calls', () => {
  it('C2 answers with the ringing call', async () => {
    const { status, body } = await post('/api/calls', { as: alice, body: order('bruno') });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      via: 'room',
      state: 'ringing',
      ringForMs: limits.RING_MS,
      peer: { name: 'bruno' },
    });
    expect(JSON.stringify(body)).not.toContain('s-bruno');
    expect(JSON.stringify(body)).not.toContain('@example.test');
  });

  it('C11 UNREACHABLE is problem+json and carries the ways that remain', async () => {
    carla.vanish();
    stage.clock.advance(limits.RECONNECT_GRACE_MS);
    const { status, type, body } = await post('/api/calls', { as: alice, body: order('carla') });
    expect([status, type]).toEqual([409, 'application/problem+json']);
    expect(body).toMatchObject({ code: 'UNREACHABLE', ways: [{ kind: 'browser' }, { kind: 'extension' }] });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty object', {}],
    ['a list', []],
    ['no target', { requestId: 'x'.repeat(20) }],
    ['both targets', { requestId: 'x'.repeat(20), to: { personId: 'u-1', number: '600' } }],
    ['an operator for an id', { requestId: 'x'.repeat(20), to: { personId: { $ne: '' } } }],
    ['an operator for a key', { requestId: { $gt: '' }, to: { number: '600' } }],
    ['a short key', { requestId: 'x', to: { number: '600' } }],
    ['a number with a header in it', { requestId: 'x'.repeat(20), to: { number: '600\r\nX: y' } }],
    ['a number with a URI in it', { requestId: 'x'.repeat(20), to: { number: '600@evil.test' } }],
    ['an endless number', { requestId: 'x'.repeat(20), to: { number: '6'.repeat(200) } }],
    ['an unknown way', { requestId: 'x'.repeat(20), to: { number: '600' }, way: 'trunk' }],
    ['an unknown field', { requestId: 'x'.repeat(20), to: { number: '600' }, callerId: 'u-2' }],
  ])('refuses %s as INVALID_INPUT', async (_, body) => {
    const answer = await post('/api/calls', { as: alice, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    expect(stage.calls.liveCount).toBe(0);
  });
});

describe('accept, decline and end', () => {
  it('C4 two devices at once: exactly one wins', async () => {
    const callId = await placeFrom(alice, 'bruno');
    const path = `/api/calls/${callId}/accept`;
    const answers = await Promise.all([post(path, { as: bruno }), post(path, { as: brunoMobile })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'ALREADY_ANSWERED' });
  });

  it('C5 after the time it is 410 CALL_EXPIRED', async () => {
    const callId = await placeFrom(alice, 'bruno');
    stage.clock.advance(limits.RING_MS);
    const answer = await post(`/api/calls/${callId}/accept`, { as: bruno });
    expect(answer).toMatchObject({ status: 410, body: { code: 'CALL_EXPIRED' } });
  });

  it('C6 a decline needs no body, and takes a message of bounded length', async () => {
    const first = await placeFrom(alice, 'bruno');
    const long = { message: 'x'.repeat(limits.DECLINE_MESSAGE_CHARS + 1) };
    expect(await post(`/api/calls/${first}/decline`, { as: bruno, body: long })).toMatchObject({
      status: 400,
    });
    expect(await post(`/api/calls/${first}/decline`, { as: bruno })).toMatchObject({ status: 200 });
    const second = await placeFrom(alice, 'bruno');
    await post(`/api/calls/${second}/decline`, { as: bruno, body: { message: 'Later' } });
    expect(alice.heard('call:ended')).toMatchObject([
      { callId: first },
      { callId: second, message: 'Later' },
    ]);
  });

  it('R4 an end needs no body, and knows its reasons', async () => {
    const callId = await placeFrom(alice, 'bruno');
    await post(`/api/calls/${callId}/accept`, { as: bruno });
    const wrong = await post(`/api/calls/${callId}/end`, { as: alice, body: { reason: 'transferred' } });
    expect(wrong).toMatchObject({ status: 400, body: { field: 'reason' } });
    expect(await post(`/api/calls/${callId}/end`, { as: alice })).toMatchObject({ status: 200 });
    expect(bruno.heard('call:ended')).toEqual([{ callId, reason: 'hangup' }]);
    expect(await post(`/api/calls/${callId}/end`, { as: alice, body: { reason: 'left' } })).toMatchObject({
      status: 200,
    });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty object', {}],
    ['nobody and somebody', { to: { number: '600' }, with: 'c-1' }],
    ['a number with a header in it', { to: { number: '600\r\nX: y' } }],
    [
      'a dialog with a header in it',
      { with: 'c-1', dialog: { callId: 'a\r\nX: y', localTag: 'l', remoteTag: 'r' } },
    ],
    [
      'a tag with a parameter in it',
      { with: 'c-1', dialog: { callId: 'a', localTag: 'l;x=y', remoteTag: 'r' } },
    ],
  ])('a transfer to %s is INVALID_INPUT', async (_, body) => {
    const callId = await placeFrom(alice, 'bruno');
    expect(await post(`/api/calls/${callId}/transfer`, { as: alice, body })).toMatchObject({ status: 400 });
  });

  it.each(['..%2f..%2fetc', '%00', `${'c'.repeat(65)}`, '%7B%7D'])('refuses the id %s', async (id) => {
    expect(await post(`/api/calls/${id}/end`, { as: alice })).toMatchObject({
      status: 400,
      body: { field: 'id' },
    });
  });
});

/** Who may do what to a call: rows are routes and the call's state, columns devices. */
describe('the authorisation matrix', () => {
  type Who = 'caller' | "callee's winner" | "callee's other" | 'third' | 'nobody' | 'wrong origin';
  const routes = ['accept', 'decline', 'end', 'transfer'] as const;
  const columns = ['caller', "callee's winner", "callee's other", 'third', 'nobody', 'wrong origin'] as const;
  const expected: Record<'ringing' | 'active' | 'ended', Record<(typeof routes)[number], number[]>> = {
    ringing: {
      accept: [404, 200, 200, 404, 401, 403],
      decline: [404, 200, 200, 404, 401, 403],
      end: [200, 404, 404, 404, 401, 403],
      transfer: [409, 404, 404, 404, 401, 403],
    },
    active: {
      accept: [404, 200, 409, 404, 401, 403],
      decline: [404, 409, 409, 404, 401, 403],
      end: [200, 200, 404, 404, 401, 403],
      transfer: [200, 200, 404, 404, 401, 403],
    },
    ended: {
      accept: [404, 410, 410, 404, 401, 403],
      decline: [404, 410, 410, 404, 401, 403],
      end: [200, 200, 404, 404, 401, 403],
      transfer: [409, 409, 404, 404, 401, 403],
    },
  };

  function sender(who: Who): { as?: StageDevice; origin?: string } {
    switch (who) {
      case 'caller':
        return { as: alice };
      case "callee's winner":
        return { as: bruno };
      case "callee's other":
        return { as: brunoMobile };
      case 'third':
        return { as: carla };
      case 'nobody':
        return {};
      case 'wrong origin':
        return { as: alice, origin: 'https://evil.example.test' };
    }
  }

  for (const state of ['ringing', 'active', 'ended'] as const) {
    for (const route of routes) {
      for (const [column, who] of columns.entries()) {
        const status = expected[state][route][column];
        it(`R1 ${who}: ${route} of a call that is ${state} is ${status}`, async () => {
          const callId = await placeFrom(alice, 'bruno');
          if (state !== 'ringing') await post(`/api/calls/${callId}/accept`, { as: bruno });
          if (state === 'ended') await post(`/api/calls/${callId}/end`, { as: alice });
          const body = route === 'transfer' ? { body: { to: { personId: stage.person('dora').id } } } : {};
          const answer = await post(`/api/calls/${callId}/${route}`, { ...sender(who), ...body });
          expect(answer.status).toBe(status);
          const untouched = await storage.calls.byId(callId);
          if (status !== 200) expect(untouched?.state).toBe(state);
        });
      }
    }
  }

  it('R1 placing needs a bearer, and a page of its origin', async () => {
    expect(await post('/api/calls', { body: order('bruno') })).toMatchObject({ status: 401 });
    const elsewhere = { as: alice, body: order('bruno'), origin: 'https://evil.example.test' };
    expect(await post('/api/calls', elsewhere)).toMatchObject({ status: 403 });
  });
});

describe('moving', () => {
  let page: StageDevice;
  let popOut: StageDevice;
  let cast: readonly (readonly [who: string, from: { as?: StageDevice; origin?: string }])[];

  beforeEach(() => {
    page = stage.device('alice', 'page', { browserId: 'b-1' });
    popOut = stage.device('alice', 'pop-out', { browserId: 'b-1', popOut: true });
    const phone = stage.device('alice', 'phone', { browserId: 'b-2' });
    for (const device of [page, popOut, phone]) {
      device.connect();
      bearers.set(device.device.sessionId, device.caller);
    }
    cast = [
      ["the carrier's device", { as: page }],
      ['the window beside it', { as: popOut }],
      ['another browser of theirs', { as: phone }],
      ['the other party', { as: bruno }],
      ['a third person', { as: carla }],
      ['nobody', {}],
      ['a wrong origin', { as: page, origin: 'https://evil.example.test' }],
    ];
  });

  it('M1, M2 only the device that carries a call may offer it, only the one it was offered to takes it', async () => {
    const callId = await placeFrom(page, 'bruno');
    await post(`/api/calls/${callId}/accept`, { as: bruno });
    const body = { toDeviceId: popOut.device.sessionId, callId };
    const offered: number[] = [];
    for (const [, from] of cast) offered.push((await post('/api/moves', { ...from, body })).status);
    expect(offered).toEqual([200, 404, 404, 404, 404, 401, 403]);
    const [offer] = popOut.heard('call:move');
    const path = `/api/moves/${offer?.moveId}/take`;
    const taken: number[] = [];
    for (const [, from] of [...cast].reverse()) taken.unshift((await post(path, from)).status);
    expect(taken).toEqual([404, 200, 404, 404, 404, 401, 403]);
    expect(await storage.calls.byId(callId)).toMatchObject({ callerSessionId: popOut.device.sessionId });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no device', {}],
    ['an operator for a device', { toDeviceId: { $ne: '' } }],
    ['a nameless peer', { toDeviceId: 's-pop-out', peer: {} }],
    ['an endless name', { toDeviceId: 's-pop-out', peer: { name: 'x'.repeat(201) } }],
    ['an unknown field', { toDeviceId: 's-pop-out', dial: '600' }],
  ])('an offer of %s is INVALID_INPUT', async (_, body) => {
    expect(await post('/api/moves', { as: page, body })).toMatchObject({ status: 400 });
    expect(popOut.heard('call:move')).toEqual([]);
  });

  it.each(['..%2f..%2fetc', '%00', '%7B%7D'])('the id %s is INVALID_INPUT', async (id) => {
    expect(await post(`/api/moves/${id}/take`, { as: popOut })).toMatchObject({ status: 400 });
  });
});
