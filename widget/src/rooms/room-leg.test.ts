import type { AcceptedCall, SignalEnvelope } from '@ringtag/server/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LegEvent } from '../call/call.ts';
import { done, type Result, refused } from '../call/errors.ts';
import type { PhoneErrorCode } from '../call/phone.ts';
import type { Send } from '../hub/api.ts';
import {
  asPeerConnection,
  asStream,
  FakePeerConnection,
  FakeStream,
  FakeTrack,
} from '../testing/fake-media.ts';
import { createManualClock, type ManualClock, settle } from '../testing/manual-clock.ts';
import { createFarewells } from './farewells.ts';
import { RoomLeg, type RoomLegStart } from './room-leg.ts';

// Deriving the real ones takes threads and a time that no clock of ours moves: they would come in the middle of another
// test, and the test that waits for them would wait for those of all before it.
vi.mock(import('../call/words.ts'), async (original) => {
  const words = await original();
  return { ...words, wordsOf: async (...sides) => sides.map(words.fingerprintsIn).sort() };
});

/** FakeRoom stands in for the hub: holds what the caller says until the accept, then relays, in order. */
class FakeRoom {
  readonly clock: ManualClock = createManualClock();
  readonly requests: string[] = [];
  readonly held: SignalEnvelope[] = [];
  away = false;
  acceptRefusals: PhoneErrorCode[] = [];
  /** Browsers refuse connections beyond some hundreds, or all of them where WebRTC is switched off. */
  hasConnections = true;
  open = false;
  caller = this.device({ role: 'caller', iceServers: [] });
  callee = this.device({ role: 'callee' });

  /** Another device takes this one's place; the hub tells the other party, unless its socket is away. */
  async move(from: 'caller' | 'callee', isTold = true) {
    const old = this[from];
    const taker = this.device({ role: 'taken', iceServers: [], peer: { name: 'Somebody' } });
    const other = from === 'caller' ? this.callee : this.caller;
    this[from] = taker;
    old.leg.hearEnded('moved');
    if (isTold) other.leg.hearMoved();
    taker.start();
    taker.leg.setMedia(asStream(new FakeStream()));
    await this.clock.advance(50);
    return { old, taker, other };
  }

  device(start: RoomLegStart) {
    const events: LegEvent[] = [];
    const words: string[] = [];
    const peers: FakePeerConnection[] = [];
    const send = (async (path: string, options?: { body?: unknown }) => {
      const verb = `${path.split('/').pop()} ${JSON.stringify(options?.body ?? {})}`;
      this.requests.push(this.away ? `lost ${verb}` : verb);
      if (this.away) return refused('HUB_UNREACHABLE');
      return path.endsWith('/accept') ? this.#accept() : done({ ok: true });
    }) as Send;
    const leg: RoomLeg = new RoomLeg('c-1', start, {
      send,
      clock: this.clock,
      farewells: createFarewells(send, this.clock),
      online: async () => true,
      closed: () => {},
      createPeer: (configuration) => {
        if (!this.hasConnections) throw new DOMException('too many', 'UnknownError');
        const peer = new FakePeerConnection(configuration);
        peers.push(peer);
        return asPeerConnection(peer);
      },
      signal: async (_, envelopes) => {
        if (this.away) return undefined;
        await Promise.resolve();
        if (!this.open) this.held.push(...envelopes);
        else
          (leg === this.caller.leg ? this.callee.leg : this.caller.leg).hearSignals(
            structuredClone(envelopes),
          );
        return 'delivered';
      },
    });
    return {
      leg,
      events,
      words,
      get peer() {
        return peers.at(-1) as FakePeerConnection;
      },
      peers,
      kinds: () => events.map((event) => event.type),
      heardMedia: () => events.findLast((event) => event.type === 'peer-media'),
      // Words are told when they are found, before or after whatever else there is to tell.
      start: () =>
        leg.start((event) =>
          event.type === 'words' ? words.push(event.words.join('-')) : events.push(event),
        ),
    };
  }

