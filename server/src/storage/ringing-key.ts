// The one value that two ringing room calls between the same two people would share, in either direction.
import type { CallRecord } from '../calls/call.ts';

/** The sorted pair of people while a room call rings; undefined for anything else. */
export function ringingKey(call: CallRecord): string | undefined {
  if (call.via !== 'room' || call.state !== 'ringing' || call.calleeId === undefined) return undefined;
  return JSON.stringify([call.callerId, call.calleeId].sort());
}
