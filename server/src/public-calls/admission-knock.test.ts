// What strangers send to the rest of the hub, over real sockets of a whole one.
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { limits } from '@ringtag/server/protocol';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ALICE, MAIL, startTestHub, type TestHub } from '../testing/hub.ts';

let world: TestHub;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await world.close();
});

async function start(table: object): Promise<void> {
  world = await startTestHub({ env: { PUBLIC_LIMITS: JSON.stringify(table) } });
}

/** As it is: `fetch` would tidy the path. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: world.hub.port, method, path, headers, agent: false });
    asked.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
    asked.end();
  });
}

async function knockUntilRefused(): Promise<number> {
  for (let count = 0; count < 1_000; count += 1)
    if ((await raw('GET', `/nothing-${count}`)) === 429) return count;
  throw new Error('nobody was refused');
}

test('P10 a network that knocks everywhere is refused, and hears when to come again', async () => {
  await start({ perMinute: { knock: { network: 20 } } });
  expect(await knockUntilRefused()).toBe(20);
  for (const path of [
    '/',
    '/ringtag.js',
    '/%2e/x',
    '//api/public/tickets',
    '/api/people',
    '/devices',
    '/metrics',
  ])
    expect(await raw('GET', path), path).toBe(429);
  const { status, headers, body } = await world.api('/api/me', { origin: MAIL });
  expect([status, body]).toMatchObject([429, { code: 'RATE_LIMITED', state: 'address' }]);
  expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(headers.get('Access-Control-Allow-Origin')).toBe(MAIL);
});

test('P10 whoever is signed in behind the same address is served on, and was never counted', async () => {
  await start({ perMinute: { knock: { network: 60 } } });
  const alice = await world.signIn(ALICE);
  const me = () => world.api('/api/me', { origin: MAIL, bearer: alice.grant.bearer });
  for (let count = 0; count < 80; count += 1) expect((await me()).status).toBe(200);
  expect(await knockUntilRefused()).toBeGreaterThan(0);
  expect((await me()).status).toBe(200);
  // One that is made up, or good on another page, is nobody's.
  expect((await world.api('/api/me', { origin: MAIL, bearer: 'b'.repeat(43) })).status).toBe(429);
  expect(
    (await world.api('/api/me', { origin: 'https://evil.example', bearer: alice.grant.bearer })).status,
  ).toBe(429);
});

test('P10 what browsers ask before they ask is answered at the door, however often', async () => {
  await start({ perMinute: { knock: { network: 0 } } });
  const preflight = (origin: string) => world.api('/api/people', { method: 'OPTIONS', origin });
  expect((await preflight(MAIL)).status).toBe(204);
  const foreign = await preflight('https://evil.example');
  expect([foreign.status, foreign.body.code]).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
  // No other spelling of a path of the public's gets further.
  expect(await raw('GET', '/api/public/%64estinations/sales')).toBe(404);
  expect(await raw('GET', '/readyz')).toBe(429);
  // A flood is not the hub's death.
  expect(await raw('GET', '/healthz')).toBe(200);
});

test('H1 sockets of devices are let in while strangers\u2019 are refused', async () => {
  await start({ perMinute: { knock: { network: 40 } } });
  const alice = await world.signIn(ALICE);
  const open = async (bearer: string) => {
    const auth = { bearer, protocol: limits.PROTOCOL_VERSION };
    const options = { transports: ['websocket'], reconnection: false, forceNew: true, auth };
    const socket = io(world.hub.url, { ...options, extraHeaders: { Origin: MAIL } });
    const opened = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true)).on('connect_error', ({ message }) => resolve(message === ''));
    });
    socket.disconnect();
    return opened;
  };
  for (let count = 0; count < 45; count += 1) expect(await open(alice.grant.bearer)).toBe(true);
  await knockUntilRefused();
  const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
  const headers = { ...upgrade, 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' };
  expect(await raw('GET', '/socket.io/?EIO=4&transport=websocket', headers)).toBe(400);
  expect(await raw('GET', '/socket.io/?EIO=4&transport=polling')).toBe(403);
});

/** As a proxy says where it comes from. */
const knockFrom = (address: string, path: string) => raw('GET', path, { 'X-Forwarded-For': address });

