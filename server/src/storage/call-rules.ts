// What both adapters must decide alike about a call. Pure.
import type { CallRecord } from '../calls/call.ts';
import type { AcceptResult } from './port.ts';

/** The key that ringing room calls between the same two people share, whoever calls; other calls have none. */
export function ringingPair({ via, state, callerId, calleeId }: CallRecord): string | undefined {
  if (via !== 'room' || state !== 'ringing' || calleeId === undefined) return undefined;
  return JSON.stringify([callerId, calleeId].sort());
}

/** Why an accept found nothing to accept (C4, C5). */
export function refusedAccept(call: CallRecord | undefined): AcceptResult {
  if (call?.via !== 'room') return { kind: 'refused', reason: 'not-found' };
  if (call.state === 'active') return { kind: 'refused', reason: 'answered', call };
  // Still marked as ringing, or ended for that very reason: its time was over.
  const isExpired = call.state === 'ringing' || call.endReason === 'no-answer';
  return { kind: 'refused', reason: isExpired ? 'expired' : 'ended', call };
}
