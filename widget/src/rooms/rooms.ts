// The rooms of this device: brings what the hub's socket says to the right leg, and what rings to the phone. A
// snapshot is the truth: legs that it does not know are over, rooms that nobody carries here are ended.
import type { PlacedCall, RingingCall, Snapshot, TakenCall } from '@ringtag/server/protocol';
import { ERROR_STATUS } from '@ringtag/server/protocol/errors';
import type { IncomingCall, Leg } from '../call/call.ts';
import type { Clock } from '../call/clock.ts';
import type { Send } from '../hub/api.ts';
import type { HubSocket, WireSocket } from '../hub/socket.ts';
import { createFarewells, type Farewells } from './farewells.ts';
import type { Delivery } from './outbox.ts';
import type { CreatePeerConnection } from './peer.ts';
import { RoomLeg, type RoomLegDeps, type RoomLegStart } from './room-leg.ts';

export interface RoomsOptions {
  readonly send: Send;
  readonly socket: () => Pick<HubSocket, 'signal' | 'ready'>;
  readonly online: () => Promise<boolean>;
  readonly clock: Clock;
  readonly incoming: (call: IncomingCall) => void;
  readonly createPeer?: CreatePeerConnection;
}

export interface Rooms {
  readonly farewells: Farewells;
  /** Subscribes to one connection of the hub's socket. */
  wire(socket: WireSocket): void;
  snapshot(snapshot: Snapshot): void;
  /**
   * Keeps what the hub says about a call that is still being placed; ends when the returned function is called.
   * `overtaken` runs when the hub speaks of a call of ours whose placing it has not answered here.
   */
  expect(overtaken: () => void): () => void;
  /** The leg of a call that the hub has just placed. */
  placed(call: Extract<PlacedCall, { via: 'room' }>): Leg;
  /**
   * The leg of a call that this device has just taken over (SPEC M2); `expect` while the hub is being asked for it.
   * It reports `answered` at once and offers as soon as it has media.
   */
  take(call: Extract<TakenCall, { via: 'room' }>): Leg;
}

/** Events of calls being placed that are kept until their leg exists. */
const KEPT_EVENTS = 100;
/** Until a signal that the hub refused for now is tried again, where it does not say when. */
const AGAIN_MS = 1_000;

