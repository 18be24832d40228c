// Under which names measures wait for the record of their call.
import type { Side } from './record.ts';

/** One side of a call that the hub placed. */
export function qualityKey(callId: string, side: Side): string {
  return `call:${callId}:${side}`;
}

/** A leg of a telephone call that the hub has not placed: of a device, by its session, or of a visitor, by the visit. */
export function legQualityKey(sipCallId: string, ownerId: string): string {
  return `sip:${sipCallId}:${ownerId}`;
}
