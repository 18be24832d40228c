// `POST /api/calls`: from "call this person" to a ringing room, an accepted crossing call (C8), a number to dial, or a
// refusal. A request that was seen before becomes no second call (C1).
import {
  type CallTarget,
  type IceServer,
  limits,
  type PlaceCallRequest,
  type PlacedCall,
  type Refusal,
  refuse,
} from '@ringtag/server/protocol';
import type { z } from 'zod';
import type { Caller } from '../auth/authenticate.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Ids } from '../platform/ids.ts';
import type { CallRecord } from './call.ts';
import type { Conductor, ConductorOptions } from './conduct.ts';
import { createLiveCall, type LiveCall, peerOf } from './live.ts';
import type { Reach } from './reach.ts';
import { takeHeld } from './relay.ts';
import {
  type DialPlacement,
  decideNumber,
  decidePlacement,
  type Placement,
  type PlaceRefusal,
} from './request.ts';
import { decide, refuseEnded, roleOf } from './room.ts';

/** The request as parsed, defaults filled in. */
export type PlaceOrder = z.output<typeof PlaceCallRequest>;
export type Placed = { readonly ok: true; readonly placed: PlacedCall };
export type Place = (caller: Caller, order: PlaceOrder) => Promise<Placed | PlaceRefusal>;

export interface PlaceOptions extends ConductorOptions {
  readonly ids: Ids;
  readonly conductor: Conductor;
  readonly reach: Reach;
  readonly iceServers: () => readonly IceServer[];
  /** Devices that are placing or accepting at this moment, and which call; shared with `accept`. */
  readonly reserved: Map<string, string>;
}

type Target =
  | { readonly ok: true; readonly person: PersonRecord }
  | { readonly ok: true; readonly number: string };

