// sip-gate in front of a real Asterisk: who gets through, what passes, and what is closed.
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { answerChallenge } from '../../demo/src/softphone/digest.ts';
import { createGate, type Gate, type GateOptions } from '../../server/src/gate/gate.ts';
import { type GateTokenPayload, signGateToken } from '../../server/src/gate/token.ts';
import { digestHa1 } from '../../server/src/pbx/credentials.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { openPbx, REALM, until } from './scene.ts';

// A deadline against hanging, not a measure: machines that run tests are busy.
vi.setConfig({ testTimeout: 40_000 });

const SECRET = 'a secret of thirty-two characters or more';
const ORIGIN = 'http://mail.localhost:4001';
const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`sip-gate${skip ? ` (${skip})` : ''}`, () => {
  let now = 1_800_000_000_000;
  let gate: Gate;
  const others: Gate[] = [];
  const sockets: WebSocket[] = [];

  const openGate = (options: Partial<GateOptions> = {}): Promise<Gate> =>
    createGate({ asteriskUrl: asterisk.wsUrl, secret: SECRET, now: () => now, ...options });

  const token = (change: Partial<GateTokenPayload> = {}, secret = SECRET): string => {
    const payload = {
      endpoint: 'd-alice',
      origin: ORIGIN,
      kind: 'employee',
      expiresAtMs: now + 60_000,
    } as const;
    return signGateToken({ ...payload, ...change }, secret);
  };

  interface Visit {
    readonly token?: string;
    readonly origin?: string;
    readonly protocol?: string[];
    readonly path?: string;
    readonly port?: number;
  }

  /** The open socket, or the HTTP status of the refusal. */
  function visit({
    origin = ORIGIN,
    protocol = ['sip'],
    path = '/sip',
    ...rest
  }: Visit): Promise<WebSocket | number> {
    const query = rest.token === undefined ? '' : `?token=${rest.token}`;
    const socket = new WebSocket(`ws://127.0.0.1:${rest.port ?? gate.port}${path}${query}`, protocol, {
      origin,
    });
    sockets.push(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(socket));
      socket.on('unexpected-response', (_, response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      socket.on('error', reject);
    });
  }

  const admitted = async (options: Visit = {}): Promise<WebSocket> => {
    const socket = await visit({ token: token(), ...options });
    if (typeof socket === 'number') throw new Error(`Refused with ${socket}`);
    return socket;
  };

  const order = (
    endpoint: string,
    secret = SECRET,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(`http://127.0.0.1:${gate.port}/control/close`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, ...headers },
      body: JSON.stringify({ endpoint }),
    });

  beforeAll(async () => {
    gate = await openGate();
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await Promise.all(others.splice(0).map((other) => other.close()));
  });

  afterAll(async () => {
    await gate?.close();
    await asterisk?.stop();
  });

  it('lets a signed-in page through to Asterisk, which answers', async () => {
    const socket = await admitted();
    expect(socket.protocol).toBe('sip');
    socket.send(register('d-alice'));
    expect(await nextMessage(socket)).toMatch(/^SIP\/2\.0 401 /);
  });

  it('registers a device with its HA1 over WebSocket, and closes its connection when it is revoked', async () => {
    const pbx = openPbx(asterisk, { url: `http://127.0.0.1:${gate.port}`, secret: SECRET });
    await until(pbx, () => pbx.available);
    const auths = [{ id: 'd-alice-1', ha1: digestHa1({ user: 'd-alice', realm: REALM, password: 'p' }) }];
    await pbx.grant(
      { endpoint: 'd-alice', kind: 'device', callerName: 'A', callerNumber: '1001', auths },
      [],
    );
    const socket = await admitted();
    await registerOver(socket, 'd-alice', 'p');
    await until(pbx, () => pbx.isRegistered('d-alice'));
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await pbx.revoke('d-alice', []);
    expect(await closed).toBe(1008);
    await pbx.close();
  });

  it('makes telephone calls unavailable when it dies, and available again when it is back', async () => {
    const mortal = await openGate();
    const pbx = openPbx(asterisk, { url: `http://127.0.0.1:${mortal.port}`, secret: SECRET });
    const changes: boolean[] = [];
    pbx.on('availability', (available) => changes.push(available));
    await until(pbx, () => pbx.available);
    await mortal.close();
    await vi.waitFor(() => expect(pbx).toMatchObject({ available: false, isGateMissing: true }), 10_000);
    others.push(await openGate({ port: mortal.port }));
    await vi.waitFor(() => expect(pbx).toMatchObject({ available: true, isGateMissing: false }), 10_000);
    expect(changes).toEqual([true, false, true]);
    await pbx.close();
  });

  it.each<[string, () => Visit, number]>([
    ['without a token', () => ({}), 401],
    ['with an empty token', () => ({ token: '' }), 401],
    ['with nonsense for a token', () => ({ token: 'e30.e30' }), 401],
    [
      'with a token signed by another',
      () => ({ token: token({}, 'another secret, equally long as ours') }),
      401,
    ],
    ['with a token that has run out', () => ({ token: token({ expiresAtMs: now }) }), 401],
    ['with a token whose payload was changed', () => ({ token: forged(token()) }), 401],
    ['from another origin', () => ({ token: token(), origin: 'https://evil.example' }), 403],
    ['without the subprotocol', () => ({ token: token(), protocol: ['xmpp'] }), 400],
    ['on another path', () => ({ token: token(), path: '/ws' }), 404],
  ])('refuses a connection %s', async (_, visitor, status) => {
    expect(await visit(visitor())).toBe(status);
  });

  it('a token works for a minute of the clock', async () => {
    const old = token();
    now += 59_999;
    await admitted({ token: old });
    now += 1;
    expect(await visit({ token: old })).toBe(401);
  });

  it('nothing of a refused visitor reaches Asterisk', async () => {
    const upstream = await listenForConnections();
    const other = await openGate({ asteriskUrl: `ws://127.0.0.1:${upstream.port}/ws` });
    others.push(other);
    expect(await visit({ port: other.port })).toBe(401);
    expect(await visit({ port: other.port, token: token(), origin: 'https://evil.example' })).toBe(403);
    expect(upstream.count()).toBe(0);
    await upstream.close();
  });

  it('a frame of more than 64 kB ends the connection', async () => {
    const socket = await admitted();
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.send('x'.repeat(64 * 1024 + 1));
    expect(await closed).toBe(1009);
  });

  it('a binary frame ends the connection', async () => {
    const socket = await admitted();
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.send(Buffer.from('REGISTER'));
    expect(await closed).toBe(1008);
  });

  it('guests fill their own places only, and one endpoint cannot take them all', async () => {
    const other = await openGate({ quotas: { guests: 2, employees: 2, perEndpoint: 1 } });
    others.push(other);
    const from = (kind: 'guest' | 'employee', endpoint: string): Promise<WebSocket | number> =>
      visit({ port: other.port, token: token({ kind, endpoint }) });
    expect(await from('guest', 'g-1')).toBeInstanceOf(WebSocket);
    expect(await from('guest', 'g-1')).toBe(503);
    expect(await from('guest', 'g-2')).toBeInstanceOf(WebSocket);
    expect(await from('guest', 'g-3')).toBe(503);
    expect(await from('employee', 'd-1')).toBeInstanceOf(WebSocket);
    const second = await from('employee', 'd-2');
    expect(second).toBeInstanceOf(WebSocket);
    expect(await from('employee', 'd-3')).toBe(503);
    const gone = new Promise((resolve) => (second as WebSocket).on('close', resolve));
    (second as WebSocket).close();
    await gone;
    expect(await from('employee', 'd-3')).toBeInstanceOf(WebSocket);
  });

  it('closes an endpoint by order, and only with the secret, from this machine itself', async () => {
    const socket = await admitted();
    const other = await admitted({ token: token({ endpoint: 'd-other' }) });
    expect((await order('d-alice', 'wrong')).status).toBe(401);
    expect((await order('d-alice', SECRET, { 'x-forwarded-for': '203.0.113.5' })).status).toBe(404);
    expect((await order('')).status).toBe(400);
    expect([socket.readyState, other.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    expect(await (await order('d-alice')).json()).toEqual({ closed: 1 });
    expect(await closed).toBe(1008);
    expect(other.readyState).toBe(WebSocket.OPEN);
  });

  it('says how it is, and nothing more', async () => {
    const health = await fetch(`http://127.0.0.1:${gate.port}/healthz`);
    expect([health.status, await health.json()]).toMatchObject([200, { ok: true }]);
    expect((await fetch(`http://127.0.0.1:${gate.port}/`)).status).toBe(404);
  });

  it('P10 with TLS, too, who does not begin is hung up on, and takes no place once a token was shown', async () => {
    const pem = (name: string) => readFile(join(asterisk.dir, 'tls', name), 'utf8');
    const tls = { cert: await pem('sip.crt'), key: await pem('sip.key') };
    const other = await openGate({ tls, patienceMs: 500, quotas: { pendingPerNetwork: 1 } });
    others.push(other);
    const open = async (): Promise<WebSocket> => {
      const url = `wss://127.0.0.1:${other.port}/sip?token=${token()}`;
      const socket = new WebSocket(url, ['sip'], { origin: ORIGIN, rejectUnauthorized: false });
      sockets.push(socket);
      await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
      return socket;
    };
    const opened = [await open(), await open(), await open()];
    const silent = connect(other.port, '127.0.0.1');
    silent.on('error', () => {});
    await new Promise((resolve) => silent.on('close', resolve));
    expect(opened.map(({ readyState }) => readyState)).toEqual([1, 1, 1]);
    opened[0]?.send(register('d-alice'));
    expect(await nextMessage(opened[0] as WebSocket)).toMatch(/^SIP\/2\.0 401 /);
  });

  it('without Asterisk a connection ends with a reason instead of hanging', async () => {
    const other = await openGate({ asteriskUrl: 'ws://127.0.0.1:9/ws' });
    others.push(other);
    const socket = await admitted({ port: other.port });
    expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(1011);
  });
});