  #accept(): Result<AcceptedCall> {
    const code = this.acceptRefusals.shift();
    if (code) return refused(code);
    this.open = true;
    queueMicrotask(() => this.caller.leg.hearAccepted({ name: 'Bruno' }));
    return done({
      callId: 'c-1',
      peer: { name: 'Alice' },
      media: 'audio',
      signals: [...this.held],
      iceServers: [],
    });
  }

  /** Both sides until sound flows. */
  async talk(): Promise<this> {
    this.caller.start();
    this.callee.start();
    this.caller.leg.setMedia(asStream(new FakeStream()));
    await this.clock.advance(50);
    this.callee.leg.accept();
    this.callee.leg.setMedia(asStream(new FakeStream()));
    await this.clock.advance(50);
    return this;
  }
}

beforeEach(() => vi.stubGlobal('MediaStream', FakeStream));
afterEach(() => vi.unstubAllGlobals());

test('an accept brings the offer, the answer goes back, and both hear each other', async () => {
  const { caller, callee } = await new FakeRoom().talk();
  expect(caller.kinds()).toEqual(['peer-rings', 'answered', 'remote-stream', 'connected']);
  expect(callee.kinds()).toEqual(['answered', 'remote-stream', 'connected']);
  expect(caller.peer.candidates).toHaveLength(1);
  expect(callee.peer.candidates).toHaveLength(1);
});

test('a callee whose microphone opens late answers with it, not without', async () => {
  const room = new FakeRoom();
  const { caller, callee } = room;
  caller.start();
  callee.start();
  caller.leg.setMedia(asStream(new FakeStream()));
  await room.clock.advance(50);
  callee.leg.accept();
  await room.clock.advance(5_000);
  expect(callee.peer.localDescription).toBeNull();
  callee.leg.setMedia(asStream(new FakeStream()));
  await room.clock.advance(50);
  expect(callee.kinds()).toContain('connected');
  expect(callee.peer.senders).toHaveLength(1);
});

test('a caller whose microphone opens after the answer is heard as well', async () => {
  const room = new FakeRoom();
  const { caller, callee } = room;
  caller.start();
  callee.start();
  callee.leg.accept();
  callee.leg.setMedia(asStream(new FakeStream()));
  await room.clock.advance(3_000);
  caller.leg.setMedia(asStream(new FakeStream()));
  await room.clock.advance(50);
  expect(caller.kinds()).toContain('connected');
  expect(callee.kinds()).toContain('connected');
});

test('R2: signals that come twice are applied once', async () => {
  const room = await new FakeRoom().talk();
  const before = room.callee.peer.candidates.length;
  room.caller.leg.resend();
  await room.clock.advance(50);
  expect(room.callee.peer.candidates).toHaveLength(before);
  expect(room.callee.kinds().filter((kind) => kind === 'connected')).toHaveLength(1);
});

test('hold silences both directions on both sides; resume brings back what was not muted', async () => {
  const { caller, callee, clock } = await new FakeRoom().talk();
  caller.leg.setMuted(true);
  caller.leg.setHeld(true);
  await clock.advance(50);
  for (const { peer } of [caller, callee]) {
    expect(peer.senders[0]?.track?.enabled).toBe(false);
    expect(peer.receivers[0]?.track.enabled).toBe(false);
  }
  expect(callee.events.at(-1)).toEqual({ type: 'peer-media', held: true, muted: true, video: false });
  caller.leg.setHeld(false);
  await clock.advance(50);
  expect(callee.peer.senders[0]?.track?.enabled).toBe(true);
  expect(caller.peer.senders[0]?.track?.enabled).toBe(false);
  caller.leg.setMuted(false);
  expect(caller.peer.senders[0]?.track?.enabled).toBe(true);
});

test('a camera is negotiated the first time and only exchanged afterwards', async () => {
  const { caller, callee, clock } = await new FakeRoom().talk();
  const camera = new FakeTrack('video') as unknown as MediaStreamTrack;
  caller.leg.setVideo(camera);
  await clock.advance(50);
  expect(caller.peer.senders).toHaveLength(2);
  expect(callee.heardMedia()).toMatchObject({ video: true });
  const negotiated = caller.peer.localDescription?.sdp;
  caller.leg.setVideo(null);
  await clock.advance(50);
  expect(caller.peer.senders).toHaveLength(2);
  expect(caller.peer.localDescription?.sdp).toBe(negotiated);
  expect(callee.heardMedia()).toMatchObject({ video: false });
});

test('both turning their cameras on at once ends in one agreement', async () => {
  const { caller, callee, clock } = await new FakeRoom().talk();
  for (const { leg } of [caller, callee]) leg.setVideo(new FakeTrack('video') as unknown as MediaStreamTrack);
  await clock.advance(200);
  expect([caller.peer.signalingState, callee.peer.signalingState]).toEqual(['stable', 'stable']);
  expect(caller.peer.remoteDescription?.sdp).toBe(callee.peer.localDescription?.sdp);
});