export function createPlace(options: PlaceOptions): Place {
  const { storage, clock, ids, connections, live, pbxReach, conductor, reach, reserved } = options;
  const underWay = new Map<string, Promise<Placed | PlaceRefusal>>();

  async function placeReserved(caller: Caller, order: PlaceOrder): Promise<Placed | PlaceRefusal> {
    const sessionId = caller.session.id;
    const replaced = await findReplaced(caller, order.replaces);
    if (replaced && 'code' in replaced) return replaced;
    if (isBusy(sessionId, replaced)) return refuse('ALREADY_IN_CALL');
    const target = await findTarget(order.to);
    if (!target.ok) return target;
    if ('number' in target) {
      const dial = decideNumber(target.number, pbxReach.available);
      return dial.ok ? dialOut(caller, order, { dial, number: target.number, replaced }) : dial;
    }
    const callee = target.person;
    if (callee.id === caller.person.id) return refuse('SELF_CALL');
    const crossing = order.way === 'auto' ? findCrossing(caller, callee) : undefined;
    if (crossing) return acceptCrossing(caller, order, crossing);
    const placement = await choose(callee, order.way);
    if (!placement.ok) return placement;
    if (!connections.isConnected(sessionId)) return refuse('NOT_CONNECTED');
    if (placement.via === 'pbx') return dialOut(caller, order, { dial: placement, callee, replaced });
    return ringRoom(caller, order, { callee, replaced });
  }

  function isBusy(sessionId: string, replaced: LiveCall | undefined): boolean {
    const room = live.roomOf(sessionId);
    return (room !== undefined && room !== replaced) || (!replaced && pbxReach.sessionInCall(sessionId));
  }

  /** The call that this one takes the place of (C14): of this device, and not yet answered. */
  async function findReplaced(caller: Caller, callId?: string): Promise<LiveCall | Refusal | undefined> {
    if (callId === undefined) return undefined;
    const call = await conductor.find(callId);
    if (!call) return refuse('NOT_FOUND');
    const decision = decide(call.record, { kind: 'replace', by: deviceOf(caller) }, clock.now());
    return decision.do === 'refuse' ? decision.refusal : call;
  }

  async function findTarget(to: CallTarget): Promise<Target | Refusal> {
    if ('personId' in to) {
      const [person] = await storage.people.byIds([to.personId]);
      return person ? { ok: true, person } : refuse('NOT_FOUND');
    }
    const [person, another] = await storage.people.byNumbers([to.number]);
    return person && !another ? { ok: true, person } : { ok: true, number: to.number };
  }

  function findCrossing(caller: Caller, callee: PersonRecord): LiveCall | undefined {
    return live.ringingFor(caller.person.id).find(({ record }) => record.callerId === callee.id);
  }

  /** Decides; where the callee may only be between two pages, waits for them as long as C10 says. */
  async function choose(callee: PersonRecord, way: PlaceOrder['way']): Promise<Placement | PlaceRefusal> {
    if (way === 'auto') await connections.untilBack(callee.id);
    const devices = connections.devicesOf(callee.id);
    const free = devices.filter((sessionId) => conductor.isFree(sessionId)).length;
    const ways = way === 'auto' && free > 0 ? [] : await reach(callee);
    const pbxAvailable = pbxReach.available;
    return decidePlacement({ callee, way, connected: devices.length, free, ways, pbxAvailable });
  }

  async function ringRoom(
    caller: Caller,
    order: PlaceOrder,
    { callee, replaced }: { callee: PersonRecord; replaced: LiveCall | undefined },
  ): Promise<Placed | PlaceRefusal> {
    // Two ringing rooms between the same two people cannot be: the old one goes first.
    if (replaced?.record.calleeId === callee.id) await endReplaced(caller, replaced);
    const result = await storage.calls.create({
      ...newRecord(caller, order),
      via: 'room',
      state: 'ringing',
      calleeId: callee.id,
    });
    if (result.kind === 'repeated') return answerStored(caller, result.call);
    if (result.kind === 'ringing') {
      const other = await conductor.find(result.call.id);
      if (other && other.record.callerId === callee.id) return acceptCrossing(caller, order, other);
      return refuse('ALREADY_IN_CALL', { state: 'ringing' });
    }
    const call = createLiveCall(result.call, peerOf(caller.person), peerOf(callee));
    live.rememberRequest(caller.person.id, order.requestId, call);
    conductor.open(call);
    return (await endReplaced(caller, replaced, call)) ?? answer(call, caller);
  }

  async function dialOut(
    caller: Caller,
    order: PlaceOrder,
    to: { dial: DialPlacement; callee?: PersonRecord; number?: string; replaced: LiveCall | undefined },
  ): Promise<Placed | PlaceRefusal> {
    const result = await storage.calls.create({
      ...newRecord(caller, order),
      via: 'pbx',
      state: 'placed',
      dial: to.dial.dial,
      ...(to.callee ? { calleeId: to.callee.id } : {}),
    });
    if (result.kind !== 'created') return answerStored(caller, result.call);
    const peer = to.callee ? peerOf(to.callee) : { name: to.number ?? '', number: to.number ?? '' };
    const call = createLiveCall(result.call, peerOf(caller.person), peer);
    live.rememberRequest(caller.person.id, order.requestId, call);
    await endEarlierDialled(caller, to.replaced);
    conductor.open(call);
    return (await endReplaced(caller, to.replaced, call)) ?? answer(call, caller);
  }

  /** A device that is in no call any more, and yet its last telephone call was never said to be over. */
  async function endEarlierDialled(caller: Caller, replaced: LiveCall | undefined): Promise<void> {
    const by = deviceOf(caller);
    const earlier = live
      .ofSession(by.sessionId)
      .filter((call) => call.record.via === 'pbx' && call !== replaced);
    await Promise.all(earlier.map((call) => conductor.apply(call, { kind: 'end', by, reason: 'left' })));
  }

  /** C14. If the old call was answered in this very moment it goes on, and the new one is undone. */
  async function endReplaced(
    caller: Caller,
    replaced: LiveCall | undefined,
    replacing?: LiveCall,
  ): Promise<Refusal | undefined> {
    if (!replaced) return undefined;
    const by = deviceOf(caller);
    const ended = await conductor.apply(replaced, { kind: 'replace', by });
    if (ended.ok) return undefined;
    if (replacing) await conductor.apply(replacing, { kind: 'end', by, reason: 'hangup' });
    return ended;
  }

  async function acceptCrossing(
    caller: Caller,
    order: PlaceOrder,
    crossing: LiveCall,
  ): Promise<Placed | PlaceRefusal> {
    const accepted = await conductor.accept(crossing, deviceOf(caller));
    if (!accepted.ok) return accepted;
    live.rememberRequest(caller.person.id, order.requestId, crossing);
    return answer(crossing, caller);
  }

  async function answerStored(caller: Caller, record: CallRecord): Promise<Placed | PlaceRefusal> {
    const call = await conductor.find(record.id);
    return call ? answer(call, caller) : refuse('NOT_FOUND');
  }

  /** The reply for this call as it is now; also the one a repeated request gets. */
  function answer(call: LiveCall, caller: Caller): Placed | PlaceRefusal {
    const { id, via, state, dial, ringUntilMs } = call.record;
    const iceServers = [...options.iceServers()];
    if (state === 'ended') return refuseEnded(call.record);
    if (via === 'pbx') {
      return { ok: true, placed: { via, callId: id, peer: call.callee, dial: dial ?? '', iceServers } };
    }
    const role = roleOf(call.record, caller.session.id);
    if (role === 'callee') {
      const signals = takeHeld(call);
      const reply = { via, callId: id, peer: call.caller, ringForMs: 0, iceServers, signals };
      return { ok: true, placed: { ...reply, state: 'accepted' } };
    }
    // A repeated request whose call was answered meanwhile: the caller missed that as well, so it is told again.
    if (state === 'active' && role === 'caller') {
      connections.send(caller.session.id, 'call:accepted', { callId: id, peer: call.callee });
    }
    const ringForMs = state === 'ringing' ? Math.max(0, ringUntilMs - clock.now()) : 0;
    const reply = { via, callId: id, peer: call.callee, ringForMs, iceServers, signals: [] };
    return { ok: true, placed: { ...reply, state: 'ringing' } };
  }

  function newRecord(caller: Caller, order: PlaceOrder) {
    const nowMs = clock.now();
    return {
      id: ids.next('c'),
      requestId: order.requestId,
      media: order.media,
      callerId: caller.person.id,
      callerSessionId: caller.session.id,
      createdAtMs: nowMs,
      ringUntilMs: nowMs + limits.RING_MS,
      lastSeenAtMs: nowMs,
    };
  }

  return async (caller, order) => {
    const known = live.byRequest(caller.person.id, order.requestId);
    if (known) return answer(known, caller);
    const key = `${caller.person.id} ${order.requestId}`;
    const running = underWay.get(key);
    if (running !== undefined) return running;
    const sessionId = caller.session.id;
    if (!connections.isConnected(sessionId)) return refuse('NOT_CONNECTED');
    if (reserved.has(sessionId)) return refuse('ALREADY_IN_CALL');
    reserved.set(sessionId, '');
    const placing = placeReserved(caller, order).finally(() => {
      reserved.delete(sessionId);
      underWay.delete(key);
    });
    underWay.set(key, placing);
    return placing;
  };
}

function deviceOf({ session, person }: Caller) {
  return { sessionId: session.id, personId: person.id };
}
