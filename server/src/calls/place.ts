// `POST /api/calls`: from "call this person" to a ringing room, an accepted crossing call (C8), a number to dial, or a
// refusal. A request that was seen before becomes no second call (C1).
import {
  type CallTarget,
  limits,
  type PlaceCallRequest,
  type Refusal,
  refuse,
} from '@ringtag/server/protocol';
import type { z } from 'zod';
import type { Caller } from '../auth/authenticate.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Ids } from '../platform/ids.ts';
import type { Answers, Placed } from './answer.ts';
import type { CallRecord } from './call.ts';
import type { KeptPlace } from './capacity.ts';
import type { Conductor, ConductorOptions } from './conduct.ts';
import { type LiveCall, peerOf } from './live.ts';
import type { PbxReach } from './ports.ts';
import type { Reach } from './reach.ts';
import {
  type DialPlacement,
  decideNumber,
  decidePlacement,
  type Placement,
  type PlaceRefusal,
} from './request.ts';
import { decide } from './room.ts';

/** The request as parsed, defaults filled in. */
export type PlaceOrder = z.output<typeof PlaceCallRequest>;
export type Place = (caller: Caller, order: PlaceOrder) => Promise<Placed | PlaceRefusal>;

export interface PlaceOptions extends ConductorOptions {
  readonly ids: Ids;
  readonly conductor: Conductor;
  readonly reach: Reach;
  readonly answers: Answers;
  readonly pbxReach: PbxReach;
}

type Target =
  | { readonly ok: true; readonly person: PersonRecord }
  | { readonly ok: true; readonly number: string };

interface RoomTarget {
  readonly callee: PersonRecord;
  readonly kept: KeptPlace;
  readonly replaced: LiveCall | undefined;
  readonly isRetry?: boolean;
}

interface DialTarget {
  readonly dial: DialPlacement;
  readonly callee?: PersonRecord;
  readonly number?: string;
  readonly kept: KeptPlace;
  readonly replaced: LiveCall | undefined;
}

/** A crossing call that ended in the very moment it was to be accepted is no reason not to call. */
function hasJustEnded({ code }: Refusal): boolean {
  return code === 'CALL_ENDED' || code === 'CALL_EXPIRED';
}

