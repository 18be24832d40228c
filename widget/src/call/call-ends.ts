// How a call's end is told to its leg, and how a refusal to place one is shown on the call itself.
import type { Refused } from './errors.ts';
import type { CallEnd } from './machine.ts';

/** What the hub and the exchange hear. */
export function legReason(end: CallEnd | undefined): 'hangup' | 'left' | 'failed' {
  if (end?.reason === 'left') return 'left';
  return end?.reason === 'error' ? 'failed' : 'hangup';
}

/** A refusal as the end of the call that was asked for. */
export function refusalEnd(refusal: Refused): CallEnd {
  switch (refusal.code) {
    case 'BUSY':
      return { reason: 'busy', code: 'BUSY' };
    case 'UNREACHABLE':
      return { reason: 'unreachable', code: 'UNREACHABLE' };
    default:
      return { reason: 'error', code: refusal.code };
  }
}
