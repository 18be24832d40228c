// Carries out what `place.ts` decided: the record is stored, the callee's devices ring or the caller is told what to
// dial, and the call that this one replaces ends (C14).
import { limits, type Refusal, refuse } from '@ringtag/server/protocol';
import type { Caller } from '../auth/authenticate.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Ids } from '../platform/ids.ts';
import type { Answers, Placed } from './answer.ts';
import type { CallRecord } from './call.ts';
import type { KeptPlace } from './capacity.ts';
import type { Conductor, ConductorOptions } from './conduct.ts';
import { deviceOf } from './device.ts';
import { type LiveCall, type Parties, peerOf } from './live.ts';
import type { PlaceOrder } from './place.ts';
import type { PbxReach } from './ports.ts';
import type { PlaceRefusal } from './request.ts';
import type { Claim } from './transfer.ts';

export interface PlacingOptions extends ConductorOptions {
  readonly ids: Ids;
  readonly conductor: Conductor;
  readonly answers: Answers;
  readonly pbxReach: PbxReach;
}

/** One request on its way. */
export interface Attempt {
  readonly caller: Caller;
  readonly order: PlaceOrder;
  /** The place kept on the caller's device. */
  readonly kept: KeptPlace;
  /** The call that ends once this one is placed. */
  readonly replaced: LiveCall | undefined;
  /** The transfer order that this call carries out. */
  readonly claim: Claim | undefined;
}

export interface RoomTarget {
  readonly callee: PersonRecord;
  readonly isRetry?: boolean;
}

/** What to dial, and whom that calls: a person, or only a number. */
export type DialTarget =
  | { readonly dial: string; readonly callee: PersonRecord }
  | { readonly dial: string; readonly number: string };

type Result = Promise<Placed | PlaceRefusal>;

export interface Placing {
  ringRoom(attempt: Attempt, to: RoomTarget): Result;
  dialOut(attempt: Attempt, to: DialTarget): Result;
  /** C8: the one who is called was calling at the same moment. */
  acceptCrossing(attempt: Attempt, crossing: LiveCall): Result;
}

/** A crossing call that ended in the very moment it was to be accepted is no reason not to call. */
export function hasJustEnded({ code }: Refusal): boolean {
  return code === 'CALL_ENDED' || code === 'CALL_EXPIRED';
}

