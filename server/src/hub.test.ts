// The hub as a whole: what no single part can promise. Sockets are real ones, the clock is the test's.
import { limits, type ServerToClient } from '@ringtag/server/protocol';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from './app.ts';
import { createRouter } from './platform/edge.ts';
import type { Health } from './platform/health.ts';
import { silentLogger } from './platform/logger.ts';
import { createMetrics } from './platform/metrics.ts';
import type { TestDevice } from './testing/browser.ts';
import { ALICE, BRUNO, INTRANET, MAIL, startTestHub, type TestHub } from './testing/hub.ts';

let world: TestHub;
const sockets: Socket[] = [];

beforeAll(async () => {
  world = await startTestHub();
});
afterAll(() => world.close());
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

/** Connects as the device's page would; resolves with its first snapshot. */
async function connect(device: TestDevice): Promise<Socket> {
  const socket = io(world.hub.url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { Origin: device.origin },
    auth: { bearer: device.grant.bearer, protocol: limits.PROTOCOL_VERSION },
  });
  sockets.push(socket);
  await heard(socket, 'snapshot');
  return socket;
}

function heard(socket: Socket, event: keyof ServerToClient | 'disconnect'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('connect_error', reject);
  });
}

const call = (device: TestDevice, personId: string) =>
  world.api('/api/calls', {
    origin: device.origin,
    bearer: device.grant.bearer,
    body: { requestId: crypto.randomUUID(), to: { personId } },
  });

describe('S6', () => {
  test('S6 signing out tells the socket, closes it, and ends the call', async () => {
    const alice = await world.signIn(ALICE);
    const bruno = await world.signIn(BRUNO);
    const [caller, callee] = [await connect(alice), await connect(bruno)];
    const ringing = heard(callee, 'call:ringing');
    expect((await call(alice, bruno.grant.me.id)).body).toMatchObject({ via: 'room', state: 'ringing' });
    await ringing;
    const told = Promise.all([heard(callee, 'session:ended'), heard(callee, 'disconnect')]);
    const { origin, grant } = bruno;
    await world.api('/api/sessions/current', { method: 'DELETE', origin, bearer: grant.bearer });
    await told;
    expect(callee.connected).toBe(false);
    const over = heard(caller, 'session:ended');
    await world.api('/api/sessions/current', { method: 'DELETE', origin, bearer: alice.grant.bearer });
    await over;
  });

  test('S6 the fixed end of a session closes its socket without anybody asking', async () => {
    const alice = await world.signIn(ALICE);
    const socket = await connect(alice);
    let isOver = false;
    socket.once('session:ended', () => {
      isOver = true;
    });
    world.clock.leap(limits.SESSION_MS);
    // The hub looks each minute, and may be looking while this clock jumps.
    await expect
      .poll(() => {
        world.clock.advance(60_000);
        return isOver;
      })
      .toBe(true);
  });
});

test('D4 two sites in one browser are siblings, and another browser of the person is none', async () => {
  const browser = world.browser();
  const mail = await world.signIn(ALICE, { origin: MAIL, browser });
  const intranet = await world.signIn(ALICE, { origin: INTRANET, browser });
  const carrier = await connect(mail);
  const [sibling, elsewhere] = [await connect(intranet), await connect(await world.signIn(ALICE))];
  const seen = heard(sibling, 'calls:elsewhere');
  const leaked: unknown[] = [];
  elsewhere.on('calls:elsewhere', (event) => leaked.push(event));
  const call = { callId: 'c-1', direction: 'out', via: 'pbx', phase: 'active', peer: { name: 'Bruno' } };
  const show = { calls: [{ ...call, media: 'audio', muted: false }] };
  expect(await carrier.emitWithAck('calls:show', show)).toEqual({ ok: true });
  expect(await seen).toMatchObject({ deviceId: mail.grant.sessionId, popOut: false, calls: [call] });
  const steer = { deviceId: mail.grant.sessionId, callId: 'c-1', command: { name: 'show' } };
  expect(await elsewhere.emitWithAck('calls:steer', steer)).toMatchObject({ code: 'NOT_FOUND' });
  const steered = heard(carrier, 'calls:steer');
  expect(await sibling.emitWithAck('calls:steer', steer)).toEqual({ ok: true });
  expect(await steered).toEqual({ callId: 'c-1', command: { name: 'show' } });
  expect(leaked).toEqual([]);
});

