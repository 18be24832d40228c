import type { Ack, PlacedCall, SignalEnvelope, Snapshot } from '@ringtag/server/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { IncomingCall, LegEvent } from '../call/call.ts';
import { done } from '../call/errors.ts';
import type { Send } from '../hub/api.ts';
import type { WireSocket } from '../hub/socket.ts';
import { asPeerConnection, asStream, FakePeerConnection, FakeStream } from '../testing/fake-media.ts';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { createRooms } from './rooms.ts';

/** Rooms of one device; `hear` plays the hub's socket. */
function setUp() {
  const listeners = new Map<string, (event: unknown) => void>();
  const peers: FakePeerConnection[] = [];
  const rung: IncomingCall[] = [];
  const told: string[] = [];
  const signals: unknown[] = [];
  const hub = { ready: true, ack: { ok: true } as Ack };
  const clock = createManualClock();
  const rooms = createRooms({
    send: (async (path: string) => {
      told.push(path);
      return done({ ok: true });
    }) as Send,
    socket: () => ({
      ready: hub.ready,
      signal: async (event: unknown) => {
        signals.push(event);
        return hub.ack;
      },
    }),
    clock,
    incoming: (call) => rung.push(call),
    online: async () => true,
    createPeer: (configuration) => {
      const peer = new FakePeerConnection(configuration);
      peers.push(peer);
      return asPeerConnection(peer);
    },
  });
  const on = (name: string, listener: (event: never) => void) =>
    listeners.set(name, listener as (event: unknown) => void);
  rooms.wire({ on } as unknown as WireSocket);
  const hear = (name: string, event: unknown) => listeners.get(name)?.(event);
  return { rooms, peers, rung, hear, told, signals, hub, clock };
}

const offer: SignalEnvelope = {
  seq: 1,
  signal: { kind: 'description', type: 'offer', sdp: 'v=0\r\ns=theirs\r\n' },
};
const crossed = (signals: readonly SignalEnvelope[]): Extract<PlacedCall, { via: 'room' }> => ({
  via: 'room',
  callId: 'c-1',
  state: 'accepted',
  peer: { name: 'Bruno' },
  ringForMs: 0,
  iceServers: [],
  signals: [...signals],
});

beforeEach(() => vi.stubGlobal('MediaStream', FakeStream));
afterEach(() => vi.unstubAllGlobals());

test('C8: an offer that comes while their call still rings here is not lost when ours meets it', async () => {
  const { rooms, peers, rung, hear } = setUp();
  rooms.expect(() => {});
  hear('call:ringing', { callId: 'c-1', from: { name: 'Bruno' }, media: 'audio', ringLeftMs: 45_000 });
  rung[0]?.leg.start(() => {});
  hear('room:signal', { callId: 'c-1', envelopes: [offer] });
  const leg = rooms.placed(crossed([]));
  leg.start(() => {});
  leg.setMedia(asStream(new FakeStream()));
  await settle();
  expect(peers[0]?.remoteDescription?.type).toBe('offer');
});

test('R2: what came with the reply is applied before what overtook it', async () => {
  const { rooms, peers, hear } = setUp();
  rooms.expect(() => {});
  hear('room:signal', {
    callId: 'c-1',
    envelopes: [
      {
        seq: 2,
        signal: { kind: 'candidate', candidate: 'x', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null },
      },
    ],
  });
  const leg = rooms.placed(crossed([offer]));
  leg.start(() => {});
  leg.setMedia(asStream(new FakeStream()));
  await settle();
  expect(peers[0]?.remoteDescription?.type).toBe('offer');
  expect(peers[0]?.candidates).toHaveLength(1);
});

const ringing: Extract<PlacedCall, { via: 'room' }> = { ...crossed([]), state: 'ringing', ringForMs: 45_000 };
const empty: Snapshot = {
  protocol: 2,
  deviceId: 's-1',
  ringing: [],
  rooms: [],
  pbx: false,
  availability: { doNotDisturb: false },
  aloud: true,
  elsewhere: [],
  transfers: [],
};
const inRoom: Snapshot = {
  ...empty,
  rooms: [
    {
      callId: 'c-1',
      role: 'caller',
      peer: { name: 'Bruno' },
      media: 'audio',
      state: 'active',
      activeForMs: 10,
      peerConnected: true,
    },
  ],
};

test('C1: an accept that comes before the reply to the placing hurries it, and is not lost', () => {
  const { rooms, peers, hear } = setUp();
  const overtaken = vi.fn();
  const placed = rooms.expect(overtaken);
  hear('call:accepted', { callId: 'c-1', peer: { name: 'Bruno' } });
  expect(overtaken).toHaveBeenCalledOnce();
  const leg = rooms.placed(ringing);
  placed();
  const events: LegEvent[] = [];
  leg.start((event) => events.push(event));
  expect(events.map(({ type }) => type)).toEqual(['peer-rings', 'answered']);
  expect(peers).toHaveLength(1);
});

test('C1: a snapshot that knows our call before the reply hurries it, and its accept is not lost', () => {
  const { rooms, told } = setUp();
  const overtaken = vi.fn();
  const placed = rooms.expect(overtaken);
  rooms.snapshot(inRoom);
  expect(overtaken).toHaveBeenCalledOnce();
  const leg = rooms.placed(ringing);
  placed();
  const events: LegEvent[] = [];
  leg.start((event) => events.push(event));
  expect(events.map(({ type }) => type)).toContain('answered');
  expect(told).toEqual([]);
});

