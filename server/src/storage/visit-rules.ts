// What both adapters must decide alike about a visit. Pure.
import { limits } from '@ringtag/server/protocol';
import type { KeptMessage, VisitAgent, VisitRecord } from '../public-calls/visit.ts';
import type { SayResult } from '../public-calls/visit-store.ts';

export function withMessage(visit: VisitRecord, message: KeptMessage): SayResult {
  const { messages } = visit;
  // Ids are their writers' own: a visitor cannot stand in the way of what an agent says, nor the other way round.
  if (messages.some(({ id, from }) => id === message.id && from === message.from))
    return { kind: 'known', visit };
  if (messages.length >= limits.VISIT_MESSAGES) return { kind: 'full', visit };
  if (message.from === 'visitor' && charsOf(messages) + message.text.length > limits.VISIT_CHARS)
    return { kind: 'full', visit };
  return { kind: 'said', visit: { ...visit, messages: [...messages, message] } };
}

function charsOf(messages: readonly KeptMessage[]): number {
  return messages.reduce((sum, { from, text }) => (from === 'visitor' ? sum + text.length : sum), 0);
}

export function withAgent(visit: VisitRecord, agent: VisitAgent, insteadOf?: string): VisitRecord {
  const has = visit.agent?.personId;
  return has === undefined || has === insteadOf ? { ...visit, agent } : visit;
}
