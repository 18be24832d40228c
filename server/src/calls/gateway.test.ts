import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ClientToServer,
  limits,
  type Refusal,
  refuse,
  type ServerToClient,
  type ShownCall,
  type Snapshot,
} from '@ringtag/server/protocol';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Authenticate, Caller } from '../auth/authenticate.ts';
import { silentLogger } from '../platform/logger.ts';
import type { Storage } from '../storage/port.ts';
import { openSqliteStorage } from '../storage/sqlite/open.ts';
import { attachGateway, type Gateway, type GatewayOptions } from './gateway.ts';
import { openStage, type Stage, type StageDevice } from './stage.ts';

type ClientSocket = Socket<ServerToClient, ClientToServer>;

const MAIL = 'https://mail.example.test';
const SHOP = 'https://shop.example.test';

let storage: Storage;
let stage: Stage;
let http: HttpServer;
let gateway: Gateway;
let url: string;
let bearers: Map<string, Caller>;
const open = new Set<ClientSocket>();

/** Stands in for `auth/sessions.ts`: a bearer is good on the origin of its session. */
const authenticate: Authenticate = async (bearer, origin) => {
  const caller = bearers.get(bearer ?? '');
  if (!caller) return refuse('SIGNED_OUT');
  return origin === caller.session.origin ? caller : refuse('ORIGIN_NOT_ALLOWED');
};