test('nobody is left alone in a call whose placing was never answered here', async () => {
  const { rooms, told, hear } = setUp();
  const placed = rooms.expect(() => {});
  hear('call:accepted', { callId: 'c-1', peer: { name: 'Bruno' } });
  expect(told).toEqual([]);
  placed();
  await settle();
  expect(told).toEqual(['/api/calls/c-1/end']);
  hear('call:accepted', { callId: 'c-2', peer: { name: 'Bruno' } });
  await settle();
  expect(told).toEqual(['/api/calls/c-1/end', '/api/calls/c-2/end']);
});

test('a snapshot older than a call placed while the socket was away does not end it; the next one may', () => {
  const { rooms, hub } = setUp();
  hub.ready = false;
  const leg = rooms.placed(ringing);
  const events: LegEvent[] = [];
  leg.start((event) => events.push(event));
  hub.ready = true;
  rooms.snapshot(empty);
  expect(events.map(({ type }) => type)).toEqual(['peer-rings']);
  rooms.snapshot(empty);
  expect(events.at(-1)).toEqual({ type: 'over', end: { reason: 'hangup' } });
});

test('H5: a signal that the hub had no time for is sent again', async () => {
  const { rooms, hub, signals, clock } = setUp();
  hub.ack = { ok: false, code: 'RATE_LIMITED', retryAfterMs: 2_000 };
  const leg = rooms.placed(ringing);
  leg.start(() => {});
  leg.setMedia(asStream(new FakeStream()));
  leg.setMuted(true);
  await clock.advance(100);
  const before = signals.length;
  expect(before).toBeGreaterThan(0);
  hub.ack = { ok: true };
  await clock.advance(2_100);
  expect(signals.length).toBeGreaterThan(before);
});

test('H2: two calls of this device in one snapshot both go on, and a third that nobody carries is ended', async () => {
  const { rooms, hear, told } = setUp();
  const held: Snapshot = { ...inRoom, rooms: [...inRoom.rooms] };
  const legs = ['c-1', 'c-2'].map((callId) => {
    const events: LegEvent[] = [];
    rooms.placed({ ...ringing, callId }).start((event) => events.push(event));
    hear('call:accepted', { callId, peer: { name: 'Bruno' } });
    return events;
  });
  const both = ['c-1', 'c-2', 'c-3'].map((callId) => ({ ...(held.rooms[0] as object), callId }));
  rooms.snapshot({ ...empty, rooms: both as unknown as Snapshot['rooms'] });
  await settle();
  for (const events of legs) expect(events.map(({ type }) => type)).toEqual(['peer-rings', 'answered']);
  expect(told).toEqual(['/api/calls/c-3/end']);
});

test('T4: a call that joins another one brings which, and who sent it', () => {
  const { rung, hear } = setUp();
  const call = { callId: 'c-7', from: { name: 'Carla' }, media: 'audio', ringLeftMs: 45_000 };
  hear('call:ringing', { ...call, aloud: false, joins: 'c-1', transferredBy: { name: 'Bruno' } });
  expect(rung[0]).toMatchObject({
    callId: 'c-7',
    peer: { name: 'Carla' },
    joins: 'c-1',
    transferredBy: { name: 'Bruno' },
    aloud: false,
  });
});

test('D3: a ringing call is told who makes the sound, also by a snapshot', () => {
  const { rooms, rung, hear } = setUp();
  const call = {
    callId: 'c-7',
    from: { name: 'Carla' },
    media: 'audio',
    ringLeftMs: 45_000,
    aloud: true,
  } as const;
  hear('call:ringing', call);
  const events: LegEvent[] = [];
  rung[0]?.leg.start((event) => events.push(event));
  hear('call:aloud', { callId: 'c-7', aloud: false });
  rooms.snapshot({ ...empty, ringing: [call] });
  expect(rung).toHaveLength(1);
  expect(events).toEqual([
    { type: 'aloud', aloud: false },
    { type: 'aloud', aloud: true },
  ]);
});

test('M2: a call taken over offers by itself, and what came before the reply to the taking is not lost', async () => {
  const { rooms, peers, hear, signals, told, clock } = setUp();
  const taking = rooms.expect(() => {});
  rooms.snapshot(inRoom);
  hear('call:ended', { callId: 'c-9', reason: 'hangup' });
  const taken = { via: 'room', role: 'callee', media: 'audio', activeForMs: 9_000 } as const;
  const leg = rooms.take({ ...taken, iceServers: [], callId: 'c-1', peer: { name: 'Bruno' } });
  const gone = rooms.take({ ...taken, iceServers: [], callId: 'c-9', peer: { name: 'Bruno' } });
  taking();
  const events: LegEvent[] = [];
  leg.start((event) => events.push(event));
  leg.setMedia(asStream(new FakeStream()));
  gone.start((event) => events.push(event));
  await clock.advance(100);
  expect(peers[0]?.localDescription?.type).toBe('offer');
  expect(signals[0]).toMatchObject({ callId: 'c-1', envelopes: [{ seq: 1 }] });
  expect(events).toEqual([
    { type: 'answered', peer: { name: 'Bruno' } },
    { type: 'over', end: { reason: 'hangup' } },
  ]);
  expect(told).toEqual([]);
});