async function opens(bearer: string, address: string): Promise<boolean> {
  const auth = { bearer, protocol: limits.PROTOCOL_VERSION };
  const options = { transports: ['websocket'], reconnection: false, forceNew: true, auth };
  const extraHeaders = { Origin: MAIL, 'X-Forwarded-For': address };
  const socket = io(world.hub.url, { ...options, extraHeaders });
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.on('connect', () => resolve(true)).on('connect_error', () => resolve(false));
  });
  socket.disconnect();
  return isOpen;
}

describe('P10 while strangers of many networks knock too often together', () => {
  const flood = async (path: string) => {
    for (let n = 0; n < 250; n += 1) if ((await knockFrom(`198.51.100.${n}`, path)) === 429) return 429;
    throw new Error('nobody was refused');
  };
  beforeEach(async () => {
    const limit = JSON.stringify({ perMinute: { knock: { hub: 20 } } });
    world = await startTestHub({ env: { TRUSTED_PROXIES: 'loopback', PUBLIC_LIMITS: limit } });
  });

  test('employees\u2019 devices connect anew, load the page and ask on, whatever it is that is flooded', async () => {
    const alice = await world.signIn(ALICE);
    expect(await opens(alice.grant.bearer, '203.0.113.9')).toBe(true);
    for (const path of ['/nothing', '/ringtag.js', '/auth/start']) expect(await flood(path), path).toBe(429);
    expect(await opens(alice.grant.bearer, '203.0.113.9')).toBe(true);
    for (const path of ['/ringtag.js', '/devices', '/nothing'])
      expect(await knockFrom('203.0.113.9', path), path).not.toBe(429);
  });

  test('nobody is kept from the tag\u2019s files and from signing in by paths that are none', async () => {
    expect(await flood('/nothing')).toBe(429);
    expect(await knockFrom('203.0.113.9', '/nothing')).toBe(429);
    for (const path of ['/ringtag.js', '/auth/start', '/admin', '/chunks/phone.js'])
      expect(await knockFrom('203.0.113.9', path), path).not.toBe(429);
  });

  test('a hub that has just begun learns by a bearer where somebody is signed in', async () => {
    const alice = await world.signIn(ALICE);
    await world.restart();
    for (const path of ['/nothing', '/auth/start']) expect(await flood(path), path).toBe(429);
    const { bearer } = alice.grant;
    expect(await opens(bearer, '203.0.113.9')).toBe(false);
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    expect((await world.api('/api/me', { origin: MAIL, bearer, headers })).status).toBe(200);
    expect(await opens(bearer, '203.0.113.9')).toBe(true);
  });
});

test('P10 a network has so many connections on which nobody is known, and employees\u2019 do not count', async () => {
  await start({ connections: { network: 10 } });
  const alice = await world.signIn(ALICE);
  const open = async (said = '') => {
    const socket = connect(world.hub.port, '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    let heard = '';
    socket.on('data', (chunk) => {
      heard += String(chunk);
    });
    await once(socket, 'connect');
    socket.write(said);
    return { socket, heard: () => heard };
  };
  const bearer = `Authorization: Bearer ${alice.grant.bearer}\r\n`;
  for (let count = 0; count < 15; count += 1) {
    const { heard } = await open(`GET /api/me HTTP/1.1\r\nHost: hub\r\nOrigin: ${MAIL}\r\n${bearer}\r\n`);
    await expect.poll(heard).toContain(' 200 OK');
  }
  const silent = await Promise.all(Array.from({ length: 30 }, () => open()));
  const left = () => silent.filter(({ socket }) => !socket.closed).length;
  await expect.poll(left).toBeLessThanOrEqual(10);
});