test('a lost path is told and sought by the caller’s side at once; found, that is told as well', async () => {
  const { caller, callee, clock } = await new FakeRoom().talk();
  for (const { peer } of [caller, callee]) peer.become('disconnected');
  expect(caller.kinds().at(-1)).toBe('transport-lost');
  await clock.advance(200);
  expect([caller.peer.restarts, callee.peer.restarts]).toEqual([1, 0]);
  expect(caller.kinds().at(-1)).toBe('connected');
  await clock.advance(5_000);
  expect([caller.peer.restarts, callee.peer.restarts]).toEqual([1, 0]);
});

test('the callee’s side seeks a path itself where the caller’s does not', async () => {
  const { callee, clock } = await new FakeRoom().talk();
  callee.peer.become('failed');
  await clock.advance(600);
  expect(callee.peer.restarts).toBe(0);
  await clock.advance(200);
  expect(callee.peer.restarts).toBe(1);
  expect(callee.kinds().at(-1)).toBe('connected');
});

test('a path that is not found again within 30 s ends the call, at the hub too', async () => {
  const room = await new FakeRoom().talk();
  room.away = true;
  room.caller.peer.become('failed');
  await room.clock.advance(29_000);
  expect(room.caller.kinds()).not.toContain('over');
  room.caller.peer.become('failed');
  await room.clock.advance(1_100);
  expect(room.caller.events.at(-1)).toEqual({ type: 'over', end: { reason: 'error', code: 'MEDIA_FAILED' } });
  room.away = false;
  await room.clock.advance(10_000);
  expect(room.requests).toContain('end {"reason":"failed"}');
});

test('digits go out as RFC 4733 events, after those that still wait', async () => {
  const { caller } = await new FakeRoom().talk();
  caller.leg.sendDigits('12,#');
  expect(caller.peer.tones).toBe('12,#');
});

test('hanging up while the hub is away ends the call here at once and there later', async () => {
  const room = await new FakeRoom().talk();
  room.away = true;
  room.caller.leg.end('hangup');
  expect(room.caller.peer.connectionState).toBe('closed');
  await room.clock.advance(10_000);
  room.away = false;
  await room.clock.advance(10_000);
  expect(room.requests.filter((request) => request === 'end {"reason":"hangup"}')).toHaveLength(1);
});

test('C4: a call taken elsewhere in the same moment ends here without a word to the hub', async () => {
  const room = new FakeRoom();
  room.acceptRefusals = ['ALREADY_ANSWERED'];
  room.callee.start();
  room.callee.leg.accept();
  await settle();
  expect(room.callee.events).toEqual([{ type: 'over', end: { reason: 'answered-elsewhere' } }]);
  expect(room.requests).toEqual(['accept {}']);
});

test('C12: an accept that came before the socket is tried again', async () => {
  const room = new FakeRoom();
  room.acceptRefusals = ['NOT_CONNECTED', 'HUB_UNREACHABLE'];
  room.callee.start();
  room.callee.leg.accept();
  await room.clock.advance(2_000);
  expect(room.callee.kinds()).toContain('answered');
});

test('a ringing call that is let go says nothing: others may still answer', async () => {
  const room = new FakeRoom();
  room.callee.start();
  room.callee.leg.end('left');
  await settle();
  expect(room.requests).toEqual([]);
});

test('what happened before anybody listened is told to the first who does', () => {
  const room = new FakeRoom();
  room.caller.leg.hearAccepted();
  room.caller.leg.hearEnded('hangup');
  room.caller.start();
  expect(room.caller.kinds()).toEqual(['answered', 'over']);
});

test('a browser that grants no connection ends the call on both sides instead of letting it hang', async () => {
  const room = new FakeRoom();
  room.hasConnections = false;
  room.callee.start();
  room.callee.leg.accept();
  await settle();
  expect(room.callee.events.at(-1)).toEqual({ type: 'over', end: { reason: 'error', code: 'MEDIA_FAILED' } });
  expect(room.requests).toContain('end {"reason":"failed"}');
});