export function createPlace(options: PlaceOptions): Place {
  const { storage, clock, ids, connections, live, pbxReach, conductor, reach, answers, capacity } = options;
  const underWay = new Map<string, Promise<Placed | PlaceRefusal>>();

  async function placeWhereRoom(caller: Caller, order: PlaceOrder): Promise<Placed | PlaceRefusal> {
    const replaced = await findReplaced(caller, order.replaces);
    if (replaced && 'code' in replaced) return replaced;
    const kept = capacity.keep(caller.session.id, { without: replaced?.record.id });
    if (!kept) return refuse('TOO_MANY_CALLS');
    try {
      return await placeKept(caller, order, { kept, replaced });
    } finally {
      kept.release();
    }
  }

  async function placeKept(
    caller: Caller,
    order: PlaceOrder,
    { kept, replaced }: { kept: KeptPlace; replaced: LiveCall | undefined },
  ): Promise<Placed | PlaceRefusal> {
    const target = await findTarget(order.to);
    if (!target.ok) return target;
    if ('number' in target) {
      const dial = decideNumber(target.number, pbxReach.available);
      return dial.ok ? dialOut(caller, order, { dial, number: target.number, kept, replaced }) : dial;
    }
    const callee = target.person;
    if (callee.id === caller.person.id) return refuse('SELF_CALL');
    const crossing = order.way === 'auto' ? findCrossing(caller, callee) : undefined;
    if (crossing) {
      const accepted = await acceptCrossing(caller, order, { crossing, kept });
      if (accepted.ok || !hasJustEnded(accepted)) return accepted;
    }
    const placement = await choose(callee, order.way);
    if (!placement.ok) return placement;
    if (!connections.isConnected(caller.session.id)) return refuse('NOT_CONNECTED');
    if (placement.via === 'pbx') return dialOut(caller, order, { dial: placement, callee, kept, replaced });
    return ringRoom(caller, order, { callee, kept, replaced });
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
    const free = devices.filter((sessionId) => capacity.hasRoom(sessionId)).length;
    const ways = way === 'auto' && free > 0 ? [] : await reach(callee);
    const pbxAvailable = pbxReach.available;
    return decidePlacement({ callee, way, connected: devices.length, free, ways, pbxAvailable });
  }

  async function ringRoom(caller: Caller, order: PlaceOrder, to: RoomTarget): Promise<Placed | PlaceRefusal> {
    const { callee, kept, replaced } = to;
    // Two ringing rooms between the same two people cannot be: the old one goes first.
    if (replaced?.record.calleeId === callee.id) await endReplaced(caller, replaced);
    const fresh = newRecord(caller, order);
    kept.callId = fresh.id;
    const record: CallRecord = { ...fresh, via: 'room', state: 'ringing', calleeId: callee.id };
    const result = await conductor.create(record, peerOf(caller.person), peerOf(callee));
    if (result.kind === 'created') return finish(caller, order, { call: result.call, replaced });
    if (result.kind === 'repeated') return answerStored(caller, result.call);
    const other = await conductor.find(result.call.id);
    if (other?.record.callerId !== callee.id) {
      // The same person's earlier call: in its place where the device that made it is gone (C17).
      const isOrphan = other !== undefined && !connections.isConnected(other.record.callerSessionId);
      if (!isOrphan || to.isRetry) return refuse('ALREADY_IN_CALL', { state: 'ringing' });
      const by = { sessionId: other.record.callerSessionId, personId: other.record.callerId };
      await conductor.apply(other, { kind: 'end', by, reason: 'left' });
      return ringRoom(caller, order, { ...to, isRetry: true });
    }
    const accepted = await acceptCrossing(caller, order, { crossing: other, kept });
    if (accepted.ok || to.isRetry || !hasJustEnded(accepted)) return accepted;
    await conductor.apply(other, { kind: 'ring-timeout' });
    return ringRoom(caller, order, { ...to, isRetry: true });
  }

  async function dialOut(caller: Caller, order: PlaceOrder, to: DialTarget): Promise<Placed | PlaceRefusal> {
    const { callee, number = '', dial, kept, replaced } = to;
    await endEarlierDialled(caller, order, replaced);
    const fresh = newRecord(caller, order);
    kept.callId = fresh.id;
    const calleeId = callee === undefined ? {} : { calleeId: callee.id };
    const record: CallRecord = { ...fresh, via: 'pbx', state: 'placed', dial: dial.dial, ...calleeId };
    const peer = callee ? peerOf(callee) : { name: number, number };
    const result = await conductor.create(record, peerOf(caller.person), peer);
    if (result.kind !== 'created') return answerStored(caller, result.call);
    return finish(caller, order, { call: result.call, replaced });
  }

  async function finish(
    caller: Caller,
    order: PlaceOrder,
    { call, replaced }: { call: LiveCall; replaced: LiveCall | undefined },
  ): Promise<Placed | PlaceRefusal> {
    live.rememberRequest(caller.person.id, order.requestId, call);
    return (await endReplaced(caller, replaced, call)) ?? answers.placed(call, caller.session.id);
  }

  /** A device that is in no telephone call any more, and yet its last one was never said to be over. */
  async function endEarlierDialled(
    caller: Caller,
    { requestId }: PlaceOrder,
    replaced: LiveCall | undefined,
  ): Promise<void> {
    const by = deviceOf(caller);
    if (pbxReach.callsOf(by.sessionId) > 0) return;
    const earlier = live
      .ofSession(by.sessionId)
      .filter(
        (call) => call.record.via === 'pbx' && call.record.requestId !== requestId && call !== replaced,
      );
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
    { crossing, kept }: { crossing: LiveCall; kept: KeptPlace },
  ): Promise<Placed | PlaceRefusal> {
    kept.callId = crossing.record.id;
    const accepted = await conductor.accept(crossing, deviceOf(caller));
    if (!accepted.ok) return accepted;
    live.rememberRequest(caller.person.id, order.requestId, crossing);
    return answers.placed(crossing, caller.session.id);
  }

  async function answerStored(caller: Caller, record: CallRecord): Promise<Placed | PlaceRefusal> {
    const call = await conductor.find(record.id);
    return call ? answers.placed(call, caller.session.id) : refuse('NOT_FOUND');
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
    if (known) return answers.placed(known, caller.session.id);
    const key = `${caller.person.id} ${order.requestId}`;
    const running = underWay.get(key);
    if (running !== undefined) return running;
    if (!connections.isConnected(caller.session.id)) return refuse('NOT_CONNECTED');
    const placing = placeWhereRoom(caller, order).finally(() => underWay.delete(key));
    underWay.set(key, placing);
    return placing;
  };
}

function deviceOf({ session, person }: Caller) {
  return { sessionId: session.id, personId: person.id };
}
