// A visit, and what was left, as the people who answer see it. Durations only; of the visitor no address and no key.
import type { LeftMessage, Visit } from '@ringtag/server/protocol';
import type { Destinations } from './ports.ts';
import { destinationsOf, type VisitRecord } from './visit.ts';
import type { EarlierVisit, LeftRecord } from './visit-store.ts';
import { nameOf, toMessage } from './visit-view.ts';

export interface ViewOptions {
  readonly destinations: Pick<Destinations, 'byId'>;
  readonly nowMs: number;
}

/** `earlier`: other visits of the same visitor; those of destinations that the reader answers are shown. */
export function visitView(
  record: VisitRecord,
  {
    destinations,
    nowMs,
    earlier,
    answers,
  }: ViewOptions & { earlier: readonly EarlierVisit[]; answers: readonly string[] },
): Visit {
  const { id, stage, agent, intent, context, destinationId, messages, rating } = record;
  return {
    id,
    destination: { id: destinationId, name: nameOf(destinations.byId(destinationId), destinationId) },
    intent,
    state: stage.state,
    ...(stage.state === 'ended' ? { end: stage.end } : {}),
    context,
    ...(agent ? { agent } : {}),
    ...(rating ? { rating } : {}),
    agoMs: nowMs - record.createdAtMs,
    messages: messages.map((message) => toMessage(message, nowMs)),
    earlier: earlier
      .filter((other) => other.id !== id && other.createdAtMs <= record.createdAtMs)
      .filter((other) => destinationsOf(other).some((each) => answers.includes(each)))
      .map((other) => ({
        id: other.id,
        intent: other.intent,
        agoMs: nowMs - other.createdAtMs,
        ...(other.stage.state === 'ended' ? { end: other.stage.end } : {}),
        messages: other.messages,
      })),
  };
}

export function leftView(record: LeftRecord, { destinations, nowMs }: ViewOptions): LeftMessage {
  const { id, visitId, destinationId, kind, name, reach, text, voice, context, called } = record;
  return {
    ...{ id, visitId, kind, name, reach, text, context },
    destination: { id: destinationId, name: nameOf(destinations.byId(destinationId), destinationId) },
    ...(voice ? { voice: { lengthMs: voice.lengthMs, type: voice.type } } : {}),
    agoMs: nowMs - record.createdAtMs,
    done: record.doneAtMs !== undefined,
    ...(called
      ? { called: { personId: called.personId, name: called.name, agoMs: nowMs - called.atMs } }
      : {}),
  };
}

/** Visits that only carry what is left are shown as that, not as visits. */
export function isShown({ intent, messages }: VisitRecord): boolean {
  return intent === 'call' || intent === 'chat' || messages.length > 0;
}