for (const from of ['caller', 'callee'] as const) {
  test(`M2: the ${from}’s call goes on from another device, with connections of their own`, async () => {
    const room = await new FakeRoom().talk();
    const { old, taker, other } = await room.move(from);
    expect(old.events.at(-1)).toEqual({ type: 'over', end: { reason: 'moved' } });
    expect(old.peer.connectionState).toBe('closed');
    expect(taker.kinds()).toEqual(['answered', 'remote-stream', 'connected']);
    expect(other.kinds().slice(-3)).toEqual(['transport-lost', 'remote-stream', 'connected']);
    expect(other.peers.map(({ connectionState }) => connectionState)).toEqual(['closed', 'connected']);
    expect(other.peer.senders[0]?.track).toBe(other.peers[0]?.senders[0]?.track);
    expect(room.requests.filter((request) => request.startsWith('end'))).toEqual([]);
  });
}

test('M2: the other party learns of a move from the first offer where the hub’s word was missed', async () => {
  const room = await new FakeRoom().talk();
  const { taker, other } = await room.move('caller', false);
  expect(taker.kinds()).toContain('connected');
  expect(other.peers).toHaveLength(2);
});

test('M2: what the other party said to the device before is not taken for an answer', async () => {
  const room = await new FakeRoom().talk();
  const taker = room.device({ role: 'taken', iceServers: [], peer: { name: 'Bruno' } });
  room.caller = taker;
  taker.start();
  taker.leg.hearSignals([
    { seq: 7, signal: { kind: 'description', type: 'offer', sdp: 'stale' } },
    { seq: 8, signal: { kind: 'media', held: true, muted: false, video: false } },
  ]);
  room.callee.leg.hearMoved();
  taker.leg.setMedia(asStream(new FakeStream()));
  await room.clock.advance(50);
  expect(taker.kinds()).toEqual(['answered', 'remote-stream', 'connected']);
});

test('M2: who is on hold or muted stays so for the new device; its own hold begins anew', async () => {
  const room = await new FakeRoom().talk();
  room.caller.leg.setHeld(true);
  room.callee.leg.setMuted(true);
  await room.clock.advance(50);
  const { taker, other } = await room.move('caller');
  expect(other.heardMedia()).toMatchObject({ held: false });
  expect(taker.heardMedia()).toMatchObject({ held: false, muted: true });
  expect(other.peer.senders[0]?.track?.enabled).toBe(false);
});

test('M2: the picture of the device that carried it is gone for the other side', async () => {
  const room = await new FakeRoom().talk();
  room.caller.leg.setVideo(new FakeTrack('video') as unknown as MediaStreamTrack);
  await room.clock.advance(50);
  expect(room.callee.heardMedia()).toMatchObject({ video: true });
  const { other } = await room.move('caller');
  expect(other.heardMedia()).toMatchObject({ video: false });
});

test('M2: a call that moved twice still has one sound', async () => {
  const room = await new FakeRoom().talk();
  await room.move('caller');
  const { taker, other } = await room.move('callee');
  expect(taker.kinds()).toContain('connected');
  expect(other.kinds().at(-1)).toBe('connected');
});

test('another microphone is sent in place of the first, muted as that was, also after a move', async () => {
  const room = await new FakeRoom().talk();
  const { caller } = room;
  caller.leg.setMuted(true);
  const headset = new FakeTrack('audio');
  await caller.leg.setMicrophone(headset as unknown as MediaStreamTrack);
  expect(caller.peer.senders[0]?.track).toBe(headset);
  expect(headset.enabled).toBe(false);
  await room.move('callee');
  expect(caller.peers).toHaveLength(2);
  expect(caller.peer.senders[0]?.track).toBe(headset);
});

test('A9: both sides of a call tell the same words once they are connected, and new ones after a move', async () => {
  const room = await new FakeRoom().talk();
  await vi.waitFor(() => expect([...room.caller.words, ...room.callee.words]).toHaveLength(2), {
    timeout: 10_000,
  });
  const [first] = room.caller.words;
  expect(room.callee.words).toEqual([first]);
  room.caller.peer.become('disconnected');
  await room.clock.advance(1_000);
  const { taker, other } = await room.move('callee');
  await vi.waitFor(() => expect(taker.words).toHaveLength(1), { timeout: 10_000 });
  await vi.waitFor(() => expect(other.words).toEqual([first, taker.words[0]]), { timeout: 10_000 });
  expect(taker.words[0]).not.toBe(first);
});