async function listen(options: Partial<GatewayOptions> = {}): Promise<void> {
  http = createServer();
  gateway = attachGateway(http, {
    calls: stage.calls,
    authenticate,
    allowedOrigins: [MAIL, SHOP],
    clock: stage.clock,
    logger: silentLogger,
    ...options,
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

async function stopListening(): Promise<void> {
  for (const socket of open) socket.disconnect();
  open.clear();
  gateway.close();
  await new Promise((resolve) => http.close(resolve));
}

beforeEach(async () => {
  storage = await openSqliteStorage({ file: ':memory:' });
  stage = await openStage(storage);
  bearers = new Map();
  await listen();
});
afterEach(async () => {
  await stopListening();
  await stage.calls.stop();
  await storage.close();
});

interface ConnectOptions {
  readonly origin?: string;
  readonly auth?: object;
  readonly transports?: string[];
}

function dial({ origin = MAIL, auth = {}, transports = ['websocket'] }: ConnectOptions): ClientSocket {
  const extraHeaders = { Origin: origin };
  const socket: ClientSocket = io(url, {
    auth,
    transports,
    extraHeaders,
    forceNew: true,
    reconnection: false,
  });
  open.add(socket);
  return socket;
}

function bearerOf(device: StageDevice): string {
  bearers.set(`bearer-${device.device.sessionId}`, device.caller);
  return `bearer-${device.device.sessionId}`;
}

function next<E extends keyof ServerToClient>(socket: ClientSocket, event: E) {
  return new Promise<Parameters<ServerToClient[E]>[0]>((resolve) => {
    (socket as unknown as Socket).once(event as string, resolve);
  });
}

/** A socket past its snapshot, which is the first thing it heard. */
async function connect(device: StageDevice, options: ConnectOptions = {}) {
  const socket = dial({ auth: { bearer: bearerOf(device), protocol: limits.PROTOCOL_VERSION }, ...options });
  const first = await new Promise<{ event: string; payload: unknown }>((resolve, reject) => {
    socket.onAny((event: string, payload: unknown) => resolve({ event, payload }));
    socket.once('connect_error', reject);
  });
  expect(first.event).toBe('snapshot');
  return { socket, snapshot: first.payload as Snapshot };
}

/** The code in the `connect_error`, as H1 promises it. */
function refusal(options: ConnectOptions): Promise<unknown> {
  const socket = dial(options);
  return new Promise((resolve) => {
    socket.once('connect_error', (error: Error & { data?: { code?: string } }) => resolve(error.data?.code));
    socket.once('connect', () => resolve('connected'));
  });
}

/** Sends whatever it is given, as a broken or hostile client would. */
function sendRaw(socket: ClientSocket, event: string, ...args: unknown[]): Promise<unknown> {
  return (socket as unknown as Socket).timeout(5_000).emitWithAck(event, ...args);
}

function ended(socket: ClientSocket): Promise<string> {
  return new Promise((resolve) => socket.once('disconnect', (reason) => resolve(reason)));
}

/** A device in the protocol's bare words (Engine.IO 4), which never answers a ping. */
function connectSilently(device: StageDevice) {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    origin: MAIL,
  });
  const heard = (prefix: string) =>
    new Promise<string>((resolve) => {
      ws.on('message', (data) => {
        const text = String(data);
        if (text.startsWith(prefix)) resolve(text.slice(prefix.length));
      });
    });
  const auth = { bearer: bearerOf(device), protocol: limits.PROTOCOL_VERSION };
  ws.on('open', () => ws.send(`40${JSON.stringify(auth)}`));
  return {
    greeting: heard('0').then((text) => JSON.parse(text) as { pingInterval: number; pingTimeout: number }),
    connected: heard('42["snapshot"'),
    closed: new Promise((resolve) => ws.on('close', resolve)),
  };
}

const candidate = (seq: number) => ({
  seq,
  signal: { kind: 'candidate', candidate: '', sdpMid: null, sdpMLineIndex: null, usernameFragment: null },
});
const offer = { seq: 1, signal: { kind: 'description', type: 'offer', sdp: 'v=0' } };

const shown: ShownCall = {
  ...{ callId: 'c-1', direction: 'in', via: 'pbx', phase: 'held', media: 'audio', muted: false },
  peer: { name: 'Carla' },
};

async function callUp(from: StageDevice, key: string): Promise<string> {
  const result = await stage.calls.place(from.caller, stage.order({ personId: stage.person(key).id }));
  if (!result.ok) throw new Error(result.code);
  return result.placed.callId;
}

describe('the handshake', () => {
  const auth = (bearer: unknown) => ({ bearer, protocol: limits.PROTOCOL_VERSION });

  it('H1 refuses origins that are not on the list, whatever the bearer', async () => {
    const good = bearerOf(stage.device('alice', 'alice'));
    for (const origin of [
      'https://evil.example.test',
      'null',
      `${MAIL}.evil.test`,
      'http://mail.example.test',
    ]) {
      expect(await refusal({ origin, auth: auth(good) })).toBe('ORIGIN_NOT_ALLOWED');
    }
  });

  it('H1 refuses a bearer of another origin', async () => {
    const good = bearerOf(stage.device('alice', 'alice'));
    expect(await refusal({ origin: SHOP, auth: auth(good) })).toBe('ORIGIN_NOT_ALLOWED');
  });

  it.each<[string, unknown]>([
    ['missing', undefined],
    ['unknown', 'unknown'],
    ['empty', ''],
    ['a number', 7],
    ['an operator', { $gt: '' }],
    ['endless', 'x'.repeat(5_000)],
  ])('H1 refuses a bearer that is %s', async (_, bearer) => {
    expect(await refusal({ auth: auth(bearer) })).toBe('SIGNED_OUT');
  });

  it('H1 refuses other protocol versions', async () => {
    const bearer = bearerOf(stage.device('alice', 'alice'));
    expect(await refusal({ auth: { bearer, protocol: limits.PROTOCOL_VERSION + 1 } })).toBe(
      'VERSION_UNSUPPORTED',
    );
  });

  it('H1 lets polling in as well, and reveals the allow-list to nobody else', async () => {
    const { snapshot } = await connect(stage.device('alice', 'alice'), { transports: ['polling'] });
    expect(snapshot.deviceId).toBe('s-alice');
    const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, {
      headers: { Origin: 'https://evil.example.test' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('H2 the snapshot is the first event and holds what rings, the room and the exchange', async () => {
    const alice = stage.device('alice', 'alice');
    await connect(alice);
    const callId = await callUp(alice, 'bruno').catch(() => '');
    expect(callId).toBe('');
    const { socket } = await connect(stage.device('bruno', 'bruno'));
    const placed = await callUp(alice, 'bruno');
    socket.disconnect();
    const { snapshot } = await connect(stage.device('bruno', 'bruno-2'));
    expect(snapshot).toMatchObject({
      protocol: limits.PROTOCOL_VERSION,
      deviceId: 's-bruno-2',
      ringing: [{ callId: placed, from: { name: 'alice' } }],
      rooms: [],
      pbx: false,
    });
  });

  it('H4 a newer connection of a device closes the older one, which does not count as leaving', async () => {
    const alice = stage.device('alice', 'alice');
    const { socket: older } = await connect(alice);
    const closed = ended(older);
    const { socket: newer } = await connect(alice);
    expect(await closed).toBe('io server disconnect');
    expect(newer.connected).toBe(true);
    expect(stage.connections.isConnected('s-alice')).toBe(true);
    expect(gateway.socketCount).toBe(1);
  });
});

describe('a call over sockets', () => {
  it('A1 rings, is accepted, and passes signals both ways', async () => {
    const [alice, bruno] = [stage.device('alice', 'alice'), stage.device('bruno', 'bruno')];
    const [{ socket: a }, { socket: b }] = [await connect(alice), await connect(bruno)];
    const ringing = next(b, 'call:ringing');
    const callId = await callUp(alice, 'bruno');
    expect(await ringing).toMatchObject({ callId, from: { name: 'alice' } });
    expect(await sendRaw(a, 'room:signal', { callId, envelopes: [offer] })).toEqual({ ok: true });
    const accepted = next(a, 'call:accepted');
    const reply = await stage.calls.accept(bruno.caller, callId);
    expect(reply).toMatchObject({ ok: true, accepted: { signals: [offer] } });
    expect(await accepted).toMatchObject({ callId, peer: { name: 'bruno' } });
    const heard = next(a, 'room:signal');
    expect(await sendRaw(b, 'room:signal', { callId, envelopes: [candidate(1)] })).toEqual({ ok: true });
    expect(await heard).toEqual({ callId, envelopes: [candidate(1)] });
    expect(await sendRaw(a, 'snapshot:get')).toMatchObject({
      rooms: [{ callId, state: 'active', role: 'caller' }],
    });
  });

  it("R1 a third person's socket can neither signal into a room nor learn that it exists", async () => {
    const [alice, bruno, carla] = ['alice', 'bruno', 'carla'].map((key) => stage.device(key, key)) as [
      StageDevice,
      StageDevice,
      StageDevice,
    ];
    const [{ socket: a }, { socket: b }] = [await connect(alice), await connect(bruno)];
    const { socket: c } = await connect(carla);
    const { socket: b2 } = await connect(stage.device('bruno', 'bruno-2'));
    const callId = await callUp(alice, 'bruno');
    await stage.calls.accept(bruno.caller, callId);
    const leaked: unknown[] = [];
    a.on('room:signal', (event) => leaked.push(event));
    b.on('room:signal', (event) => leaked.push(event));
    for (const stranger of [c, b2]) {
      const answer = (await sendRaw(stranger, 'room:signal', {
        callId,
        envelopes: [candidate(1)],
      })) as Refusal;
      const unknown = await sendRaw(stranger, 'room:signal', {
        callId: 'c-unknown',
        envelopes: [candidate(1)],
      });
      expect(answer.code).toBe('NOT_FOUND');
      expect(answer).toEqual(unknown);
      expect(await sendRaw(stranger, 'snapshot:get')).toMatchObject({ rooms: [] });
    }
    await sendRaw(a, 'snapshot:get');
    expect(leaked).toEqual([]);
  });

  it('R3 a closed socket is known to the other device at once', async () => {
    const [alice, bruno] = [stage.device('alice', 'alice'), stage.device('bruno', 'bruno')];
    const [{ socket: a }, { socket: b }] = [await connect(alice), await connect(bruno)];
    const callId = await callUp(alice, 'bruno');
    await stage.calls.accept(bruno.caller, callId);
    const gone = next(a, 'room:peer');
    b.disconnect();
    expect(await gone).toEqual({ callId, connected: false });
  });

  it('B6 a device that has fallen silent is closed, and the other one knows', async () => {
    await stopListening();
    await listen({ pingIntervalMs: 200, pingTimeoutMs: 500 });
    const [alice, bruno] = [stage.device('alice', 'alice'), stage.device('bruno', 'bruno')];
    const { socket: a } = await connect(alice);
    const silent = connectSilently(bruno);
    await silent.connected;
    const callId = await callUp(alice, 'bruno');
    await stage.calls.accept(bruno.caller, callId);
    expect(await next(a, 'room:peer')).toEqual({ callId, connected: false });
    await silent.closed;
  });

  it('B6 silence is noticed within 8 s', async () => {
    const { greeting } = connectSilently(stage.device('alice', 'alice'));
    const { pingInterval, pingTimeout } = await greeting;
    expect(pingInterval + pingTimeout).toBeLessThanOrEqual(8_000);
  });

  it('S6 the end of a session is told, and closes the socket for good', async () => {
    const alice = stage.device('alice', 'alice');
    const { socket } = await connect(alice);
    const told = next(socket, 'session:ended');
    const closed = ended(socket);
    await stage.calls.sessionEnded('s-alice');
    await told;
    expect(await closed).toBe('io server disconnect');
  });

  it('a hub that stops closes sockets so that they come back by themselves', async () => {
    const { socket } = await connect(stage.device('alice', 'alice'));
    const closed = ended(socket);
    gateway.close();
    expect(await closed).toBe('transport close');
  });
});

describe('the authorisation matrix of socket events', () => {
  const who = ['caller', 'other of caller', 'winner', 'other of callee', 'third'] as const;
  const expected = {
    ringing: ['ok', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
    active: ['ok', 'NOT_FOUND', 'ok', 'NOT_FOUND', 'NOT_FOUND'],
    ended: ['CALL_ENDED', 'NOT_FOUND', 'CALL_ENDED', 'NOT_FOUND', 'NOT_FOUND'],
  };

  for (const state of ['ringing', 'active', 'ended'] as const) {
    it(`R1, R8 room:signal and snapshot:get of a call that is ${state}`, async () => {
      const alice = stage.device('alice', 'alice');
      const bruno = stage.device('bruno', 'bruno');
      const cast = [
        alice,
        stage.device('alice', 'alice-2'),
        bruno,
        stage.device('bruno', 'bruno-2'),
        stage.device('carla', 'carla'),
      ];
      const sockets: ClientSocket[] = [];
      for (const device of cast) sockets.push((await connect(device)).socket);
      const callId = await callUp(alice, 'bruno');
      if (state !== 'ringing') await stage.calls.accept(bruno.caller, callId);
      if (state === 'ended') await stage.calls.end(bruno.caller, callId, 'hangup');
      for (const [index, socket] of sockets.entries()) {
        const answer = await sendRaw(socket, 'room:signal', { callId, envelopes: [candidate(1)] });
        const { ok, code } = answer as { ok: boolean; code?: string };
        expect(ok ? 'ok' : code, who[index]).toBe(expected[state][index]);
        const { rooms } = (await sendRaw(socket, 'snapshot:get')) as Snapshot;
        expect(rooms[0]?.callId === callId, who[index]).toBe(ok);
      }
    });
  }
});

describe('devices of one browser', () => {
  const HUB = 'https://hub.example.test';
  const inBrowser = (key: string, name: string, browserId: string) => stage.device(key, name, { browserId });

  it('D3 the browser of a device is that of its session, and a visible page rings aloud', async () => {
    const [mail, intranet] = [inBrowser('bruno', 'mail', 'b-1'), inBrowser('bruno', 'intranet', 'b-1')];
    await connect(mail);
    const { socket } = await connect(intranet);
    await connect(stage.device('alice', 'alice'));
    expect(await sendRaw(socket, 'device:visible', { visible: true })).toEqual({ ok: true });
    const ringing = next(socket, 'call:ringing');
    await callUp(stage.device('alice', 'alice'), 'bruno');
    expect(await ringing).toMatchObject({ aloud: true });
    const { snapshot } = await connect(mail);
    expect(snapshot.ringing).toMatchObject([{ aloud: false }]);
  });

  it("D4 a window on the hub's own origin is the pop-out", async () => {
    await stopListening();
    await listen({ ownOrigin: HUB, allowedOrigins: [MAIL, HUB] });
    const page = inBrowser('bruno', 'page', 'b-1');
    const { socket } = await connect(page);
    const popOut = inBrowser('bruno', 'pop-out', 'b-1');
    const own = { ...popOut.caller, session: { ...popOut.caller.session, origin: HUB } };
    bearers.set('bearer-own', own);
    const opened = next(socket, 'calls:elsewhere');
    const auth = { bearer: 'bearer-own', protocol: limits.PROTOCOL_VERSION };
    await new Promise((resolve) => dial({ origin: HUB, auth }).once('snapshot', resolve));
    expect(await opened).toMatchObject({ deviceId: 's-pop-out', popOut: true, connected: true });
  });

  it('D4 who may see and steer what a device shows: only the same person in the same browser', async () => {
    const carrier = (await connect(inBrowser('bruno', 'carrier', 'b-1'))).socket;
    const cast: [string, ClientSocket][] = [];
    for (const [who, device] of [
      ['the device itself', inBrowser('bruno', 'carrier', 'b-1')],
      ['another browser', inBrowser('bruno', 'phone', 'b-2')],
      ['no known browser', stage.device('bruno', 'unknown')],
      ['another person', inBrowser('alice', 'alice', 'b-1')],
    ] as const) {
      cast.push([who, who === 'the device itself' ? carrier : (await connect(device)).socket]);
    }
    const sibling = (await connect(inBrowser('bruno', 'sibling', 'b-1'))).socket;
    const leaked: string[] = [];
    for (const [who, socket] of cast) socket.on('calls:elsewhere', () => leaked.push(who));
    const seen = next(sibling, 'calls:elsewhere');
    expect(await sendRaw(carrier, 'calls:show', { calls: [shown] })).toEqual({ ok: true });
    expect(await seen).toMatchObject({ deviceId: 's-carrier', calls: [shown] });
    const order = { deviceId: 's-carrier', callId: 'c-1', command: { name: 'hangUp' } };
    for (const [who, socket] of cast) {
      expect(await sendRaw(socket, 'calls:steer', order), who).toMatchObject({ code: 'NOT_FOUND' });
    }
    const steered = next(carrier, 'calls:steer');
    expect(await sendRaw(sibling, 'calls:steer', order)).toEqual({ ok: true });
    expect(await steered).toEqual({ callId: 'c-1', command: { name: 'hangUp' } });
    expect(leaked).toEqual([]);
  });
});

describe('bad messages', () => {
  const bad: [string, ...unknown[]][] = [
    ['room:signal'],
    ['room:signal', null],
    ['room:signal', 'text'],
    ['room:signal', 7],
    ['room:signal', []],
    ['room:signal', { callId: 'c-1' }],
    ['room:signal', { callId: 'c-1', envelopes: [] }],
    ['room:signal', { callId: { $ne: '' }, envelopes: [candidate(1)] }],
    ['room:signal', { callId: 'c/../1', envelopes: [candidate(1)] }],
    ['room:signal', { callId: 'c-1', envelopes: [{ seq: 0, signal: offer.signal }] }],
    ['room:signal', { callId: 'c-1', envelopes: [{ seq: 1, signal: { kind: 'video' } }] }],
    ['room:signal', { callId: 'c-1', envelopes: [candidate(1)], extra: true }],
    [
      'room:signal',
      { callId: 'c-1', envelopes: Array.from({ length: 51 }, (_, index) => candidate(index + 1)) },
    ],
    [
      'room:signal',
      {
        callId: 'c-1',
        envelopes: [{ seq: 1, signal: { ...offer.signal, sdp: 'x'.repeat(limits.SDP_CHARS + 1) } }],
      },
    ],
    ['device:visible'],
    ['device:visible', { visible: 'yes' }],
    ['device:visible', { visible: true, sessionId: 's-bruno' }],
    ['calls:show', {}],
    ['calls:show', { calls: [{ ...shown, peer: { name: 'x'.repeat(limits.NAME_CHARS + 1) } }] }],
    ['calls:show', { calls: [{ ...shown, secret: 'x' }] }],
    ['calls:show', { calls: Array.from({ length: limits.SHOWN_CALLS + 1 }, () => shown) }],
    ['calls:steer', { deviceId: 's-alice', callId: 'c-1' }],
    ['calls:steer', { deviceId: 's-alice', callId: 'c-1', command: { name: 'answer' } }],
    ['calls:steer', { deviceId: { $ne: '' }, callId: 'c-1', command: { name: 'hangUp' } }],
    ['room:join', { callId: 'c-1' }],
    ['call:accepted', { callId: 'c-1' }],
    ['__proto__', {}],
  ];

  it('H3 each is acknowledged with INVALID_INPUT, and the socket goes on working', async () => {
    const { socket } = await connect(stage.device('alice', 'alice'));
    for (const [event, ...args] of bad) {
      expect(await sendRaw(socket, event, ...args), event).toMatchObject({
        ok: false,
        code: 'INVALID_INPUT',
      });
      stage.clock.advance(4_000);
    }
    expect(await sendRaw(socket, 'snapshot:get')).toMatchObject({ deviceId: 's-alice' });
  });

  it('H3 names the field', async () => {
    const { socket } = await connect(stage.device('alice', 'alice'));
    const message = { callId: 'c-1', envelopes: [{ seq: 'one', signal: offer.signal }] };
    expect(await sendRaw(socket, 'room:signal', message)).toMatchObject({ field: 'envelopes.0.seq' });
  });

  it('H5 a socket that sends too much is told to wait, and is heard again after the window', async () => {
    await stopListening();
    await listen({ rate: { requests: 3, windowMs: 10_000 } });
    const { socket } = await connect(stage.device('alice', 'alice'));
    stage.clock.advance(10_000);
    for (let index = 0; index < 3; index += 1) {
      expect(await sendRaw(socket, 'snapshot:get')).toMatchObject({ deviceId: 's-alice' });
    }
    stage.clock.advance(4_000);
    expect(await sendRaw(socket, 'snapshot:get')).toEqual({
      ok: false,
      code: 'RATE_LIMITED',
      retryAfterMs: 6_000,
    });
    const other = await connect(stage.device('bruno', 'bruno'));
    expect(await sendRaw(other.socket, 'snapshot:get')).toMatchObject({ deviceId: 's-bruno' });
    stage.clock.advance(6_000);
    expect(await sendRaw(socket, 'snapshot:get')).toMatchObject({ deviceId: 's-alice' });
  });

  it('H3 an acknowledgement that is none, or is missing, is tolerated', async () => {
    const { socket } = await connect(stage.device('alice', 'alice'));
    const raw = socket as unknown as Socket;
    raw.emit('snapshot:get');
    raw.emit('snapshot:get', 'not a function');
    raw.emit('room:signal', { callId: 'c-1', envelopes: [candidate(1)] }, 'not a function');
    raw.emit('room:signal', { callId: 'c-1', envelopes: [candidate(1)] });
    raw.emit('room:signal');
    expect(await sendRaw(socket, 'snapshot:get')).toMatchObject({ deviceId: 's-alice' });
  });

  it('H3 twenty within a minute close the socket', async () => {
    const { socket } = await connect(stage.device('alice', 'alice'));
    for (let count = 1; count < limits.BAD_MESSAGES_PER_MINUTE; count += 1) await sendRaw(socket, 'nonsense');
    expect(socket.connected).toBe(true);
    const closed = ended(socket);
    (socket as unknown as Socket).emit('nonsense');
    expect(await closed).toBe('io server disconnect');
  });

  it('H3 as many over a longer time do not', async () => {
    const { socket } = await connect(stage.device('alice', 'alice'));
    for (let count = 1; count < 3 * limits.BAD_MESSAGES_PER_MINUTE; count += 1) {
      await sendRaw(socket, 'nonsense');
      stage.clock.advance(4_000);
    }
    expect(await sendRaw(socket, 'snapshot:get')).toMatchObject({ deviceId: 's-alice' });
  });

  it('a message above the limit closes the connection before it is parsed', async () => {
    const { socket } = await connect(stage.device('alice', 'alice'));
    const closed = ended(socket);
    (socket as unknown as Socket).emit('room:signal', 'x'.repeat(limits.SOCKET_MESSAGE_BYTES));
    expect(await closed).toBe('transport close');
  });
});
