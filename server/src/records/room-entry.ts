// The record of a call as the hub itself knows it: room calls, and telephone calls that never reached the exchange.
import type { CallRecord } from '../calls/call.ts';
import type { PersonRecord } from '../people/person.ts';
import { causeOf, outcomeOfRefused, resultOf } from './cause.ts';
import type { CallEntry, Party, Quality, Side } from './record.ts';

export interface HubKnows {
  readonly people: readonly PersonRecord[];
  readonly quality: { readonly [S in Side]?: Quality };
}

/** Of a call that has ended. */
export function entryOfCall(call: CallRecord, { people, quality }: HubKnows): CallEntry {
  const { id, via, media, callerId, calleeId, createdAtMs, answeredAtMs, dial, refused } = call;
  const reason = call.endReason ?? 'lost';
  const party = (personId: string | undefined, device: string | undefined): Party => ({
    ...partyOf(people.find((person) => person.id === personId)),
    ...(personId === undefined ? {} : { personId }),
    ...(device === undefined ? {} : { device }),
  });
  const callee = party(calleeId, call.calleeSessionId);
  return {
    kind: 'call',
    key: `${via === 'room' ? 'room' : 'call'}:${id}`,
    ...{ via, media, callId: id },
    caller: party(callerId, call.callerSessionId),
    callee: calleeId === undefined && dial !== undefined ? { ...callee, number: dial } : callee,
    people: calleeId === undefined ? [callerId] : [callerId, calleeId],
    startMs: createdAtMs,
    ...(via === 'room' && refused === undefined ? { ringMs: createdAtMs } : {}),
    ...(answeredAtMs === undefined ? {} : { answerMs: answeredAtMs }),
    endMs: Math.max(call.endedAtMs ?? call.lastSeenAtMs, createdAtMs),
    result: answeredAtMs === undefined ? resultOf(reason) : 'answered',
    cause: causeOf(reason),
    ...(refused === undefined ? {} : outcomeOfRefused(refused)),
    endReason: reason,
    ...(call.endedBy === undefined ? {} : { endedBy: call.endedBy }),
    ...(call.estimated ? { estimated: true as const } : {}),
    ...linksOf(call),
    ...(quality.caller || quality.callee ? { quality } : {}),
  };
}

/** T5. */
export function linksOf({ transferredTo, transferredFrom }: CallRecord) {
  return {
    ...(transferredTo === undefined ? {} : { transferredTo }),
    ...(transferredFrom === undefined ? {} : { transferredFrom }),
  };
}

/** A person as they are called now. */
export function partyOf(person: PersonRecord | undefined): Party {
  if (!person) return {};
  const { id, name, extension } = person;
  return { personId: id, name, ...(extension === undefined ? {} : { number: extension }) };
}
