import type { PlacedCall, SignalEnvelope } from '@ringtag/server/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { IncomingCall } from '../call/call.ts';
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
  const rooms = createRooms({
    send: (async () => done({ ok: true })) as Send,
    socket: () => ({ signal: async () => ({ ok: true }) }),
    clock: createManualClock(),
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
  return { rooms, peers, rung, hear: (name: string, event: unknown) => listeners.get(name)?.(event) };
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
  rooms.expect();
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
  rooms.expect();
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
