// Why a telephone call ended, from what SIP and Q.850 say, in the phone's own vocabulary.
import type { ToldEnd } from '@ringtag/server/protocol';
import type { CallEnd } from '../call/machine.ts';

export interface SipEnd {
  /** JsSIP's cause. */
  readonly cause: string;
  /** The `Reason` header of the message that ended it (RFC 3326), if any. */
  readonly reason?: string;
  /** Status code of the final response, if it was one. */
  readonly status?: number;
  /** The other side or the network ended it. */
  readonly remote: boolean;
}

/** Q.850 causes that Asterisk names in `Reason: Q.850;cause=…` (RFC 6432). */
const Q850: Readonly<Record<string, CallEnd>> = {
  '1': { reason: 'unreachable', code: 'NOT_FOUND' },
  '3': { reason: 'unreachable', code: 'UNREACHABLE' },
  '17': { reason: 'busy' },
  '18': { reason: 'no-answer' },
  '19': { reason: 'no-answer' },
  '20': { reason: 'unreachable', code: 'UNREACHABLE' },
  '21': { reason: 'declined' },
};

/** How a call ended that was never answered. */
export function unansweredEnd(direction: 'in' | 'out', end: SipEnd): CallEnd {
  if (direction === 'in') {
    // RFC 3326 §2: the CANCEL of a fork that lost says "Call completed elsewhere".
    const elsewhere = /\bSIP\s*;.*cause=200\b/i.test(end.reason ?? '');
    return {
      reason: elsewhere ? 'answered-elsewhere' : end.cause === 'Canceled' ? 'cancelled' : 'no-answer',
    };
  }
  if (!end.remote) return { reason: 'error', code: FAULTS[end.cause] ?? 'PBX_UNAVAILABLE' };
  const q850 = /Q\.850\s*;.*cause=(\d+)/i.exec(end.reason ?? '')?.[1];
  const known = q850 === undefined ? undefined : Q850[q850];
  return known ?? responseEnd(end);
}

/** The end of a call that was never answered, as the hub hears it: whoever passed it on is told why it came to nothing. */
export function toldEnd({ reason }: CallEnd): ToldEnd {
  return reason === 'declined' || reason === 'busy' || reason === 'no-answer' ? reason : 'failed';
}

/** How a call ended that was answered. */
export function answeredEnd(end: SipEnd): CallEnd {
  // No sound any more, or an exchange that knows nothing of the call (RFC 3261 §12.2.1.2).
  if (end.cause === 'RTP Timeout' || end.cause === 'Dialog Error') return { reason: 'lost' };
  if (end.cause === 'Terminated') return { reason: 'hangup' };
  return { reason: 'error', code: FAULTS[end.cause] ?? 'MEDIA_FAILED' };
}

function responseEnd(end: SipEnd): CallEnd {
  switch (end.status) {
    case 486:
    case 600:
      return { reason: 'busy' };
    case 403:
    case 603:
      return { reason: 'declined' };
    case 408:
    case 480:
    case 487:
      return { reason: 'no-answer' };
    case 404:
    case 410:
    case 484:
    case 604:
      return { reason: 'unreachable', code: 'NOT_FOUND' };
    default:
      return { reason: 'error', code: FAULTS[end.cause] ?? 'PBX_UNAVAILABLE' };
  }
}

const FAULTS: Readonly<Record<string, 'MEDIA_FAILED' | 'PBX_UNAVAILABLE'>> = {
  'WebRTC Error': 'MEDIA_FAILED',
  'Incompatible SDP': 'MEDIA_FAILED',
  'Bad Media Description': 'MEDIA_FAILED',
  'Missing SDP': 'MEDIA_FAILED',
};
