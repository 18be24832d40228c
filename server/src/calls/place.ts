// `POST /api/calls`: from "call this person" to a ringing room, an accepted crossing call (C8), a number to dial, or a
// refusal. A request that was seen before becomes no second call (C1). `placing.ts` carries out what is decided here.
import { type CallTarget, type PlaceCallRequest, type Refusal, refuse } from '@ringtag/server/protocol';
import type { z } from 'zod';
import type { Caller } from '../auth/authenticate.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Placed } from './answer.ts';
import { deviceOf } from './device.ts';
import type { LiveCall } from './live.ts';
import { type Attempt, createPlacing, hasJustEnded, type PlacingOptions } from './placing.ts';
import type { PbxReach } from './ports.ts';
import type { Reach } from './reach.ts';
import { createRefusedAttempts } from './refused-attempt.ts';
import { decideNumber, decidePlacement, type Placement, type PlaceRefusal } from './request.ts';
import { decide } from './room.ts';
import type { Transfers } from './transfer.ts';

/** The request as parsed, defaults filled in. */
export type PlaceOrder = z.output<typeof PlaceCallRequest>;
export type Place = (caller: Caller, order: PlaceOrder) => Promise<Placed | PlaceRefusal>;

export interface PlaceOptions extends PlacingOptions {
  readonly reach: Reach;
  readonly pbxReach: PbxReach;
  readonly transfers: Pick<Transfers, 'claim'>;
}

type Target =
  | { readonly ok: true; readonly person: PersonRecord }
  | { readonly ok: true; readonly number: string };

export function createPlace(options: PlaceOptions): Place {
  const { storage, clock, connections, live, pbxReach, conductor, reach, answers, capacity } = options;
  const placing = createPlacing(options);
  const refusedAttempts = createRefusedAttempts(options);
  const underWay = new Map<string, Promise<Placed | PlaceRefusal>>();

  /** T2: with a transfer order, whoever gave it hears how the placing goes. */
  async function placeOrdered(caller: Caller, order: PlaceOrder): Promise<Placed | PlaceRefusal> {
    if (order.transfer === undefined) return placeWhereRoom(caller, order);
    const claim = options.transfers.claim(order.transfer, deviceOf(caller), order.to);
    if (!claim.ok) return claim;
    try {
      const result = await placeWhereRoom(caller, order, claim);
      claim.settle(result);
      return result;
    } catch (fault) {
      claim.settle(refuse('INTERNAL'));
      throw fault;
    }
  }

  async function placeWhereRoom(
    caller: Caller,
    order: PlaceOrder,
    claim?: Attempt['claim'],
  ): Promise<Placed | PlaceRefusal> {
    const replaced = await findReplaced(caller, order.replaces);
    if (replaced && 'code' in replaced) return replaced;
    const kept = capacity.keep(caller.session.id, { without: replaced?.record.id });
    if (!kept) return refuse('TOO_MANY_CALLS');
    try {
      return await placeKept({ caller, order, kept, replaced, claim });
    } finally {
      kept.release();
    }
  }

  async function placeKept(attempt: Attempt): Promise<Placed | PlaceRefusal> {
    const { caller, order, claim } = attempt;
    const joined = claim?.joined;
    if (joined?.via === 'pbx') return joinTelephone(attempt, joined.dial);
    const target = await findTarget(order.to);
    if (!target.ok) return target;
    if ('number' in target) {
      const dial = decideNumber(target.number, pbxReach.available);
      if (!dial.ok) return refusedAttempts.keep(attempt, target, dial);
      return placing.dialOut(attempt, { dial: dial.dial, number: target.number });
    }
    const callee = target.person;
    if (callee.id === caller.person.id) return refuse('SELF_CALL');
    if (joined) return placing.ringRoom(attempt, { callee });
    const crossing = order.way === 'auto' ? findCrossing(caller, callee) : undefined;
    if (crossing) {
      const accepted = await placing.acceptCrossing(attempt, crossing);
      if (accepted.ok || !hasJustEnded(accepted)) return accepted;
    }
    const placement = await choose(callee, order.way);
    if (!placement.ok) return refusedAttempts.keep(attempt, target, placement);
    if (!connections.isConnected(caller.session.id)) return refuse('NOT_CONNECTED');
    if (placement.via === 'pbx') return placing.dialOut(attempt, { dial: placement.dial, callee });
    return placing.ringRoom(attempt, { callee });
  }

  /** T4 with a telephone call: the INVITE takes the place of a dialog, so nobody is chosen and nothing rings. */
  async function joinTelephone(attempt: Attempt, dial: string): Promise<Placed | PlaceRefusal> {
    if (!pbxReach.available) return refuse('PBX_UNAVAILABLE');
    const target = await findTarget(attempt.order.to);
    if (!target.ok) return target;
    return placing.dialOut(
      attempt,
      'person' in target ? { dial, callee: target.person } : { dial, number: target.number },
    );
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
    return live
      .ringingFor(caller.person.id)
      .find(({ record }) => record.callerId === callee.id && record.ringsOnly === undefined);
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

  return async (caller, order) => {
    const known = live.byRequest(caller.person.id, order.requestId);
    if (known) return answers.placed(known, caller.session.id);
    const refusal = refusedAttempts.earlier(caller.person.id, order.requestId);
    if (refusal) return refusal;
    const key = `${caller.person.id} ${order.requestId}`;
    const running = underWay.get(key);
    if (running !== undefined) return running;
    if (!connections.isConnected(caller.session.id)) return refuse('NOT_CONNECTED');
    const placed = placeOrdered(caller, order).finally(() => underWay.delete(key));
    underWay.set(key, placed);
    return placed;
  };
}
