// What a visitor is told of the visit: the snapshot, offers, and messages as they go on the wire. Durations only.
import type {
  Destination,
  GuestAccount,
  Offers,
  VisitEnd,
  VisitEvent,
  VisitMessage,
} from '@ringtag/server/protocol';
import { languageOf, offersOf } from './destination-card.ts';
import type { Destinations } from './ports.ts';
import type { KeptMessage, VisitRecord } from './visit.ts';

export interface Place {
  readonly ahead: number;
  readonly waitMs?: number;
}

export interface SnapshotParts {
  readonly record: VisitRecord;
  readonly destination: Destination | undefined;
  readonly offers: Offers;
  readonly nowMs: number;
  readonly place?: Place;
  readonly account?: GuestAccount;
  readonly isUnanswered: boolean;
  readonly isHeld: boolean;
}

export function snapshotOf(parts: SnapshotParts): Extract<VisitEvent, { type: 'snapshot' }> {
  const { record, destination, offers, nowMs, place, account } = parts;
  const { stage, agent } = record;
  return {
    type: 'snapshot',
    state: stage.state,
    intent: record.intent,
    destination: { id: record.destinationId, name: labelFor(record, destination) },
    ...(stage.state === 'waiting' ? place : {}),
    ...(stage.state === 'ready' && account ? { account } : {}),
    ...(agent ? { agent: agent.name } : {}),
    messages: record.messages.map((message) => toMessage(message, nowMs)),
    ...(stage.state === 'ended' ? { end: stage.end } : {}),
    offers,
    ...(stage.state === 'talking' ? { endsInMs: Math.max(0, stage.untilMs - nowMs) } : {}),
    ...(stage.state === 'talking' && parts.isHeld ? { held: true } : {}),
    ...(parts.isUnanswered ? { unanswered: true } : {}),
  };
}

export function toMessage({ id, from, name, text, atMs }: KeptMessage, nowMs: number): VisitMessage {
  return { id, from, ...(name === undefined ? {} : { name }), text, agoMs: Math.max(0, nowMs - atMs) };
}

/** The operator's label in the visitor's language. */
export function labelFor(
  { context, destinationId }: VisitRecord,
  destination: Destination | undefined,
): string {
  if (!destination) return destinationId;
  const language = languageOf(Object.keys(destination.texts), context.language);
  return destination.texts[language]?.label ?? destination.id;
}

/** The operator's name for it, or its label in its first language: for people who answer, and their telephones. */
export function nameOf(destination: Destination | undefined, id: string): string {
  return destination?.name ?? Object.values(destination?.texts ?? {})[0]?.label ?? id;
}

/** What is left after this end, or (without one) beside what goes on. */
export function offersAfter(
  destinations: Pick<Destinations, 'opening'>,
  { destination, end, nowMs }: { destination: Destination | undefined; end?: VisitEnd; nowMs: number },
): Offers {
  if (!destination) return { chat: false, message: false, voice: false, callback: false };
  if (end === 'closed' || !destinations.opening(destination, nowMs).isOpen)
    return offersOf(destination, 'closed');
  return offersOf(destination, end === 'busy' ? 'busy' : 'unanswered');
}