export function createRooms(options: RoomsOptions): Rooms {
  const { clock } = options;
  const legs = new Map<string, RoomLeg>();
  const farewells = createFarewells(options.send, clock);
  const expecting = new Set<() => void>();
  /** Calls that the hub says this device is in, and that have no leg here. */
  const strangers = new Set<string>();
  /** Legs whose call began while the socket was away: the next snapshot may be older than they are. */
  const young = new Set<string>();
  let kept: { readonly callId: string; readonly tell: (leg: RoomLeg) => void }[] = [];

  const deps: RoomLegDeps = {
    send: options.send,
    farewells,
    clock,
    online: options.online,
    closed(callId) {
      legs.delete(callId);
      young.delete(callId);
    },
    signal: async (callId, envelopes): Promise<Delivery> => {
      const ack = await options.socket().signal({ callId, envelopes: [...envelopes] });
      if (!ack) return undefined;
      if (ack.ok) return 'delivered';
      if (ERROR_STATUS[ack.code] >= ERROR_STATUS.RATE_LIMITED) return ack.retryAfterMs ?? AGAIN_MS;
      return ack.code === 'CALL_ENDED' || ack.code === 'NOT_FOUND' ? 'refused' : 'delivered';
    },
    ...(options.createPeer ? { createPeer: options.createPeer } : {}),
  };

  function tell(callId: string, what: (leg: RoomLeg) => void): void {
    const leg = legs.get(callId);
    if (leg) what(leg);
    else if (expecting.size > 0 && kept.length < KEPT_EVENTS) kept.push({ callId, tell: what });
  }

  /** A call of this device without a leg: its placing is not answered yet, or nobody here could talk. */
  function meet(callId: string, isOvertaken: boolean): void {
    if (legs.has(callId) || farewells.has(callId)) return;
    if (expecting.size === 0) return void farewells.end(callId, 'left');
    strangers.add(callId);
    if (isOvertaken) for (const hurry of expecting) hurry();
  }

  function adopt(callId: string, start: RoomLegStart): RoomLeg {
    // The same call rang here a moment ago: it is no longer a question, and what it has heard is for its successor.
    const rang = start.role === 'crossed' ? legs.get(callId) : undefined;
    const early = rang?.takeEarly() ?? [];
    rang?.hearStopped('replaced');
    const leg = new RoomLeg(callId, start, deps);
    leg.hearSignals(early);
    legs.set(callId, leg);
    return leg;
  }

  function ring({ callId, from: peer, ringLeftMs: _, ...call }: RingingCall): void {
    const known = legs.get(callId);
    if (known?.rang) known.hearAloud(call.aloud);
    if (known || farewells.has(callId)) return;
    options.incoming({ ...call, callId, peer, leg: adopt(callId, { role: 'callee' }) });
  }

  /** The leg of a call that the hub has just told this device to be in, with what it said of it meanwhile. */
  function begin(callId: string, start: RoomLegStart): RoomLeg {
    const leg = adopt(callId, start);
    if (!options.socket().ready) young.add(callId);
    for (const event of kept.filter((event) => event.callId === callId)) event.tell(leg);
    kept = kept.filter((event) => event.callId !== callId);
    return leg;
  }

  return {
    farewells,
    wire(socket) {
      socket.on('call:ringing', ring);
      socket.on('call:stopped', ({ callId, reason }) => tell(callId, (leg) => leg.hearStopped(reason)));
      socket.on('call:accepted', ({ callId, peer }) => {
        tell(callId, (leg) => leg.hearAccepted(peer));
        meet(callId, true);
      });
      socket.on('call:ended', ({ callId, reason, message }) =>
        tell(callId, (leg) => leg.hearEnded(reason, message)),
      );
      socket.on('room:signal', ({ callId, envelopes }) => tell(callId, (leg) => leg.hearSignals(envelopes)));
      socket.on('room:moved', ({ callId }) => tell(callId, (leg) => leg.hearMoved()));
      socket.on('call:aloud', ({ callId, aloud }) => tell(callId, (leg) => leg.hearAloud(aloud)));
      socket.on('room:peer', ({ callId, connected }) => {
        // Its going shows in the media, if it takes them along.
        if (connected) legs.get(callId)?.resend();
      });
    },
    snapshot({ ringing: rings, rooms }) {
      farewells.hurry();
      const known = new Set([...rings, ...rooms].map(({ callId }) => callId));
      for (const leg of [...legs.values()]) {
        if (known.has(leg.callId) || leg.state === 'accepting') continue;
        // The hub may have made this snapshot before the call; if it is over, the hub refuses its signals.
        if (young.delete(leg.callId)) leg.resend();
        // It ended while nobody could tell us how.
        else leg.hearEnded(leg.rang ? 'cancelled' : 'hangup');
      }
      for (const call of rings) ring(call);
      for (const { callId, peer, role, state } of rooms) {
        const isCaller = role === 'caller';
        young.delete(callId);
        if (isCaller && state === 'active') tell(callId, (leg) => leg.hearAccepted(peer));
        legs.get(callId)?.resend();
        // Left over from a page that is gone, or still being placed by this one.
        meet(callId, isCaller);
      }
    },
    expect(hurry) {
      expecting.add(hurry);
      return () => {
        if (!expecting.delete(hurry) || expecting.size > 0) return;
        kept = [];
        // The hub made calls of ours and could not tell us: nobody may be left alone in them.
        for (const callId of strangers) meet(callId, false);
        strangers.clear();
      };
    },
    placed(call) {
      const { callId, iceServers, signals } = call;
      const isOurs = call.state === 'ringing';
      return begin(
        callId,
        isOurs ? { role: 'caller', iceServers } : { role: 'crossed', iceServers, signals },
      );
    },
    take: ({ callId, iceServers, peer }) => begin(callId, { role: 'taken', iceServers, peer }),
  };
}
