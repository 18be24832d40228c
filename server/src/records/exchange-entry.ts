// The record of a call at the telephone exchange: its channels become people and devices, its cause a result.
import type { CallRecord } from '../calls/call.ts';
import { sessionOf } from '../pbx/credentials.ts';
import type { ExchangeCall, ExchangeLeg } from '../pbx/exchange-call.ts';
import type { PersonRecord } from '../people/person.ts';
import { Q850, resultOfCause } from './cause.ts';
import type { CallEntry, Leg, Party, Quality, RecordResult, Side } from './record.ts';
import { linksOf, partyOf } from './room-entry.ts';
import { type RecordedVisit, visitFields, visitorOf } from './visitor.ts';

export interface ExchangeKnows {
  /** Whose endpoint it is. */
  readonly owners: ReadonlyMap<string, PersonRecord>;
  /** Whose number was dialled. */
  readonly dialled?: PersonRecord | undefined;
  /** The hub's own call, verified. */
  readonly placed?: CallRecord | undefined;
  /** A visitor's call: the visit, where it is still known. */
  readonly visit?: RecordedVisit | undefined;
  /** The measure of each leg, by its unique id. */
  readonly qualities: ReadonlyMap<string, Quality>;
}

export function entryOfExchange(call: ExchangeCall, knows: ExchangeKnows): CallEntry {
  const { linkedId, startMs, ringMs, answerMs, endMs, joinedTo } = call;
  const [callerLeg, ...rung] = call.legs;
  const answerer = earliestAnswer(rung);
  const caller = callerOf(call, callerLeg, knows);
  const callee = calleeOf(call, answerer ?? rung[0], knows);
  const passedOn = passedOnTo(rung, answerer, [caller, callee], knows);
  const legs = call.legs.map((leg) => legOf(leg, knows));
  const isVisit = call.visitId !== undefined;
  const quality = qualityOf({ callerLeg, answerer }, knows);
  return {
    kind: 'call',
    key: `pbx:${linkedId}`,
    via: 'pbx',
    ...(knows.placed === undefined ? {} : { callId: knows.placed.id, ...linksOf(knows.placed) }),
    media: 'audio',
    ...{ caller, callee, startMs, endMs, linkedId, legs },
    people: peopleOf([caller, callee, ...(isVisit && answerer ? answeredOf(legs) : legs)]),
    ...(ringMs === undefined ? {} : { ringMs }),
    ...(answerMs === undefined ? {} : { answerMs }),
    ...outcomeOf(call),
    ...(call.endedBy === undefined ? {} : { endedBy: call.endedBy === 0 ? 'caller' : 'callee' }),
    ...(knows.placed?.endReason === undefined ? {} : { endReason: knows.placed.endReason }),
    ...(call.estimated ? { estimated: true as const } : {}),
    ...(passedOn === undefined ? {} : { transferredToParty: passedOn }),
    ...(joinedTo === undefined ? {} : { transferredTo: `pbx:${joinedTo}` }),
    ...(quality.caller || quality.callee ? { quality } : {}),
    ...(call.visitId === undefined ? {} : visitFields(call.visitId, knows.visit)),
  };
}

/** Of a visitor's call that one of several has answered, the others have missed nothing. */
function answeredOf(legs: readonly Leg[]): Leg[] {
  return legs.filter(({ answerMs }) => answerMs !== undefined);
}

function outcomeOf({ answerMs, cause = 0, isCancelled, estimated }: ExchangeCall): {
  result: RecordResult;
  cause: number;
} {
  if (isCancelled) return { result: 'cancelled', cause: Q850.NORMAL_CLEARING };
  if (estimated) {
    const result = answerMs === undefined ? 'failed' : 'answered';
    return { result, cause: Q850.TEMPORARY_FAILURE };
  }
  // Asterisk has no cause of its own where a dialplan has simply ended.
  const said = cause === 0 || cause === Q850.INTERWORKING ? Q850.NORMAL_CLEARING : cause;
  return { result: answerMs === undefined ? resultOfCause(said) : 'answered', cause: said };
}

function earliestAnswer(legs: readonly ExchangeLeg[]): ExchangeLeg | undefined {
  const answered = legs.filter(({ answerMs }) => answerMs !== undefined);
  return answered.sort((a, b) => (a.answerMs ?? 0) - (b.answerMs ?? 0))[0];
}

function partyOfLeg(leg: ExchangeLeg | undefined, { owners }: ExchangeKnows): Party {
  const endpoint = leg?.endpoint;
  if (endpoint === undefined) return {};
  const device = sessionOf(endpoint);
  return { ...partyOf(owners.get(endpoint)), endpoint, ...(device === undefined ? {} : { device }) };
}

function callerOf(call: ExchangeCall, leg: ExchangeLeg | undefined, knows: ExchangeKnows): Party {
  const { callerName, callerNumber, callerAddress, visitId } = call;
  if (visitId !== undefined) return { ...visitorOf(callerName, knows.visit), ...partyOfLeg(leg, knows) };
  return {
    ...(callerName === undefined ? {} : { name: callerName }),
    ...(callerNumber === undefined ? {} : { number: callerNumber }),
    ...partyOfLeg(leg, knows),
    ...(callerAddress === undefined ? {} : { address: callerAddress }),
  };
}

function calleeOf(
  { dialled, visitId }: ExchangeCall,
  leg: ExchangeLeg | undefined,
  knows: ExchangeKnows,
): Party {
  // What visitors dial is no number.
  const number = visitId === undefined ? dialled?.replace(/^desk-/, '') : undefined;
  return {
    ...(number === undefined ? {} : { number }),
    ...partyOf(knows.dialled),
    ...partyOfLeg(leg, knows),
  };
}

/** Somebody who answered later, and is neither of the two at another device. */
function passedOnTo(
  rung: readonly ExchangeLeg[],
  answerer: ExchangeLeg | undefined,
  parties: readonly Party[],
  knows: ExchangeKnows,
): Party | undefined {
  const own = new Set(parties.map(({ personId }) => personId));
  const later = rung.filter((leg) => leg !== answerer && leg.answerMs !== undefined);
  return later
    .map((leg) => partyOfLeg(leg, knows))
    .findLast(({ personId }) => personId === undefined || !own.has(personId));
}

function legOf(leg: ExchangeLeg, { owners }: ExchangeKnows): Leg {
  const personId = owners.get(leg.endpoint ?? '')?.id;
  return { ...leg, ...(personId === undefined ? {} : { personId }) };
}

function peopleOf(parties: readonly { readonly personId?: string }[]): string[] {
  return [...new Set(parties.flatMap(({ personId }) => personId ?? []))];
}

function qualityOf(
  legs: { callerLeg: ExchangeLeg | undefined; answerer: ExchangeLeg | undefined },
  { qualities }: ExchangeKnows,
): { readonly [S in Side]?: Quality } {
  const caller = qualities.get(legs.callerLeg?.uniqueId ?? '');
  const callee = qualities.get(legs.answerer?.uniqueId ?? '');
  return { ...(caller ? { caller } : {}), ...(callee ? { callee } : {}) };
}
