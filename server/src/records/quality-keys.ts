// Under which names measures wait for the record of their call.
import type { Side } from './record.ts';

/** One side of a call that the hub placed. */
export function qualityKey(callId: string, side: Side): string {
  return `call:${callId}:${side}`;
}

/** A device's leg of a telephone call, where the hub has not placed it. */
export function legQualityKey(sipCallId: string, sessionId: string): string {
  return `sip:${sipCallId}:${sessionId}`;
}