export function createPlacing(options: PlacingOptions): Placing {
  const { clock, ids, connections, live, pbxReach, conductor, answers } = options;

  async function ringRoom(attempt: Attempt, to: RoomTarget): Result {
    const { caller, replaced, claim } = attempt;
    const { callee } = to;
    // Two ringing rooms between the same two people cannot be: the old one goes first.
    if (replaced?.record.calleeId === callee.id) await endReplaced(attempt);
    const joined = claim?.joined?.via === 'room' ? claim.joined : undefined;
    const record: CallRecord = {
      ...newRecord(attempt),
      ...{ via: 'room', state: 'ringing', calleeId: callee.id },
      ...(joined === undefined ? {} : { ringsOnly: joined.sessionId, joins: joined.callId }),
    };
    const result = await conductor.create(record, partiesOf(attempt, callee));
    if (result.kind === 'created') return finish(attempt, result.call);
    if (result.kind === 'repeated') return answerStored(caller, result.call);
    const other = await conductor.find(result.call.id);
    if (other?.record.callerId !== callee.id) {
      // The same person's earlier call: in its place where the device that made it is gone (C17).
      const isOrphan = other !== undefined && !connections.isConnected(other.record.callerSessionId);
      if (!isOrphan || to.isRetry) return refuse('ALREADY_IN_CALL', { state: 'ringing' });
      const by = { sessionId: other.record.callerSessionId, personId: other.record.callerId };
      await conductor.apply(other, { kind: 'end', by, reason: 'left' });
      return ringRoom(attempt, { ...to, isRetry: true });
    }
    const accepted = await acceptCrossing(attempt, other);
    if (accepted.ok || to.isRetry || !hasJustEnded(accepted)) return accepted;
    await conductor.apply(other, { kind: 'ring-timeout' });
    return ringRoom(attempt, { ...to, isRetry: true });
  }

  async function dialOut(attempt: Attempt, to: DialTarget): Result {
    const { caller, claim } = attempt;
    await endEarlierDialled(attempt);
    const callee = 'callee' in to ? to.callee : undefined;
    const calleeId = callee === undefined ? {} : { calleeId: callee.id };
    const record: CallRecord = {
      ...newRecord(attempt),
      ...{ via: 'pbx', state: 'placed', dial: to.dial, ...calleeId },
    };
    const dialog = claim?.joined?.via === 'pbx' ? { replaces: claim.joined.dialog } : {};
    const parties = { ...partiesOf(attempt, 'number' in to ? to.number : to.callee), ...dialog };
    const result = await conductor.create(record, parties);
    return result.kind === 'created' ? finish(attempt, result.call) : answerStored(caller, result.call);
  }

  async function acceptCrossing(attempt: Attempt, crossing: LiveCall): Result {
    const { caller, order, kept, claim } = attempt;
    kept.callId = crossing.record.id;
    claim?.callIs(crossing.record.id);
    const accepted = await conductor.accept(crossing, deviceOf(caller));
    if (!accepted.ok) return accepted;
    live.rememberRequest(caller.person.id, order.requestId, crossing);
    return answers.placed(crossing, caller.session.id);
  }

  async function finish(attempt: Attempt, call: LiveCall): Result {
    const { caller, order } = attempt;
    live.rememberRequest(caller.person.id, order.requestId, call);
    return (await endReplaced(attempt, call)) ?? answers.placed(call, caller.session.id);
  }

  /** A device that is in no telephone call any more, and yet its last one was never said to be over. */
  async function endEarlierDialled({ caller, order, replaced }: Attempt): Promise<void> {
    const by = deviceOf(caller);
    if (pbxReach.callsOf(by.sessionId) > 0) return;
    const earlier = live
      .ofSession(by.sessionId)
      .filter(({ record }) => record.via === 'pbx' && record.requestId !== order.requestId)
      .filter((call) => call !== replaced);
    await Promise.all(earlier.map((call) => conductor.apply(call, { kind: 'end', by, reason: 'left' })));
  }

  /** C14. If the old call was answered in this very moment it goes on, and the new one is undone. */
  async function endReplaced(
    { caller, replaced }: Attempt,
    replacing?: LiveCall,
  ): Promise<Refusal | undefined> {
    if (!replaced) return undefined;
    const by = deviceOf(caller);
    const ended = await conductor.apply(replaced, { kind: 'replace', by });
    if (ended.ok) return undefined;
    if (replacing) await conductor.apply(replacing, { kind: 'end', by, reason: 'hangup' });
    return ended;
  }

  async function answerStored(caller: Caller, record: CallRecord): Result {
    const call = await conductor.find(record.id);
    return call ? answers.placed(call, caller.session.id) : refuse('NOT_FOUND');
  }

  function newRecord({ caller, order, kept, claim }: Attempt) {
    const nowMs = clock.now();
    const id = ids.next('c');
    kept.callId = id;
    claim?.callIs(id);
    return {
      id,
      requestId: order.requestId,
      media: order.media,
      callerId: caller.person.id,
      callerSessionId: caller.session.id,
      createdAtMs: nowMs,
      ringUntilMs: nowMs + limits.RING_MS,
      lastSeenAtMs: nowMs,
      ...(claim === undefined ? {} : { transferredFrom: claim.from }),
    };
  }

  return { ringRoom, dialOut, acceptCrossing };
}

function partiesOf({ caller, claim }: Attempt, callee: PersonRecord | string): Parties {
  return {
    caller: peerOf(caller.person),
    callee: typeof callee === 'string' ? (claim?.to ?? { name: callee, number: callee }) : peerOf(callee),
    ...(claim === undefined ? {} : { transferredBy: claim.by }),
  };
}