test('/metrics says how calls go and how they ended, and which sockets were refused', async () => {
  const metric = async (line: string) => (await world.api('/metrics', {})).body.includes(`${line}\n`);
  const [alice, bruno] = [await world.signIn(ALICE), await world.signIn(BRUNO)];
  const [, callee] = [await connect(alice), await connect(bruno)];
  const ringing = heard(callee, 'call:ringing');
  const { callId } = (await call(alice, bruno.grant.me.id)).body;
  await ringing;
  expect(await metric('ringtag_calls{state="ringing"} 1')).toBe(true);
  expect(await metric('ringtag_devices 2')).toBe(true);
  const { bearer } = bruno.grant;
  await world.api(`/api/calls/${callId}/decline`, { origin: MAIL, bearer, body: {} });
  expect(await metric('ringtag_calls{state="ringing"} 0')).toBe(true);
  expect(await metric('ringtag_calls_ended_total{via="room",reason="declined"} 1')).toBe(true);
  await world.api(`/api/calls/${callId}/decline`, { origin: MAIL, bearer, body: {} });
  expect(await metric('ringtag_calls_ended_total{via="room",reason="declined"} 1')).toBe(true);
  const stranger = { ...alice, grant: { ...alice.grant, bearer: 'nonsense' } };
  await expect(connect(stranger)).rejects.toThrow('SIGNED_OUT');
  expect(await metric('ringtag_socket_refusals_total{code="SIGNED_OUT"} 1')).toBe(true);
});

test('presence: a connected person is online to others, in search, resolve and reach', async () => {
  const alice = await world.signIn(ALICE);
  const bruno = await world.signIn(BRUNO);
  await connect(bruno);
  const ask = (path: string) => world.api(path, { origin: MAIL, bearer: alice.grant.bearer });
  expect((await ask('/api/people?q=bruno')).body.people[0].online).toBe(true);
  expect((await ask(`/api/people/${bruno.grant.me.id}/reach`)).body.ways[0]).toEqual({
    kind: 'browser',
    via: 'room',
    available: true,
  });
});

test('the hub stops in little time while sockets are open, and they may come back', async () => {
  const alice = await world.signIn(ALICE);
  const socket = await connect(alice);
  const gone = heard(socket, 'disconnect');
  const begunAt = performance.now();
  await world.restart();
  expect(performance.now() - begunAt).toBeLessThan(3_000);
  // A transport that closes makes clients reconnect; a server's disconnect would not.
  expect(await gone).not.toBe('io server disconnect');
  await connect(alice);
});

describe('a part that is missing', () => {
  const health: Health = { storage: async () => true, identityProvider: async () => true, pbx: () => 'up' };
  const read = async (response: Response): Promise<{ code?: string; missing?: string[] }> =>
    (await response.json()) as object;
  function appWith(changed: Partial<Health>) {
    const broken = createRouter();
    broken.get('/api/broken', () => {
      throw new Error('a fault');
    });
    return createApp({
      publicUrl: MAIL,
      allowedOrigins: [MAIL],
      logger: silentLogger,
      metrics: createMetrics(),
      health: { ...health, ...changed },
      routers: [broken],
      widgetDir: '/nowhere',
    });
  }

  test('a fault of the hub is INTERNAL, and says nothing more', async () => {
    const response = await appWith({}).request('/api/broken');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'INTERNAL',
      status: 500,
      code: 'INTERNAL',
    });
  });

  test('without storage it is STORAGE_UNAVAILABLE, and the hub is not ready', async () => {
    const app = appWith({ storage: async () => false });
    const response = await app.request('/api/broken');
    expect([response.status, (await read(response)).code]).toEqual([503, 'STORAGE_UNAVAILABLE']);
    const ready = await app.request('/readyz');
    expect([ready.status, (await read(ready)).missing]).toEqual([503, ['storage']]);
  });

  test('without provider or PBX the hub is ready, and names them', async () => {
    const app = appWith({ identityProvider: async () => false, pbx: () => 'down' });
    const ready = await app.request('/readyz');
    expect([ready.status, (await read(ready)).missing]).toEqual([200, ['identityProvider', 'pbx']]);
  });

  test('without sip-gate the hub is ready, and says that it is the gate that is missing', async () => {
    const ready = await appWith({ pbx: () => 'gate down' }).request('/readyz');
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { missing: ['pbx'], parts: { pbx: 'gate down' } },
    ]);
  });
});

test('a provider that is away is a page that says so, and is named by /readyz', async () => {
  const elsewhere = await startTestHub({ env: { OIDC_ISSUER: 'http://id.localhost:9' } });
  try {
    const secrets = { nonce: 'n'.repeat(43), challenge: 'c'.repeat(43), verifier: '' };
    const page = await elsewhere.browser().request(elsewhere.startUrl(secrets));
    expect(page.response.status).toBe(500);
    expect(page.text).toContain('The sign-in service does not answer.');
    expect((await elsewhere.api('/readyz', {})).body.missing).toEqual(['identityProvider']);
  } finally {
    await elsewhere.close();
  }
});