const HEAD = (method: string, user: string, cseq: number): string[] => [
  `${method} sip:ringtag.invalid SIP/2.0`,
  `Via: SIP/2.0/WS browser.invalid;branch=z9hG4bK${Math.random().toString(36).slice(2)}`,
  'Max-Forwards: 70',
  `From: <sip:${user}@ringtag.invalid>;tag=1`,
  `To: <sip:${user}@ringtag.invalid>`,
  `Call-ID: ${user}-call`,
  `CSeq: ${cseq} ${method}`,
  `Contact: <sip:${user}@browser.invalid;transport=ws>`,
  'Expires: 60',
];

const register = (user: string, cseq = 1, extra: string[] = []): string =>
  [...HEAD('REGISTER', user, cseq), ...extra, 'Content-Length: 0', '', ''].join('\r\n');

async function registerOver(socket: WebSocket, user: string, password: string): Promise<void> {
  socket.send(register(user));
  const challenge = /WWW-Authenticate: *(.*)/i.exec(await nextMessage(socket))?.[1] ?? '';
  const uri = 'sip:ringtag.invalid';
  const answer = answerChallenge(challenge, { user, password, method: 'REGISTER', uri });
  const accepted = nextMessage(socket);
  socket.send(register(user, 2, [`Authorization: ${answer}`]));
  expect(await accepted).toMatch(/^SIP\/2\.0 200 /);
  // Asterisk asks whether the contact is there.
  socket.on('message', (data) => {
    const text = String(data);
    if (!text.startsWith('OPTIONS')) return;
    const kept = text.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq):/i.test(line));
    socket.send(['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n'));
  });
}

function nextMessage(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => socket.once('message', (data) => resolve(String(data))));
}

/** Another endpoint in the payload, under the old signature. */
function forged(token: string): string {
  const [body = '', signature] = token.split('.');
  const payload = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), endpoint: 'd-bruno' };
  return `${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${signature}`;
}

async function listenForConnections() {
  const { createServer } = await import('node:net');
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { port, count: () => count, close: () => new Promise((resolve) => server.close(resolve)) };
}
